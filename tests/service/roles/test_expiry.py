"""The last day of a role: set, announced, renewed, and the end, which needs no job to take the right away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.roles import expiry, queries, service
from portal.roles.changes import RoleChanged, WrongDay
from portal.roles.expiry import Limit
from portal.roles.models import Role
from portal.roles.service import Validation
from portal.roles.standing_in import today
from portal.roles.states import RoleReason, RoleState
from tests.makers.mail import mails_put_for
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_person, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")


def a_limited_role(days: int, **more: object) -> Role:
    """A role in an operator with an administrator; its last day is so many days ahead."""
    operator = an_operator()
    a_member(operator, administrator=True, email="chief@fret.example")
    person = a_person(email="robin@fret.example")
    return a_role(person, operator, valid_until=today() + timedelta(days=days), **more)  # type: ignore[arg-type]


def test_who_may_suspend_sets_the_last_day_and_takes_it_away() -> None:
    operator = an_operator()
    role, chief = a_role(a_person(), operator), acting(a_member(operator, administrator=True))
    day = today() + timedelta(days=90)
    expiry.set_limit(Limit(role.id, role.version, day), chief)
    assert role.valid_until == day
    with pytest.raises(RoleChanged):
        expiry.set_limit(Limit(role.id, 1, None), chief)
    expiry.set_limit(Limit(role.id, role.version, None), chief)
    assert role.valid_until is None


def test_nobody_limits_the_own_role_and_no_day_lies_in_the_past() -> None:
    operator = an_operator()
    own = a_person()
    role = a_role(own, operator, administrator=True)
    with pytest.raises(Refused):
        expiry.set_limit(Limit(role.id, role.version, None), acting(own))
    chief = acting(a_member(operator, administrator=True))
    for days in (-1, 4000):
        with pytest.raises(WrongDay):
            expiry.set_limit(Limit(role.id, role.version, today() + timedelta(days=days)), chief)


def test_the_right_ends_with_the_day_even_where_the_job_is_late() -> None:
    role = a_limited_role(0)
    assert len(queries.held_roles(role.account_id)) == 1
    clock.advance(timedelta(days=1))
    assert queries.held_roles(role.account_id) == ()
    assert role.state == RoleState.VALID


def test_the_job_ends_the_role_once_with_its_event_and_mail() -> None:
    role = a_limited_role(0)
    clock.advance(timedelta(days=1))
    assert expiry.run_due() == 1
    assert expiry.run_due() == 0
    db.session.refresh(role)
    assert (role.state, role.reason_code) == (RoleState.REMOVED, RoleReason.EXPIRED)
    assert queries.kind_held(role.account_id) is None
    assert mails_put_for("robin@fret.example") == ["role_expired_notice"]
    assert db.session.query(AuditEvent).filter_by(name="RoleExpired").count() == 1


def test_thirty_and_seven_days_before_the_person_and_the_administrators_are_told_once_each() -> None:
    role = a_limited_role(31)
    assert expiry.run_due() == 0
    for days in (1, 24):
        clock.advance(timedelta(days=days))
        assert expiry.run_due() == 1
        assert expiry.run_due() == 0
    assert mails_put_for("robin@fret.example") == ["role_ends_notice"] * 2
    assert mails_put_for("chief@fret.example") == ["role_of_member_ends_notice"] * 2
    db.session.refresh(role)
    assert role.warned_days == 7


def test_more_time_is_asked_for_once_and_a_new_day_answers_it() -> None:
    role = a_limited_role(10)
    person = db.session.get_one(type(a_person()), role.account_id)
    assert expiry.ask_renewal(role.id, acting(person))
    assert not expiry.ask_renewal(role.id, acting(person))
    assert mails_put_for("chief@fret.example") == ["renewal_asked_notice"]
    db.session.refresh(role)
    chief = acting(a_member(role.organisation, administrator=True))
    expiry.set_limit(Limit(role.id, role.version, today() + timedelta(days=400)), chief)
    assert role.renewal_asked_at is None
    assert expiry.run_due() == 0


def test_strangers_ask_for_nobody() -> None:
    role = a_limited_role(10)
    with pytest.raises(Hidden):
        expiry.ask_renewal(role.id, acting(a_member(an_operator(), administrator=True)))


def test_the_authority_above_hears_of_an_organisation_that_loses_its_last_administrator() -> None:
    country = a_country()
    a_member(country.local, email="officer@authority.example")
    operator = an_operator(responsible=country.local)
    a_role(a_person(), operator, administrator=True, valid_until=today())
    clock.advance(timedelta(days=1))
    expiry.run_due()
    assert mails_put_for("officer@authority.example") == ["without_administrator_notice"]


def test_the_validator_sets_the_last_day_with_the_decision() -> None:
    operator = an_operator()
    role, chief = a_request(operator), acting(a_member(operator, administrator=True))
    with pytest.raises(WrongDay):
        service.validate_role(Validation(role.id, last_day=today() - timedelta(days=1)), chief)
    service.validate_role(Validation(role.id, last_day=today()), chief)
    assert (role.state, role.valid_until) == (RoleState.VALID, today())
