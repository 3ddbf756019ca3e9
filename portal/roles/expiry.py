"""The last day of a role: set, asked to be moved, announced beforehand, and the end itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlalchemy import ColumnElement, or_, select, update

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import role_events, trail
from portal.database import db, rows_changed
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.messages import outbox, role_notices
from portal.messages.catalogue import Message
from portal.roles import life, members, queries
from portal.roles.changes import change_role, check_day, release_kind
from portal.roles.models import Role
from portal.roles.standing_in import today
from portal.roles.states import RoleReason, RoleState
from portal.vocabulary import OrganisationKind

REMINDERS = (7, 30)
"""So many days before the end people are told, the nearest first."""
HELD = frozenset({RoleState.VALID, RoleState.SUSPENDED})
AT_ONCE = 200
log = structlog.get_logger()


@dataclass(frozen=True)
class Limit:
    """The last day of a role as somebody wants it; None takes it away."""

    role_id: int
    version: int
    last_day: date | None


def set_limit(limit: Limit, actor: Actor) -> Role:
    """Set, move or take away the last day. Raises NotThere, Hidden, Refused, RoleChanged, WrongDay."""
    role, _target = life.role_to_change(limit.role_id, limit.version, Action.ROLE_LIMIT, actor)
    check_day(limit.last_day)
    change_role(
        role, limit.version, HELD, actor, valid_until=limit.last_day, warned_days=None, renewal_asked_at=None
    )
    until = limit.last_day.isoformat() if limit.last_day else ""
    trail.record(role_events.RoleLimited(role.id, role.account_id, role.organisation_id, until), actor)
    account = db.session.get_one(Account, role.account_id)
    who = account.first_name, account.last_name, role.organisation.name
    notice: Message
    if limit.last_day:
        notice = role_notices.RoleLimitedNotice(*who, _noon(limit.last_day), life.path_of(role))
    else:
        notice = role_notices.RoleUnlimitedNotice(*who, life.path_of(role))
    _put(notice, account)
    db.session.commit()
    return role


def ask_renewal(role_id: int, actor: Actor) -> bool:
    """Ask that the role should go on; False where it was asked already. Raises NotThere, Hidden, Refused."""
    role, target = life.role_to_read(role_id, actor)
    authorise(actor, Action.ROLE_RENEW, target)
    asked = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.state.in_(HELD), Role.valid_until.is_not(None))
        .where(Role.renewal_asked_at.is_(None))
        .values(renewal_asked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if rows_changed(asked) == 0 or role.valid_until is None:
        db.session.rollback()
        return False
    trail.record(role_events.RenewalAsked(role.id, role.account_id, role.organisation_id), actor)
    _tell_responsible(role, role_notices.RenewalAskedNotice, {actor.account_id})
    db.session.commit()
    return True


def run_due() -> int:
    """End what is over and announce what ends soon in the current environment; returns how many roles were taken."""
    taken = sum(_alone(_end, role) for role in _over())
    for days in REMINDERS:
        taken += sum(_alone(_announce, role, days) for role in _ending(days))
    return taken


def _over() -> Sequence[Role]:
    over = select(Role).where(Role.valid_until < today(), Role.state.in_(HELD))
    query = over.order_by(Role.valid_until, Role.id).limit(AT_ONCE)
    return db.session.scalars(query.options(*queries.WITH_ORGANISATION)).all()


def _ending(days: int) -> Sequence[Role]:
    soon = (Role.valid_until >= today()) & (Role.valid_until <= today() + timedelta(days=days))
    query = select(Role).where(soon, Role.state.in_(HELD), _not_warned(days))
    query = query.order_by(Role.valid_until, Role.id).limit(AT_ONCE)
    return db.session.scalars(query.options(*queries.WITH_ORGANISATION)).all()


def _not_warned(days: int) -> ColumnElement[bool]:
    return or_(Role.warned_days.is_(None), Role.warned_days > days)


def _alone(step: Callable[..., bool], role: Role, *more: int) -> int:
    # One role that cannot be told of must not keep the others.
    role_id = role.id
    try:
        done = step(role, *more)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.error("role not ended or announced", role=role_id, exc_info=error)
        return 0
    return int(done)


def _end(role: Role) -> bool:
    """Of two workers one changes the row, and that one tells."""
    was_last = members.held_role(role).is_last
    ended = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.state.in_(HELD), Role.valid_until < today())
        .values(state=RoleState.REMOVED.value, is_administrator=False, proposed_by=None, proposed_at=None)
        .values(version=Role.version + 1, changed_at=clock.now(), changed_by=None)
        .values(reason_code=RoleReason.EXPIRED.value, reason_text="", renewal_asked_at=None)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(ended) == 0:
        return False
    release_kind(role.account_id, OrganisationKind(role.kind))
    trail.record(role_events.RoleExpired(role.id, role.account_id, role.organisation_id, was_last))
    account = db.session.get_one(Account, role.account_id)
    who = account.first_name, account.last_name, role.organisation.name
    until = role.valid_until or today()
    _put(role_notices.RoleExpiredNotice(*who, _noon(until), life.path_of_profile()), account)
    if was_last:
        for chief in _responsible(role, {role.account_id}):
            notice = role_notices.WithoutAdministratorNotice(
                chief.first_name, chief.last_name, role.organisation.name, life.path_of(role)
            )
            _put(notice, chief)
    return True


def _announce(role: Role, days: int) -> bool:
    warned = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.state.in_(HELD), _not_warned(days))
        .values(warned_days=days)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(warned) == 0 or role.valid_until is None:
        return False
    trail.record(role_events.RoleEndAnnounced(role.id, role.account_id, role.organisation_id, days))
    account = db.session.get_one(Account, role.account_id)
    until = _noon(role.valid_until)
    who = account.first_name, account.last_name, role.organisation.name
    _put(role_notices.RoleEndsNotice(*who, until, life.path_of(role)), account)
    _tell_responsible(role, role_notices.RoleOfMemberEndsNotice, set())
    return True


def _tell_responsible(
    role: Role,
    notice: type[role_notices.RenewalAskedNotice] | type[role_notices.RoleOfMemberEndsNotice],
    without: set[int],
) -> None:
    person = db.session.get_one(Account, role.account_id)
    until = _noon(role.valid_until or today())
    for chief in _responsible(role, without):
        message = notice(
            chief.first_name, chief.last_name, person.full_name, role.organisation.name, until,
            life.path_of(role),
        )  # fmt: skip
        _put(message, chief)


def _responsible(role: Role, without: set[int]) -> list[Account]:
    """The administrators of the organisation; where it has none, the nearest people above it."""
    chiefs = select(Role.account_id).where(
        Role.organisation_id == role.organisation_id, Role.state == RoleState.VALID, Role.is_administrator,
        Role.account_id != role.account_id,
    )  # fmt: skip
    ids = set(db.session.scalars(chiefs)) - without or set(queries.validators_to_notify(role)) - without
    return [account for _number, account in sorted(identity.accounts_by_id(ids).items())]


def _put(message: Message, account: Account) -> None:
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))


def _noon(day: date) -> str:
    # The same day in every zone of the Union.
    return datetime.combine(day, time(12), UTC).isoformat()
