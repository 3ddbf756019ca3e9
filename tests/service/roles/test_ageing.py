"""Requests that wait: reminded of once, then told above once, whoever runs the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs.reminding import remind
from portal.messages import outbox
from portal.messages.models import OutgoingMessage
from portal.roles import ageing
from portal.roles.models import Role
from tests.makers.organisations import Country, a_country, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.usefixtures("production")


def told() -> list[tuple[str, int | None, int]]:
    """Message, account and number of requests of all mails, by account."""
    rows = db.session.query(OutgoingMessage).order_by(OutgoingMessage.account_id, OutgoingMessage.id)
    return [(row.name, row.account_id, outbox.message_of(row).requests) for row in rows]  # type: ignore[attr-defined]


def events() -> list[str]:
    """Names of the audit events of this matter."""
    names = [row.name for row in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    return [name for name in names if name in ("RequestReminded", "RequestEscalated")]


def waiting(country: Country, days: int, **more: Any) -> Role:
    """A request for an operator of the local authority that has waited so many days."""
    asked = clock.now() - timedelta(days=days, hours=1)
    return a_request(an_operator(responsible=country.local), requested_at=asked, **more)


def test_after_five_days_each_of_those_who_may_decide_gets_one_mail_with_the_number() -> None:
    country = a_country()
    near, far = a_member(country.local), a_member(country.central)
    waiting(country, 5), waiting(country, 9), waiting(country, 4)
    assert ageing.run_due() == 2
    assert told() == [("requests_wait_notice", near.id, 2), ("requests_wait_notice", far.id, 2)]
    assert events() == ["RequestReminded", "RequestReminded"]
    assert ageing.run_due() == 0
    assert len(told()) == 2


def test_after_fifteen_days_the_authority_above_the_nearest_one_is_told_once() -> None:
    country = a_country()
    a_member(country.local)
    middle, _top = a_member(country.regional), a_member(country.central)
    role = waiting(country, 15, reminded_at=clock.now())
    assert ageing.run_due() == 1
    assert told() == [("requests_escalated_notice", middle.id, 1)]
    db.session.refresh(role)
    assert role.escalated_at is not None
    assert events() == ["RequestEscalated"]
    assert ageing.run_due() == 0


def test_above_the_administrator_of_the_organisation_stands_the_nearest_authority_with_people() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    a_member(operator, administrator=True)
    boss = a_member(country.central)
    assert ageing.superiors_of(a_request(operator)) == [boss.id]


def test_nobody_above_is_no_reason_to_try_again() -> None:
    country = a_country()
    a_member(country.central)
    waiting(country, 20)
    assert ageing.run_due() == 2
    assert [name for name, _, _ in told()] == ["requests_wait_notice"]
    assert ageing.run_due() == 0


def test_what_waits_for_the_requester_or_is_decided_is_not_told_of() -> None:
    country = a_country()
    a_member(country.local)
    waiting(country, 20, awaits_since=clock.now())
    decided = waiting(country, 20)
    decided.state = "withdrawn"
    db.session.commit()
    assert ageing.run_due() == 0
    assert told() == []


def test_one_request_that_fails_keeps_no_other_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    country = a_country()
    a_member(country.local)
    broken, whole = waiting(country, 6), waiting(country, 6)
    broken_id, whole_id = broken.id, whole.id
    deciding = ageing._deciding

    def fails(role: Role) -> list[int]:
        if role.id == broken_id:
            raise ValueError("nobody can be found")
        return deciding(role)

    monkeypatch.setattr(ageing, "_deciding", fails)
    assert ageing.run_due() == 1
    db.session.expire_all()
    assert db.session.get_one(Role, whole_id).reminded_at is not None
    assert db.session.get_one(Role, broken_id).reminded_at is None


def test_the_job_looks_in_every_environment() -> None:
    with using(Environment.TRAINING):
        country = a_country()
        a_member(country.local)
        waiting(country, 6)
    waiting(a_country(), 6)
    assert remind() == 2
    assert {row.environment for row in db.session.query(OutgoingMessage)} == {"training"}
