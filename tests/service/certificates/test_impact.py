"""What a stolen key or a role found wrong touched: who reads it, in which window, and who is told, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.certificates import impact, warning
from portal.certificates.impact import Cause
from portal.certificates.models import Certificate, CertificateFile, CertificateWarning
from portal.certificates.states import ImpactReason
from portal.certificates.touching import Window
from portal.certificates.warning import NobodyToTell
from portal.database import db
from portal.demo import inbox
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.jobs import working
from portal.paging import Place
from portal.roles.models import Role
from portal.work import ledger
from portal.workflow import NotThere
from tests.makers.certificates import (
    Journey,
    a_journey,
    a_submitted,
    an_officer,
    chief_of,
    now_valid,
    somebody_of,
)
from tests.makers.mail import messages_to
from tests.makers.seals import a_key

pytestmark = pytest.mark.usefixtures("production")
EVER = Window(clock.now() - timedelta(days=3650), clock.now() + timedelta(days=3650))


def a_signed(journey: Journey, officer: Actor, key: str = "", at: datetime | None = None) -> int:
    """A valid certificate of that officer, sealed with that key."""
    certificate = now_valid(a_submitted(journey, somebody_of(journey.sender)), officer)
    certificate.signed_at = at or clock.now()
    if key:
        db.session.add(_file(certificate.id, key))
    db.session.commit()
    return certificate.id


def _file(certificate_id: int, key: str) -> CertificateFile:
    return CertificateFile(
        certificate_id=certificate_id, sha256=f"{certificate_id:064x}", size=1, level="B-T", stamp="stamped",
        seal_key=key, made_at=clock.now(),
    )  # fmt: skip


def the_key(environment: str = "production") -> Cause:
    """The active key of an environment, as a cause."""
    return Cause(ImpactReason.KEY_STOLEN, a_key(environment).sha256)


def the_role(person: Actor) -> Cause:
    """The role of that person, as a cause."""
    role = db.session.query(Role).filter_by(account_id=person.account_id).one()
    return Cause(ImpactReason.ROLE_WRONG, str(role.id))


def listed(cause: Cause, actor: Actor, window: Window = EVER) -> list[int]:
    """The ids on the first page."""
    return [row.certificate.id for row in impact.touched(cause, window, actor, Place()).rows]


def told() -> int:
    """Events of certificates whose parties were told."""
    return db.session.query(AuditEvent).filter_by(name="CertificateWarned").count()


def outcomes(work_id: int) -> list[str]:
    """What became of each item, as the database has it."""
    db.session.rollback()
    return [item.outcome for item in ledger.items_of(work_id).rows]


def test_a_role_touched_what_its_person_signed_for_that_office_in_the_window() -> None:
    journey, now = a_journey(), clock.now()
    wrong, other = an_officer(journey.origin), an_officer(journey.origin)
    old, young = (a_signed(journey, wrong, at=now - timedelta(days=days)) for days in (20, 10))
    a_signed(journey, other, at=now - timedelta(days=10))
    chief = chief_of(journey.origin)
    assert listed(the_role(wrong), chief) == [young, old]
    edge = now - timedelta(days=10)
    assert listed(the_role(wrong), chief, Window(edge, now)) == [young]
    assert listed(the_role(wrong), chief, Window(now - timedelta(days=20), edge)) == [old]


def test_the_office_those_above_it_and_the_commission_read_it_and_nobody_else() -> None:
    journey = a_journey()
    officer = an_officer(journey.origin)
    number, cause = a_signed(journey, officer), the_role(officer)
    for place in (journey.origin, journey.origin_centre, journey.commission):
        assert listed(cause, chief_of(place)) == [number]
    strangers = [chief_of(journey.destination), chief_of(journey.sender), somebody_of(journey.origin)]
    for stranger in (*strangers, somebody_of(journey.origin_centre), officer):
        with pytest.raises(Hidden):
            listed(cause, stranger)


def test_a_key_touched_what_it_sealed_and_each_office_reads_its_own_part() -> None:
    journey, cause = a_journey(), the_key()
    officer = an_officer(journey.origin)
    sealed = a_signed(journey, officer, cause.subject)
    a_signed(journey, officer, "f" * 64)
    for place in (journey.origin, journey.origin_centre, journey.commission):
        assert listed(cause, chief_of(place)) == [sealed]
    assert listed(cause, chief_of(journey.destination)) == []
    with pytest.raises(Refused):
        listed(cause, somebody_of(journey.commission))


def test_neither_keys_nor_roles_of_another_environment_are_there() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.commission)
    with using(Environment.TRAINING):
        elsewhere = the_role(an_officer(a_journey().origin))
    for cause in (the_key("training"), elsewhere, Cause(ImpactReason.ROLE_WRONG, "9999999999")):
        with pytest.raises(NotThere):
            listed(cause, chief)
    assert listed(the_role(officer), chief) == []


@pytest.mark.parametrize(
    "word", ["", "key-stolen", "key-stolen.12", "key-stolen." + "G" * 64, "role-wrong.", "role-wrong.-1",
             "role-wrong.\N{SUPERSCRIPT TWO}", "role-wrong." + "1" * 11, "other.1"],
)  # fmt: skip
def test_an_address_that_names_no_cause_has_none(word: str) -> None:
    assert impact.cause_in(word) is None


def test_a_cause_is_the_same_after_it_stood_in_an_address() -> None:
    for cause in (Cause(ImpactReason.KEY_STOLEN, "0a" * 32), Cause(ImpactReason.ROLE_WRONG, "12")):
        assert impact.cause_in(cause.word) == cause


def test_an_office_is_offered_those_who_signed_for_it() -> None:
    journey = a_journey()
    officer = an_officer(journey.origin)
    an_officer(journey.origin)
    a_signed(journey, officer)
    a_signed(journey, officer)
    assert [one.account_id for one in impact.holders(chief_of(journey.origin))] == [officer.account_id]
    assert impact.holders(chief_of(journey.destination)) == []


def test_the_parties_are_told_once_with_number_reason_and_what_it_means() -> None:
    journey = a_journey()
    officer, cause = an_officer(journey.origin), the_key()
    number = a_signed(journey, officer, cause.subject)
    keeper, user = chief_of(journey.receiver), somebody_of(journey.receiver)
    work = warning.begin(cause, EVER, chief_of(journey.commission)).id
    working.run_due()
    assert outcomes(work) == ["impact-told"]
    mail = mail_to(keeper)
    certificate = db.session.get_one(Certificate, number)
    path = f"/production/certificates/{number}"
    for part in (
        certificate.number,
        path,
        "reported stolen",
        "Office FR",
        "stays valid until it is cancelled",
    ):
        assert part in mail
    assert "has to be checked" in mail_to(officer)
    assert "has to be checked" not in mail_to(user)
    assert told() == 1


def mail_to(person: Actor) -> str:
    """Subjects and texts of all mails to that person."""
    email = db.session.get_one(Account, person.account_id).email
    return str([inbox.as_json(message) for message in messages_to(email)])


def test_nobody_is_told_twice_of_the_same_cause_whatever_the_window() -> None:
    journey, now = a_journey(), clock.now()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    for days in (20, 10):
        a_signed(journey, officer, at=now - timedelta(days=days))
    cause, narrow = the_role(officer), Window(now - timedelta(days=25), now - timedelta(days=15))
    for window in (narrow, EVER):
        assert warning.begin(cause, window, chief).total == 1
        working.run_due()
    with pytest.raises(NobodyToTell):
        warning.begin(cause, EVER, chief)
    assert told() == db.session.query(CertificateWarning).count() == 2


def test_who_signed_under_a_role_found_wrong_is_not_written_to() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    a_signed(journey, officer)
    warning.begin(the_role(officer), EVER, chief)
    working.run_due()
    assert "has to be checked" not in mail_to(officer)
    assert "A role under which something was done to it was found to be wrong." in mail_to(chief)


def test_of_two_who_press_at_once_one_tells_and_the_other_learns_of_it() -> None:
    journey = a_journey()
    officer = an_officer(journey.origin)
    a_signed(journey, officer)
    cause, chiefs = the_role(officer), [chief_of(journey.origin), chief_of(journey.origin_centre)]
    first, again, second = (warning.begin(cause, EVER, one).id for one in (chiefs[0], chiefs[0], chiefs[1]))
    assert first == again
    working.run_due()
    assert [outcomes(first), outcomes(second)] == [["impact-told"], ["impact-told-before"]]
    assert told() == 1


def _erased(certificate_id: int, _chief: Actor) -> None:
    db.session.get_one(Certificate, certificate_id).erased_at = clock.now()


def _no_longer_chief(_certificate_id: int, chief: Actor) -> None:
    db.session.query(Role).filter_by(account_id=chief.account_id).one().is_administrator = False


@pytest.mark.parametrize(
    ("change", "outcome"), [(_erased, "impact-ended"), (_no_longer_chief, "impact-not-yours")]
)
def test_each_certificate_is_judged_anew_when_its_turn_comes(
    change: Callable[[int, Actor], None], outcome: str
) -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    number = a_signed(journey, officer)
    work = warning.begin(the_role(officer), EVER, chief).id
    change(number, chief)
    db.session.commit()
    working.run_due()
    assert outcomes(work) == [outcome]
    assert (told(), db.session.query(CertificateWarning).count()) == (0, 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [("cancelled", "was cancelled since"), ("replaced", "was replaced by another one since")],
)
def test_of_replaced_and_cancelled_ones_somebody_may_still_hold_the_paper(state: str, words: str) -> None:
    journey, cause = a_journey(), the_key()
    keeper, chief = chief_of(journey.receiver), chief_of(journey.origin)
    over = a_signed(journey, an_officer(journey.origin), cause.subject)
    db.session.get_one(Certificate, over).state = state
    db.session.commit()
    work = warning.begin(cause, EVER, chief).id
    working.run_due()
    assert outcomes(work) == ["impact-told"]
    mail = mail_to(keeper)
    assert words in mail
    assert "stays valid" not in mail


def test_what_was_erased_after_its_date_is_listed_and_nobody_is_told() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    number = a_signed(journey, officer)
    _erased(number, chief)
    db.session.commit()
    assert listed(the_role(officer), chief) == [number]
    assert warning.to_tell(the_role(officer), EVER, chief) == 0


def test_the_page_says_whom_each_names_and_when_they_were_told() -> None:
    journey = a_journey()
    officer, chief = an_officer(journey.origin), chief_of(journey.origin)
    number, cause = a_signed(journey, officer), the_role(officer)
    named = impact.parties_of([number])[number]
    places = (journey.sender, journey.receiver, journey.origin_centre, journey.origin, journey.destination)
    assert sorted(named) == sorted(place.id for place in places)
    assert impact.told_of(cause, [number]) == {}
    warning.begin(cause, EVER, chief)
    working.run_due()
    assert set(impact.told_of(cause, [number])) == {number}
    assert impact.told_of(Cause(ImpactReason.KEY_STOLEN, "0" * 64), [number]) == {}
