"""Figures about requests, decisions and roles, limited to what an authority oversees; a few statements over indexes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    SQLColumnExpression,
    case,
    cast,
    func,
    select,
    true,
    union,
)

from portal import clock, config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.database import db
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, OperatorActivity
from portal.organisations.search import ENDED_ACTIVITIES
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import OrganisationKind

WEEKS = 12
VALIDATED = (RoleState.VALID, RoleState.SUSPENDED)
"""A role that was removed since is not counted: when it ended, the moment of its decision may have gone."""


class Age(StrEnum):
    """How long an open request has waited."""

    TWO_DAYS = "two-days"
    A_WEEK = "a-week"
    A_FORTNIGHT = "a-fortnight"
    LONGER = "longer"


UP_TO = {Age.TWO_DAYS: timedelta(days=2), Age.A_WEEK: timedelta(days=7), Age.A_FORTNIGHT: timedelta(days=14)}


@dataclass(frozen=True)
class Week:
    """The decisions of one week, which begins on that Monday."""

    monday: date
    validated: int
    rejected: int


@dataclass(frozen=True)
class Administrators:
    """Organisations that have people, by how many of them are administrators."""

    none: int
    one: int
    more: int


@dataclass(frozen=True)
class Figures:
    """Everything the page shows; the hours to a decision are None where nothing was decided."""

    waiting: dict[Age, int]
    weeks: list[Week]
    median: int | None
    ninetieth: int | None
    states: dict[RoleState, int]
    administrators: Administrators


def figures_for(actor: Actor) -> Figures:
    """The figures of what the actor's authorities oversee; the Commission's are those of the environment."""
    authorise(actor, Action.FIGURES_READ)
    own = frozenset(r.organisation_id for r in actor.roles if r.kind is OrganisationKind.AUTHORITY)
    realm = true() if actor.is_commission else Role.organisation_id.in_(_overseen_by(own))
    monday = _this_monday() - timedelta(weeks=WEEKS - 1)
    decisions = _decisions(realm, monday)
    hours = Counter[int]()
    for (_week, _rejected, hour), count in decisions.items():
        hours[hour] += count
    return Figures(
        waiting=_waiting(realm),
        weeks=_weeks(decisions, monday),
        median=_percentile(hours, 50),
        ninetieth=_percentile(hours, 90),
        states=_states(realm),
        administrators=_administrators(realm),
    )


def _overseen_by(own: frozenset[int]) -> CompoundSelect[Any]:
    """The numbers of the authorities themselves, and of every organisation below them."""
    below = AuthorityAncestor.ancestor_id.in_(own)
    living = OperatorActivity.state.not_in(ENDED_ACTIVITIES)
    supervised = ControlBodyScope.supervisor_id == AuthorityAncestor.authority_id
    return union(
        select(AuthorityAncestor.authority_id).where(below),
        select(OperatorActivity.organisation_id)
        .join(AuthorityAncestor, AuthorityAncestor.authority_id == OperatorActivity.responsible_id)
        .where(below, living),
        select(ControlBodyScope.organisation_id).join(AuthorityAncestor, supervised).where(below),
        select(OperatorActivity.organisation_id)
        .join(ControlBodyScope, ControlBodyScope.organisation_id == OperatorActivity.responsible_id)
        .join(AuthorityAncestor, supervised)
        .where(below, living),
    )


def _this_monday() -> date:
    today = clock.now().astimezone(_zone()).date()
    return today - timedelta(days=today.weekday())


def _zone() -> ZoneInfo:
    return ZoneInfo(config.current().time_zone)


def _waiting(realm: ColumnElement[bool]) -> dict[Age, int]:
    now = clock.now()
    older = [func.sum(case((Role.requested_at <= now - limit, 1), else_=0)) for limit in UP_TO.values()]
    query = select(func.count(), *older).where(Role.state == RoleState.REQUESTED, realm)
    counts = [int(number or 0) for number in db.session.execute(query).one()]
    return {age: counts[i] - (counts[i + 1] if i < len(UP_TO) else 0) for i, age in enumerate(Age)}


def _decisions(realm: ColumnElement[bool], monday: date) -> dict[tuple[int, bool, int], int]:
    """How many, by week, whether rejected, and whole hours it took: counted by the database, never row by row."""
    start = datetime.combine(monday, time.min, _zone()).astimezone(UTC)
    week = cast(_seconds(Role.decided_at) - int(start.timestamp()), Integer) / 604800
    hours = cast(_seconds(Role.decided_at) - _seconds(Role.requested_at), Integer) / 3600
    rejected = Role.state == RoleState.REJECTED
    columns = (func.floor(week).label("week"), rejected.label("rejected"), func.floor(hours).label("hours"))
    query = (
        select(*columns, func.count())
        .where(Role.decided_at >= start, Role.state.in_((*VALIDATED, RoleState.REJECTED)), realm)
        .group_by("week", "rejected", "hours")
    )
    found = db.session.execute(query)
    return {(int(week), bool(no), max(0, int(hour))): count for week, no, hour, count in found}


def _seconds(moment: Any) -> SQLColumnExpression[Any]:
    # The two databases count seconds by different names.
    if db.session.get_bind().dialect.name == "sqlite":
        return func.unixepoch(moment)
    return func.floor(func.extract("epoch", moment))


def _weeks(decisions: dict[tuple[int, bool, int], int], monday: date) -> list[Week]:
    totals = Counter[tuple[int, bool]]()
    for (week, rejected, _hours), count in decisions.items():
        totals[min(week, WEEKS - 1), rejected] += count
    return [
        Week(monday + timedelta(weeks=number), totals[number, False], totals[number, True])
        for number in range(WEEKS)
    ]


def _percentile(hours: Counter[int], percent: int) -> int | None:
    """The whole hours within which so many of a hundred were decided."""
    needed, seen = hours.total() * percent / 100, 0
    for hour in sorted(hours):
        seen += hours[hour]
        if seen >= needed:
            return hour
    return None


def _states(realm: ColumnElement[bool]) -> dict[RoleState, int]:
    query = select(Role.state, func.count()).where(realm).group_by(Role.state)
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in RoleState}


def _administrators(realm: ColumnElement[bool]) -> Administrators:
    flag = func.sum(case((Role.is_administrator, 1), else_=0)).label("number")
    each: Select[Any] = (
        select(flag).where(Role.state == RoleState.VALID, realm).group_by(Role.organisation_id)
    )
    number = each.subquery().c.number
    counted = [func.sum(case((test, 1), else_=0)) for test in (number == 0, number == 1, number > 1)]
    return Administrators(*(int(value or 0) for value in db.session.execute(select(*counted)).one()))
