"""What was done under a role found wrong: every act with its moment, no other role's, and who is told of which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Hidden
from portal.audit.models import AuditEvent
from portal.certificates import drafting, impact, submitting, warning
from portal.certificates.impact import Cause, Touched
from portal.certificates.models import Certificate, CertificateWarning
from portal.certificates.states import Act, CancelReason, ImpactReason, RefusalReason
from portal.certificates.touching import Window
from portal.database import db
from portal.demo import inbox
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.jobs import working
from portal.paging import Place
from portal.roles.models import Role
from portal.work import ledger
from tests.makers.certificates import (
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    an_officer,
    chief_of,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.mail import messages_to
from tests.makers.roles import a_role, acting

pytestmark = pytest.mark.usefixtures("production")
DAY = timedelta(days=1)
CHECKED = "has to be checked"


def today(act: Act | None = None) -> Window:
    """A window around this moment."""
    return Window(clock.now() - DAY, clock.now() + DAY, act)


def role_of(person: Actor, organisation: Any) -> Cause:
    """The role of that person in that organisation, as a cause."""
    own = db.session.query(Role).filter_by(account_id=person.account_id, organisation_id=organisation.id)
    return Cause(ImpactReason.ROLE_WRONG, str(own.one().id))


def found(cause: Cause, actor: Actor, window: Window | None = None) -> list[Touched]:
    """The first page."""
    return list(impact.touched(cause, window or today(), actor, Place()).rows)


def acts(row: Touched) -> dict[Act, int]:
    """What was done to it, and how often."""
    return {one.act: one.times for one in row.done}


def told(cause: Cause, chief: Actor, window: Window | None = None) -> list[str]:
    """What became of each certificate of which somebody was to be told."""
    work = warning.begin(cause, window or today(), chief).id
    working.run_due()
    db.session.rollback()
    return [item.outcome for item in ledger.items_of(work).rows]


def mail_to(person: Actor) -> str:
    """Subjects and texts of all mails to that person."""
    email = db.session.get_one(Account, person.account_id).email
    return str([inbox.as_json(message) for message in messages_to(email)])


def test_what_a_maker_did_is_listed_with_every_act_and_how_often() -> None:
    journey = a_journey()
    maker, chief = somebody_of(journey.sender), chief_of(journey.commission)
    certificate = a_draft(journey, maker)
    fill(certificate, {"I.27": "13"}, maker)
    submitting.submit(certificate.id, maker)
    submitting.take_back(certificate.id, maker)
    (row,) = found(role_of(maker, journey.sender), chief)
    assert row.certificate.id == certificate.id
    assert acts(row) == {Act.BEGUN: 1, Act.FILLED: 2, Act.SUBMITTED: 1, Act.TAKEN_BACK: 1}
    assert [one.last for one in row.done] == sorted(one.last for one in row.done)
    drafting.delete(certificate.id, maker)
    (gone,) = found(role_of(maker, journey.sender), chief)
    assert gone.is_closed
    assert acts(gone)[Act.DELETED] == 1


def _refused(number: int, officer: Actor) -> None:
    submitting.refuse(number, RefusalReason.INCOMPLETE, "", officer)


def _cancelled(number: int, officer: Actor) -> None:
    now_valid(db.session.get_one(Certificate, number), officer)
    submitting.cancel(number, CancelReason.MISTAKE, "", officer)


def _begun_anew(number: int, officer: Actor) -> None:
    drafting.copy_as_new(number, officer)


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        (lambda number, officer: submitting.open_for_certification(number, officer), {Act.OPENED}),
        (_refused, {Act.REFUSED}),
        (_cancelled, {Act.SIGNED, Act.CANCELLED}),
        (_begun_anew, {Act.BEGUN}),
    ],
)
def test_what_an_officer_did_is_listed_for_the_office(
    does: Callable[[int, Actor], None], expected: set[Act]
) -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    number = a_submitted(journey, somebody_of(journey.sender)).id
    does(number, officer)
    (row,) = found(role_of(officer, journey.origin), chief)
    assert set(acts(row)) == expected
    for act in Act:
        assert bool(found(role_of(officer, journey.origin), chief, today(act))) is (act in expected), act


def a_controlled(journey: Journey, controller: Actor) -> int:
    """A valid certificate whose Part III that person began to fill."""
    certificate = now_valid(a_submitted(journey, somebody_of(journey.sender)), an_officer(journey.origin))
    number = certificate.id
    submitting.add_control(number, "III", {"III.3": "yes"}, controller)
    return number


def test_a_control_at_destination_is_found_from_the_office_there() -> None:
    journey = a_journey()
    controller, keeper = somebody_of(journey.destination), chief_of(journey.receiver)
    number = a_controlled(journey, controller)
    cause, chief = role_of(controller, journey.destination), chief_of(journey.destination)
    (row,) = found(cause, chief)
    assert (row.certificate.id, acts(row)) == (number, {Act.CONTROLLED: 1})
    assert controller.account_id in {one.account_id for one in impact.holders(chief)}
    with pytest.raises(Hidden):
        found(cause, chief_of(journey.origin))
    assert told(cause, chief) == ["impact-told"]
    assert "Control or arrival recorded" in mail_to(keeper)
    assert CHECKED not in mail_to(controller)


def test_what_the_same_person_did_under_another_role_is_not_its() -> None:
    journey = a_journey()
    officer = an_officer(journey.origin)
    account = db.session.get_one(Account, officer.account_id)
    a_role(account, journey.origin_centre)
    held = acting(account)
    roles = tuple(role for role in held.roles if role.organisation_id == journey.origin_centre.id)
    elsewhere = replace(held, roles=roles)
    assert elsewhere.acting_as == journey.origin_centre.id
    number = a_submitted(journey, somebody_of(journey.sender)).id
    drafting.copy_as_new(number, elsewhere)
    chief = chief_of(journey.commission)
    assert found(role_of(officer, journey.origin), chief) == []
    assert len(found(role_of(officer, journey.origin_centre), chief)) == 1


def test_what_was_done_outside_the_window_or_in_another_environment_is_not_there() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    number = a_submitted(journey, somebody_of(journey.sender)).id
    submitting.open_for_certification(number, officer)
    cause, at = role_of(officer, journey.origin), _moment("CertificateOpened")
    assert len(found(cause, chief, Window(at, at + DAY))) == 1
    assert found(cause, chief, Window(at - DAY, at)) == []
    assert found(cause, chief, Window(at + timedelta(seconds=1), at + DAY)) == []
    foreign = AuditEvent(
        occurred_at=clock.now(), environment="training", name="CertificateRefused", subject_kind="certificate",
        subject_id=number, organisation_id=journey.origin.id, actor_account_id=officer.account_id,
        correlation="", facts="{}",
    )  # fmt: skip
    db.session.add(foreign)
    db.session.commit()
    assert [acts(row) for row in found(cause, chief)] == [{Act.OPENED: 1}]
    with using(Environment.TRAINING):
        assert impact.holders(chief) == []


def _moment(name: str) -> Any:
    return db.session.query(AuditEvent).filter_by(name=name).one().occurred_at


def test_a_draft_names_nobody_but_its_maker_and_is_closed_to_those_above() -> None:
    journey = a_journey()
    officer = an_officer(journey.origin)
    number = drafting.begin(journey.wish(), officer).id
    fill(db.session.get_one(Certificate, number), journey.boxes(), officer)
    cause = role_of(officer, journey.origin)
    assert impact.parties_of([number]) == {number: [journey.origin.id]}
    closed = [found(cause, chief_of(one))[0].is_closed for one in (journey.origin, journey.origin_centre)]
    assert closed == [False, True]


def test_of_a_draft_only_its_organisation_is_told() -> None:
    journey = a_journey()
    maker, own = somebody_of(journey.sender), chief_of(journey.sender)
    others = [chief_of(one) for one in (journey.origin, journey.receiver, journey.origin_centre)]
    a_draft(journey, maker)
    assert told(role_of(maker, journey.sender), chief_of(journey.commission)) == ["impact-told"]
    mail = mail_to(own)
    for part in (CHECKED, "It is a draft that Élevage Exemple began on ", "Boxes filled in"):
        assert part in mail
    assert "It was issued by" not in mail
    assert [CHECKED in mail_to(one) for one in others] == [False, False, False]


def test_of_what_was_sent_back_its_maker_and_the_office_are_told() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    own, named = chief_of(journey.sender), chief_of(journey.receiver)
    _refused(a_submitted(journey, somebody_of(journey.sender)).id, officer)
    assert told(role_of(officer, journey.origin), chief) == ["impact-told"]
    for person in (own, chief):
        assert "It was sent back and never issued." in mail_to(person)
        assert "Sent back with a reason" in mail_to(person)
    assert [CHECKED in mail_to(person) for person in (named, officer)] == [False, False]


def test_who_only_worked_on_it_is_told_first_and_all_others_once_it_was_signed_under_the_role() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    named = chief_of(journey.receiver)
    certificate = a_submitted(journey, somebody_of(journey.sender))
    number, cause = certificate.id, role_of(officer, journey.origin)
    own = f"{officer.account_id}.{journey.origin.id}"
    submitting.open_for_certification(number, officer)
    assert told(cause, chief) == ["impact-told"]
    assert warning.to_tell(cause, today(), chief) == 0
    now_valid(db.session.get_one(Certificate, number), officer)
    assert CHECKED not in mail_to(named)
    assert warning.to_tell(cause, today(), chief) == 1
    assert told(cause, chief, today(Act.OPENED)) == ["impact-told"]
    assert "Signed" in mail_to(named)
    assert warning.to_tell(cause, today(), chief) == 0
    subjects = {row.subject for row in db.session.query(CertificateWarning)}
    assert subjects == {own, f"{own}.desk"}


def test_a_draft_is_told_of_once_also_when_two_begin_at_once() -> None:
    journey = a_journey()
    maker, own = somebody_of(journey.sender), chief_of(journey.sender)
    a_draft(journey, maker)
    cause, window = role_of(maker, journey.sender), today()
    works = [warning.begin(cause, window, chief_of(journey.commission)).id for _each in range(2)]
    working.run_due()
    db.session.rollback()
    assert [item.outcome for work in works for item in ledger.items_of(work).rows] == [
        "impact-told", "impact-told-before",
    ]  # fmt: skip
    assert mail_to(own).count("a certificate has to be checked") == 1


def test_who_decides_the_role_of_an_operator_reads_what_was_done_under_it_and_no_draft() -> None:
    journey = a_journey()
    maker = somebody_of(journey.sender)
    draft, submitted = a_draft(journey, maker).id, a_submitted(journey, maker).id
    cause = role_of(maker, journey.sender)
    for place in (journey.origin, journey.origin_centre):
        closed = {row.certificate.id: row.is_closed for row in found(cause, chief_of(place))}
        assert closed == {draft: True, submitted: False}
    places = (journey.destination, journey.destination_centre, journey.sender, journey.receiver)
    for stranger in (*map(chief_of, places), somebody_of(journey.origin)):
        with pytest.raises(Hidden):
            found(cause, stranger)
