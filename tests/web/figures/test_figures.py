"""Figures: charts with the same numbers in tables, limited to what the viewer's authority oversees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.organisations.models import Organisation
from portal.roles import figures
from portal.roles.figures import Age
from portal.roles.states import RoleState
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import (
    a_control_body,
    a_country,
    a_scope,
    an_activity,
    an_authority,
    an_operator,
)
from tests.makers.roles import a_member, a_person, a_role, acting
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
FIGURES = "/production/figures"


def waited(organisation: Organisation, days: int) -> None:
    """A request that has waited so long."""
    a_role(a_person(), organisation, RoleState.REQUESTED, requested_at=clock.now() - timedelta(days=days))


def decided(
    organisation: Organisation, hours: int, *, weeks: int = 0, state: RoleState = RoleState.VALID
) -> None:
    """A request that was decided so many weeks ago, after so many hours."""
    when = clock.now() - timedelta(weeks=weeks)
    a_role(a_person(), organisation, state, requested_at=when - timedelta(hours=hours), decided_at=when)


def test_waiting_requests_are_counted_by_age_within_the_own_realm() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    body = a_control_body()
    a_scope(body, supervisor=country.central)
    abroad = an_authority("Abroad", country="FR")
    for days in (0, 1, 3, 8, 20):
        waited(operator, days)
    waited(body, 20)
    waited(abroad, 20)
    local = figures.figures_for(acting(a_member(country.local)))
    assert local.waiting == {Age.TWO_DAYS: 2, Age.A_WEEK: 1, Age.A_FORTNIGHT: 1, Age.LONGER: 1}
    central = figures.figures_for(acting(a_member(country.central)))
    assert central.waiting[Age.LONGER] == 2
    commission = figures.figures_for(acting(a_member(country.commission)))
    assert commission.waiting[Age.LONGER] == 3


def test_decisions_are_counted_by_week_with_median_and_ninetieth_percentile() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        decided(operator, hours)
    decided(operator, 50, weeks=1, state=RoleState.REJECTED)
    decided(operator, 1, weeks=20)
    found = figures.figures_for(acting(a_member(country.central)))
    assert len(found.weeks) == figures.WEEKS
    assert (found.weeks[-1].validated, found.weeks[-1].rejected) == (10, 0)
    assert (found.weeks[-2].validated, found.weeks[-2].rejected) == (0, 1)
    assert sum(week.validated for week in found.weeks[:-1]) == 0
    assert (found.median, found.ninetieth) == (6, 50)


def test_nothing_decided_has_no_median() -> None:
    found = figures.figures_for(acting(a_member(a_country().local)))
    assert (found.median, found.ninetieth) == (None, None)


def test_organisations_are_counted_by_how_many_administrators_they_have() -> None:
    country = a_country()
    none, one, two = (an_operator(responsible=country.local) for _number in range(3))
    an_operator(responsible=country.local)
    a_member(none)
    a_member(one, administrator=True)
    a_member(one)
    for _number in range(2):
        a_member(two, administrator=True)
    viewer = acting(a_member(country.regional, administrator=True))
    found = figures.figures_for(viewer).administrators
    assert (found.none, found.one, found.more) == (1, 2, 1)


def test_a_role_seen_along_two_ways_is_counted_once() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    body = a_control_body()
    a_scope(body, supervisor=country.central)

    an_activity(operator, body, ("ORGANIC", "organic_exporter"))
    a_member(operator)
    viewer = acting(a_member(country.central))
    assert figures.figures_for(viewer).states[RoleState.VALID] == 2


def test_the_page_has_a_chart_with_a_name_and_a_table_for_every_figure(visitor: PageClient) -> None:
    country = a_country()
    waited(an_operator(responsible=country.local), 3)
    page = sign_in_browser(visitor, a_member(country.local)).get(FIGURES)
    charts = page.tree.xpath("//svg[@role='img']")
    assert len(charts) == len(page.tree.xpath("//table")) == 4
    assert all(chart.xpath("string(title)") for chart in charts)
    assert not page.tree.xpath("//*[@style]")


def test_operators_see_no_figures(browser_of: Callable[[], PageClient]) -> None:
    country = a_country()
    operator, body = an_operator(responsible=country.local), a_control_body()
    row = a_scope(body, supervisor=country.central)
    for person in (a_member(operator, administrator=True), a_member(body, scope=row)):
        assert sign_in_browser(browser_of(), person).get(FIGURES).status == 403
