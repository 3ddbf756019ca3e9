"""The queue of a validator: what waits for this person, oldest first, narrowed by filters that are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.identity.models import Account
from portal.organisations.folding import folded
from portal.organisations.models import ControlBodyScope, Organisation
from portal.paging import Page, Place, read_page
from portal.roles.deciders import is_decided_by
from portal.roles.models import Role
from portal.roles.queries import WITH_ORGANISATION
from portal.roles.states import RoleState


class Step(StrEnum):
    """Whose turn it is: the validator's, the requester's who was asked something, or late and told to the superior."""

    DECIDE = "decide"
    ASKED = "asked"
    ESCALATED = "escalated"


class Age(StrEnum):
    """How long a request waits at least."""

    ANY = "any"
    TWO_DAYS = "two-days"
    A_WEEK = "a-week"
    A_FORTNIGHT = "a-fortnight"


AGES = {
    Age.ANY: timedelta(0),
    Age.TWO_DAYS: timedelta(days=2),
    Age.A_WEEK: timedelta(days=7),
    Age.A_FORTNIGHT: timedelta(days=14),
}


MANY = 100
"""From so many on the menu says only that there are more than it can show."""


@dataclass(frozen=True)
class Filter:
    """What is shown of the queue; an empty text or code means all."""

    step: Step = Step.DECIDE
    kind: str = ""
    country: str = ""
    age: Age = Age.ANY
    text: str = ""


@dataclass(frozen=True)
class Counts:
    """How many requests each choice would show, the other filters staying as they are."""

    steps: dict[Step, int]
    kinds: Counter[str]
    countries: Counter[str]
    ages: dict[Age, int]


Shown, Scope, Person = aliased(Organisation), aliased(ControlBodyScope), aliased(Account)
COUNTRY: ColumnElement[str] = func.coalesce(Scope.country, Shown.country)


def waiting_for(actor: Actor) -> list[ColumnElement[bool]]:
    """The open requests this person may decide, as criteria; the rule in access says the same."""
    own = Role.organisation_id.in_(actor.organisations_decided)
    waiting = Role.state == RoleState.REQUESTED
    return [waiting, Role.account_id != actor.account_id, or_(own, is_decided_by(actor.authorities_decided))]


def queue_for(actor: Actor, wanted: Filter = Filter(), place: Place = Place()) -> Page[Role]:  # noqa: B008 - frozen
    """Requests that wait for this person's decision, oldest first; never one's own."""
    return read_page(_narrowed(actor, wanted).options(*WITH_ORGANISATION), Role.requested_at, Role.id, place)


def ids_for(actor: Actor, wanted: Filter, up_to: int, at_most: int) -> list[int]:
    """The numbers of the requests a filter shows, oldest first; those made after request `up_to` are left out."""
    query = _narrowed(actor, wanted).where(Role.id <= up_to).with_only_columns(Role.id)
    return list(db.session.scalars(query.order_by(Role.requested_at, Role.id).limit(at_most)))


def newest_number() -> int:
    """The number of the newest request here: what is asked for later is not part of what somebody looks at now."""
    return db.session.scalar(select(func.max(Role.id))) or 0


def queue_count(actor: Actor) -> int:
    """How many requests wait for this person's decision, `MANY` at most; those that wait for the requester are none."""
    waiting = (*waiting_for(actor), Role.awaits_since.is_(None))
    # Every page asks: who has a long queue must not wait until all of it was counted.
    some = select(Role.id).where(*waiting).limit(MANY).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def counts_for(actor: Actor, wanted: Filter) -> Counts:
    """The number beside each filter, in one statement whatever the size."""
    old, step = _age_of(), case((Role.awaits_since.is_not(None), Step.ASKED.value), else_=Step.DECIDE.value)
    late = Role.escalated_at.is_not(None)
    columns = step.label("step"), late.label("late"), Role.kind, COUNTRY.label("country"), old.label("age")
    inner = _joined(actor, wanted.text).with_only_columns(*columns).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c)
    rows = [(*row[:-1], row[-1]) for row in db.session.execute(query)]
    return _counted(wanted, [_Group(*row) for row in rows])


@dataclass(frozen=True)
class _Group:
    step: str
    late: bool
    kind: str
    country: str
    age: int
    number: int

    def is_in(self, step: Step) -> bool:
        return bool(self.late) if step is Step.ESCALATED else self.step == step


def _counted(wanted: Filter, groups: list[_Group]) -> Counts:
    ranks = list(AGES)

    def fits(group: _Group, without: str) -> bool:
        return (
            (without == "step" or group.is_in(wanted.step))
            and (without == "kind" or wanted.kind in ("", group.kind))
            and (without == "country" or wanted.country in ("", group.country))
            and (without == "age" or group.age >= ranks.index(wanted.age))
        )

    kinds: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    steps, ages = dict.fromkeys(Step, 0), dict.fromkeys(Age, 0)
    for group in groups:
        kinds[group.kind] += group.number if fits(group, "kind") else 0
        countries[group.country] += group.number if fits(group, "country") else 0
        for step in Step:
            steps[step] += group.number if fits(group, "step") and group.is_in(step) else 0
        for age in Age:
            ages[age] += group.number if fits(group, "age") and group.age >= ranks.index(age) else 0
    return Counts(steps, kinds, countries, ages)


def _age_of() -> ColumnElement[int]:
    """The place of the oldest age in AGES that the request has reached."""
    now = clock.now()
    reached = [(Role.requested_at <= now - AGES[age], rank) for rank, age in enumerate(AGES) if rank]
    return case(*reversed(reached), else_=0)


def _joined(actor: Actor, text: str) -> Select[Role]:
    query = (
        select(Role)
        .join(Shown, Shown.id == Role.organisation_id)
        .outerjoin(Scope, Scope.id == Role.scope_id)
        .where(*waiting_for(actor))
    )
    return query.join(Person, Person.id == Role.account_id).where(_named(text)) if text.strip() else query


def _named(text: str) -> ColumnElement[bool]:
    """Every word stands in the name or code of the organisation, or in the name of the person."""
    person = func.lower(Person.first_name + " " + Person.last_name)
    words = [
        or_(
            Shown.search_text.contains(plain or word, autoescape=True), person.contains(word, autoescape=True)
        )
        for word in text.lower().split()
        for plain in (folded(word),)
    ]
    return and_(*words)


def _narrowed(actor: Actor, wanted: Filter) -> Select[Role]:
    query = _joined(actor, wanted.text)
    if wanted.step is Step.ESCALATED:
        query = query.where(Role.escalated_at.is_not(None))
    else:
        asked = wanted.step is Step.ASKED
        query = query.where(Role.awaits_since.is_not(None) if asked else Role.awaits_since.is_(None))
    if wanted.kind:
        query = query.where(Role.kind == wanted.kind)
    if wanted.country:
        query = query.where(COUNTRY == wanted.country)  # noqa: SIM300
    return (
        query if wanted.age is Age.ANY else query.where(Role.requested_at <= clock.now() - AGES[wanted.age])
    )
