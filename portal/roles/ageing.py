"""Requests that wait too long: those who may decide are reminded once, then the authority above is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update

from portal import clock, config
from portal.audit import queue_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.states import AccountState
from portal.messages import outbox, queue_notices
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.deciders import FAR, deciders
from portal.roles.models import Role
from portal.roles.standing_in import deputies_of
from portal.roles.states import RoleState

AT_ONCE = 200
log = structlog.get_logger()


@dataclass(frozen=True)
class Step:
    """One step: after how many days, which column remembers it, who is told, and with what."""

    days: int
    column: Any
    people: Callable[[Role], list[int]]
    event: type[queue_events.RequestReminded] | type[queue_events.RequestEscalated]
    notice: type[queue_notices.RequestsWaitNotice] | type[queue_notices.RequestsEscalatedNotice]
    filter: str


def _steps() -> tuple[Step, Step]:
    settings = config.current()
    return (
        Step(settings.reminder_days, Role.reminded_at, _deciding, queue_events.RequestReminded,
             queue_notices.RequestsWaitNotice, ""),
        Step(settings.escalation_days, Role.escalated_at, superiors_of, queue_events.RequestEscalated,
             queue_notices.RequestsEscalatedNotice, "?step=escalated"),
    )  # fmt: skip


def run_due() -> int:
    """Take what is due in the current environment, each request once for each step; returns how many were taken."""
    taken = 0
    for step in _steps():
        ids = _due(step)
        try:
            taken += _take(step, ids)
        except Exception:  # one request that cannot be told of must not keep the others quiet
            db.session.rollback()
            taken += sum(_alone(step, role_id) for role_id in ids)
    return taken


def _alone(step: Step, role_id: int) -> int:
    try:
        return _take(step, [role_id])
    except Exception as error:
        db.session.rollback()
        log.error("request not reminded of", role=role_id, exc_info=error)
        return 0


def _waiting(step: Step) -> list[ColumnElement[bool]]:
    since = clock.now() - timedelta(days=step.days)
    open_, late = Role.state == RoleState.REQUESTED, Role.requested_at <= since
    return [open_, late, Role.awaits_since.is_(None), step.column.is_(None)]


def _due(step: Step) -> list[int]:
    query = select(Role.id).where(*_waiting(step)).order_by(Role.requested_at, Role.id)
    return sorted(db.session.scalars(query.limit(AT_ONCE)))


def _take(step: Step, ids: list[int]) -> int:
    """One transaction: of two workers one changes the row, and that one tells."""
    mine = [role_id for role_id in ids if _claim(step, role_id)]
    told: Counter[int] = Counter()
    for role in queries.roles_by_id(mine) if mine else ():
        people = step.people(role)
        told.update(people)
        trail.record(step.event(role.id, role.account_id, role.organisation_id, len(people)))
    for account in identity.accounts_by_id(told).values() if told else ():
        if account.state == AccountState.ACTIVE:
            _tell(step, account, told[account.id])
    db.session.commit()
    return len(mine)


def _claim(step: Step, role_id: int) -> bool:
    changed = db.session.execute(
        update(Role)
        .where(Role.id == role_id, *_waiting(step))
        .values({step.column: clock.now()})
        .execution_options(synchronize_session=False)
    )
    return rows_changed(changed) == 1


def _tell(step: Step, account: Any, number: int) -> None:
    path = f"/{environment.current().value}/validation{step.filter}"
    notice = step.notice(account.first_name, account.last_name, number, step.days, path)
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def _deciding(role: Role) -> list[int]:
    return queries.validators_to_notify(role, administrators_only=_is_strict())


def _is_strict() -> bool:
    return config.current().validators == "strict"


def superiors_of(role: Role) -> list[int]:
    """The people one step above those who had their chance: above the own administrators or the nearest authority."""
    ranked, level = _people_by_level(role)
    levels = ranked.with_only_columns(level, maintain_column_froms=True).distinct()
    found = sorted(db.session.scalars(levels, {"role_ids": [role.id]}))
    above = [one for one in found[1:] if one < FAR]
    if not above:
        return []
    query = ranked.where(level == above[0]).distinct().order_by(Role.account_id).limit(queries.TOLD_AT_MOST)
    told = list(db.session.scalars(query, {"role_ids": [role.id]}))
    return [*told, *sorted(deputies_of(told) - {*told, role.account_id})]


def _people_by_level(role: Role) -> tuple[Any, ColumnElement[int]]:
    """A statement of the accounts that may decide, and the column that says how far above the request they stand."""
    pairs = deciders()
    near = select(pairs.c.decider_id, func.min(pairs.c.distance).label("distance"))
    ranked = near.group_by(pairs.c.decider_id).subquery()
    level: ColumnElement[int] = func.coalesce(ranked.c.distance, -1)
    own = (Role.organisation_id == role.organisation_id) & Role.is_administrator
    above = ranked.c.decider_id.is_not(None) & (Role.is_administrator if _is_strict() else True)
    query = (
        select(Role.account_id)
        .join(Organisation, Organisation.id == Role.organisation_id)
        .outerjoin(ranked, ranked.c.decider_id == Role.organisation_id)
        .where(Role.state == RoleState.VALID, Role.account_id != role.account_id)
        .where(Organisation.state == OrganisationState.VALID, or_(own, above))
    )
    return query, level
