"""Several signatures at once: a dry run that changes nothing, each judged on its own, an officer suspended midway."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.certificates import signing
from portal.certificates.models import Certificate, NumberSeries, SigningIntent
from portal.certificates.states import IntentState
from portal.database import db
from portal.jobs import signing as worker
from portal.roles.models import Role
from portal.roles.states import RoleState
from tests.makers.certificates import an_officer
from tests.makers.signing import Office, an_office

pytestmark = pytest.mark.usefixtures("production")


def several(office: Office, count: int) -> list[int]:
    """Certificates that wait for a signature."""
    return [office.submitted().id for _each in range(count)]


def confirmed(ids: list[int], officer: Actor) -> str:
    """All of them looked at, then confirmed by one press."""
    hashes = {one: signing.to_sign(one, officer).data_hash for one in ids}
    return signing.confirm(ids, hashes, officer)


def suspend(account_id: int) -> None:
    """The person's role rests from now on."""
    db.session.query(Role).filter_by(account_id=account_id).update({"state": RoleState.SUSPENDED.value})
    db.session.commit()


def states_of(ids: list[int]) -> list[str]:
    """As the database has them."""
    rows = {row.id: row.state for row in db.session.query(Certificate).populate_existing()}
    return [rows[one] for one in ids]


def outcomes(round_key: str, officer: Actor) -> list[tuple[str, str | None]]:
    """State and reason of each of a round."""
    found = signing.progress(round_key, officer)
    assert signing.is_over(found)
    return [(one.state.value, one.failure.value if one.failure else None) for one in found]


def suspended_after(count: int, account_id: int, seal: Callable[..., object]) -> Callable[..., object]:
    """The worker's seal; after so many papers that person is suspended."""
    made = []

    def sealed(*arguments: object) -> object:
        if len(made) == count:
            db.session.rollback()
            suspend(account_id)
        made.append(1)
        return seal(*arguments)

    return sealed


def test_looking_at_several_begins_nothing() -> None:
    office = an_office()
    for one in several(office, 3):
        signing.to_sign(one, office.officer)
    assert db.session.query(SigningIntent).count() == 0
    assert db.session.query(NumberSeries).count() == 0
    assert db.session.query(AuditEvent).filter_by(name="SigningConfirmed").count() == 0


def test_of_two_officers_the_one_suspended_before_the_work_signs_nothing() -> None:
    office = an_office()
    other = an_officer(office.journey.origin)
    mine, theirs = several(office, 2), several(office, 2)
    mine_key, theirs_key = confirmed(mine, office.officer), confirmed(theirs, other)
    suspend(office.officer.account_id)
    worker.sign_due()
    assert states_of(mine) == ["submitted"] * 2
    assert states_of(theirs) == ["valid"] * 2
    assert outcomes(theirs_key, other) == [("sealed", None)] * 2
    intents = db.session.query(SigningIntent).filter_by(round_key=mine_key).all()
    assert {(one.state, one.failure) for one in intents} == {(IntentState.FAILED.value, "role")}
    numbers = [one.number for one in db.session.query(SigningIntent)]
    assert len(set(numbers)) == 4


def test_an_officer_suspended_midway_has_signed_what_was_done_and_nothing_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = an_office()
    other = an_officer(office.journey.origin)
    mine, theirs = several(office, 3), several(office, 1)
    confirmed(mine, office.officer)
    theirs_key = confirmed(theirs, other)
    account_id = office.officer.account_id
    monkeypatch.setattr(worker, "sealed_paper", suspended_after(1, account_id, worker.sealed_paper))
    worker.sign_due()
    assert states_of(mine) == ["valid", "submitted", "submitted"]
    assert states_of(theirs) == ["valid"]
    assert outcomes(theirs_key, other) == [("sealed", None)]
    events = db.session.query(AuditEvent).filter_by(name="SigningFailed")
    assert [json.loads(event.facts)["reason"] for event in events] == ["role", "role"]
    assert db.session.query(AuditEvent).filter_by(name="CertificateSigned").count() == 2
