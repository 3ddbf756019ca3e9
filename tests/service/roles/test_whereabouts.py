"""Where a request is: the office, the place in its queue, its usual time, the next steps; for the requester alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.changes import NotThere
from portal.roles.states import RoleState
from portal.roles.whereabouts import own_request, whereabouts
from tests.makers.identity import a_user
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")


def decided(operator: Organisation, by: Account, hours: int, *, ago: int = 1) -> None:
    """A request that person decided after so many hours, so many days ago."""
    end = clock.now() - timedelta(days=ago)
    a_role(
        a_user(), operator, RoleState.VALID, requested_at=end - timedelta(hours=hours), decided_at=end,
        decided_by=by.id,
    )  # fmt: skip


def test_without_an_administrator_the_nearest_authority_is_the_office_and_its_queue_counts() -> None:
    country = a_country()
    operator, person = an_operator(responsible=country.local), a_user()
    old = clock.now() - timedelta(days=2)
    for _ in range(3):
        a_request(an_operator(responsible=country.local), requested_at=old)
    a_request(an_operator(responsible=country.post), requested_at=old)
    role = a_request(operator, person)
    a_request(an_operator(responsible=country.local), requested_at=clock.now() + timedelta(hours=1))

    found = whereabouts(own_request(role.id, acting(person)))
    assert [one.name for one in found.offices] == [
        "Local authority",
        "Regional authority",
        "Central authority",
    ]
    assert found.ahead == 3
    assert found.usual is None


def test_an_administrator_of_the_organisation_is_the_nearest_office() -> None:
    country = a_country()
    operator = an_operator("Fret", responsible=country.local)
    a_member(operator, administrator=True)
    a_request(an_operator(responsible=country.local), requested_at=clock.now() - timedelta(days=1))
    found = whereabouts(a_request(operator))
    assert [one.name for one in found.offices][:2] == ["Fret", "Local authority"]
    assert found.ahead == 0


def test_the_usual_time_is_the_median_of_what_the_office_decided_lately_and_said_from_five_on() -> None:
    country = a_country()
    operator, officer = an_operator(responsible=country.local), a_member(country.local)
    for hours in (1, 2, 30, 40):
        decided(operator, officer, hours)
    decided(operator, officer, 1000, ago=91)
    decided(operator, a_member(country.central), 1000)
    role = a_request(an_operator(responsible=country.local))
    assert whereabouts(role).usual is None
    decided(operator, officer, 10)
    assert whereabouts(role).usual == timedelta(hours=10)


def test_the_next_steps_are_said_while_they_lie_ahead(settings: Callable[..., Any]) -> None:
    settings(reminder_days=3, escalation_days=7)
    asked = clock.now() - timedelta(days=4)
    role = a_request(an_operator(), requested_at=asked)
    found = whereabouts(role)
    assert (found.reminder_at, found.escalation_at) == (asked + timedelta(days=3), asked + timedelta(days=7))
    role.reminded_at = clock.now()
    assert whereabouts(role).reminder_at is None
    role.awaits_since = clock.now()
    assert whereabouts(role).escalation_at is None


def test_nobody_else_follows_a_request_not_even_who_decides_it() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local))
    for other in (a_user(), a_member(country.local)):
        with pytest.raises(NotThere):
            own_request(role.id, acting(other))
