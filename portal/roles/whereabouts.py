"""Where a request is, for the person who made it: which office, its place there, how long that office takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from portal import clock, config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.database import db
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.changes import NotThere
from portal.roles.deciders import deciders, is_decided_by
from portal.roles.models import Role
from portal.roles.states import RoleState

OFFICES_SHOWN = 3
LOOKED_BACK = timedelta(days=90)
SAID_FROM = 5
"""From so few decisions on, the usual time says something about an office and nothing about one person."""
LOOKED_AT = 500


@dataclass(frozen=True)
class Whereabouts:
    """Where an open request is; `usual` is None where an office decided too seldom to say."""

    offices: Sequence[Organisation]
    ahead: int
    usual: timedelta | None
    reminder_at: datetime | None
    escalation_at: datetime | None


def own_request(role_id: int, actor: Actor) -> Role:
    """The own request, whatever became of it; raises NotThere for one of somebody else, and Refused at the gate."""
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None or role.account_id != actor.account_id:
        raise NotThere
    authorise(actor, Action.ROLE_FOLLOW, queries.target_of(role))
    return role


def whereabouts(role: Role) -> Whereabouts:
    """Where that open request is now."""
    offices = _offices(role)
    nearest = offices[0] if offices else None
    reminder, escalation = _next_steps(role)
    return Whereabouts(
        offices=offices,
        ahead=_ahead(role, nearest.id) if nearest else 0,
        usual=_usual_time(nearest.id) if nearest else None,
        reminder_at=reminder,
        escalation_at=escalation,
    )


def _offices(role: Role) -> list[Organisation]:
    """The organisation itself where it has an administrator, then the authorities, nearest first."""
    pairs = deciders()
    near = select(pairs.c.decider_id, func.min(pairs.c.distance).label("distance"))
    ranked = near.group_by(pairs.c.decider_id).subquery()
    query = (
        select(Organisation)
        .join(ranked, ranked.c.decider_id == Organisation.id)
        .where(Organisation.state == OrganisationState.VALID, Organisation.id != role.organisation_id)
        .order_by(ranked.c.distance, Organisation.name_sort, Organisation.id)
        .limit(OFFICES_SHOWN)
    )
    above = list(db.session.scalars(query, {"role_ids": [role.id]}))
    return [role.organisation, *above] if _has_administrator(role.organisation_id) else above


def _has_administrator(organisation_id: int) -> bool:
    chief = select(Role.id).where(
        Role.organisation_id == organisation_id, Role.state == RoleState.VALID, Role.is_administrator
    )
    return db.session.scalar(chief.limit(1)) is not None


def _queue_of(organisation_id: int) -> list[ColumnElement[bool]]:
    inside = Role.organisation_id == organisation_id
    deciding = or_(inside, is_decided_by(frozenset({organisation_id})))
    return [Role.state == RoleState.REQUESTED, Role.awaits_since.is_(None), deciding]


def _ahead(role: Role, organisation_id: int) -> int:
    """How many requests the office has that were made before; never whose."""
    before = tuple_(Role.requested_at, Role.id) < tuple_(role.requested_at, role.id)
    query = select(func.count()).select_from(Role).where(*_queue_of(organisation_id), before)
    return db.session.scalar(query) or 0


def _usual_time(organisation_id: int) -> timedelta | None:
    """The median of the decisions that people of the office made lately."""
    colleagues = select(Role.account_id).where(
        Role.organisation_id == organisation_id, Role.state == RoleState.VALID
    )
    query = (
        select(Role.requested_at, Role.decided_at)
        .where(Role.decided_by.in_(colleagues), Role.decided_at >= clock.now() - LOOKED_BACK)
        .where(Role.state.in_([RoleState.VALID, RoleState.REJECTED]), Role.decided_by != Role.account_id)
        .order_by(Role.decided_at.desc())
        .limit(LOOKED_AT)
    )
    rows = db.session.execute(query)
    times = [(decided - asked).total_seconds() for asked, decided in rows if decided is not None]
    return timedelta(seconds=median(times)) if len(times) >= SAID_FROM else None


def _next_steps(role: Role) -> tuple[datetime | None, datetime | None]:
    """When those who may decide are told again, and when the authority above is; None where it was done or rests."""
    if role.awaits_since is not None:
        return None, None
    settings = config.current()
    reminder = role.requested_at + timedelta(days=settings.reminder_days)
    escalation = role.requested_at + timedelta(days=settings.escalation_days)
    return (None if role.reminded_at else reminder), (None if role.escalated_at else escalation)
