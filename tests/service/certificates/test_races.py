"""Two people at the same moment: one counts, the other is told, and nothing is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from flask import Flask

from portal.audit.models import AuditEvent
from portal.certificates import drafting, filling, submitting
from portal.certificates.changing import CertificateMoved, held
from portal.certificates.drafting import BeingReplaced
from portal.certificates.filling import BoxesChanged
from portal.certificates.models import Certificate
from portal.certificates.states import CancelReason, RefusalReason
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from tests.makers.certificates import a_draft, a_journey, a_submitted, an_officer, now_valid, somebody_of

ROUNDS = 5


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """What each act answered, or the exception it ended with; they begin together."""
    answers: list[object] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context(), using(Environment.PRODUCTION):
            writes_ahead.set(True)
            ready.wait()
            try:
                answers[place] = act()
            except Exception as error:
                answers[place] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    db.session.expire_all()
    return answers


def losers(answers: list[object], kind: type[Exception]) -> int:
    """How many came too late; anything else that went wrong is a failure."""
    wrong = [one for one in answers if isinstance(one, Exception) and not isinstance(one, kind)]
    assert not wrong
    return sum(isinstance(one, kind) for one in answers)


def test_it_is_opened_or_taken_back_and_never_both(app: Flask, production: Environment) -> None:
    journey = a_journey()
    maker, official = somebody_of(journey.sender), somebody_of(journey.origin)
    for _round in range(ROUNDS):
        number = a_submitted(journey, maker).id
        db.session.rollback()
        answers = at_once(
            app,
            partial(submitting.take_back, number, maker),
            partial(submitting.open_for_certification, number, official),
        )
        states = {db.session.get_one(Certificate, number, populate_existing=True).state}
        # Whoever takes back a draft leaves nothing that its certifier could even see.
        taken = not isinstance(answers[0], Exception)
        assert states == ({"draft"} if taken else {"in_progress"})
        assert isinstance(answers[1], Exception) is taken
        db.session.rollback()


def test_of_several_who_submit_at_once_one_declares(app: Flask, production: Environment) -> None:
    journey = a_journey()
    people = [somebody_of(journey.sender) for _person in range(4)]
    number = a_draft(journey, people[0]).id
    db.session.rollback()
    answers = at_once(app, *(partial(submitting.submit, number, one) for one in people))
    assert losers(answers, CertificateMoved) == 3
    assert db.session.query(AuditEvent).filter_by(name="CertificateSubmitted").count() == 1


def test_of_two_decisions_about_one_certificate_one_counts(app: Flask, production: Environment) -> None:
    journey = a_journey()
    officer, superior = an_officer(journey.origin), somebody_of(journey.origin_centre)
    number = now_valid(a_submitted(journey, somebody_of(journey.sender)), officer).id
    db.session.rollback()
    answers = at_once(
        app,
        lambda: submitting.cancel(number, CancelReason.MISTAKE, "", officer),
        lambda: submitting.cancel(number, CancelReason.FRAUD, "", superior),
    )
    assert losers(answers, CertificateMoved) == 1
    assert db.session.query(AuditEvent).filter_by(name="CertificateCancelled").count() == 1


def test_a_box_filled_in_two_tabs_at_once_keeps_what_came_first(app: Flask, production: Environment) -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    number, versions = certificate.id, filling.versions_of(certificate)
    db.session.rollback()
    answers = at_once(
        app,
        *(
            partial(drafting.save_boxes, number, {"I.8": word, f"I.{at}": "x"}, versions, actor)
            for at, word in enumerate(("Ain", "Rhône", "Isère"), 21)
        ),
    )
    assert losers(answers, BoxesChanged) == 2
    values = filling.values_of(held(number))
    first = next(at for at, answer in enumerate(answers) if not isinstance(answer, Exception))
    assert values["I.8"] == ("Ain", "Rhône", "Isère")[first]
    assert [f"I.{at}" for at in range(21, 24) if f"I.{at}" in values] == [f"I.{21 + first}"]


def test_two_replacements_at_once_are_one(app: Flask, production: Environment) -> None:
    journey = a_journey()
    officers = [an_officer(journey.origin) for _person in range(3)]
    number = now_valid(a_submitted(journey, somebody_of(journey.sender)), officers[0]).id
    db.session.rollback()
    answers = at_once(app, *(partial(drafting.copy_as_replacement, number, one) for one in officers))
    assert losers(answers, BeingReplaced) == 2
    assert db.session.query(Certificate).filter_by(replaces_id=number).count() == 1


def test_a_refusal_and_an_opening_at_once_end_in_the_refusal(app: Flask, production: Environment) -> None:
    journey = a_journey()
    officials = [somebody_of(journey.origin) for _person in range(2)]
    number = a_submitted(journey, somebody_of(journey.sender)).id
    db.session.rollback()
    answers = at_once(
        app,
        lambda: submitting.open_for_certification(number, officials[0]),
        lambda: submitting.refuse(number, RefusalReason.OTHER, "x", officials[1]),
    )
    assert losers(answers[1:], CertificateMoved) == 0
    assert losers(answers[:1], CertificateMoved) in (0, 1)
    assert db.session.get_one(Certificate, number).state == "rejected"
