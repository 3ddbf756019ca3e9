"""Who administers an organisation: named and removed, by two people where the organisation asks for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.audit import role_events, trail
from portal.database import db
from portal.identity.models import Account
from portal.messages import outbox, role_notices
from portal.roles import life, members
from portal.roles.changes import change_role
from portal.roles.models import Role
from portal.roles.states import RoleState

VALID = frozenset({RoleState.VALID})
FLAGGED = frozenset({RoleState.VALID, RoleState.SUSPENDED})
TOLD_AT_MOST = 50


def name(role_id: int, version: int, actor: Actor) -> bool:
    """Make the person administrator, or propose it as the first of two; True once it is done.

    Raises NotThere, Hidden, Refused, RoleChanged; nothing is changed then.
    """
    role, _target = life.role_to_change(role_id, version, Action.ADMINISTRATOR_NAME, actor)
    if role.is_administrator:
        raise life.let_go(role)
    first = role.proposed_by
    if first is None and members.naming_needs_two(role.organisation):
        change_role(role, version, VALID, actor, proposed_by=actor.account_id, proposed_at=clock.now())
        trail.record(role_events.AdministratorProposed(*_facts(role)), actor)
        _tell_the_others(role, actor)
        db.session.commit()
        return False
    change_role(role, version, VALID, actor, is_administrator=True, proposed_by=None, proposed_at=None)
    trail.record(role_events.AdministratorNamed(*_facts(role), first or 0), actor)
    _tell(role, role_notices.AdministratorNamedNotice)
    db.session.commit()
    return True


def unname(role_id: int, version: int, actor: Actor) -> Role:
    """Take the flag, or withdraw the proposal to give it. Raises as `name`."""
    role, target = life.role_to_change(role_id, version, Action.ADMINISTRATOR_REMOVE, actor)
    if role.is_administrator:
        change_role(role, version, FLAGGED, actor, is_administrator=False)
        trail.record(role_events.AdministratorRemoved(*_facts(role), target.is_last), actor)
        _tell(role, role_notices.AdministratorRemovedNotice)
    elif role.proposed_by is not None:
        change_role(role, version, FLAGGED, actor, proposed_by=None, proposed_at=None)
        trail.record(role_events.ProposalWithdrawn(*_facts(role)), actor)
    else:
        raise life.let_go(role)
    db.session.commit()
    return role


def _facts(role: Role) -> tuple[int, int, int]:
    return role.id, role.account_id, role.organisation_id


def _tell(role: Role, notice: Any) -> None:
    account = db.session.get_one(Account, role.account_id)
    message = notice(account.first_name, account.last_name, role.organisation.name, life.path_of_profile())
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))


def _tell_the_others(role: Role, actor: Actor) -> None:
    """The other administrators: one of them is the second pair of eyes."""
    person = db.session.get_one(Account, role.account_id)
    chiefs = (
        select(Account)
        .join(Role, Role.account_id == Account.id)
        .where(Role.organisation_id == role.organisation_id, Role.state == RoleState.VALID)
        .where(Role.is_administrator, Account.id.not_in([role.account_id, actor.account_id]))
        .order_by(Account.id)
        .limit(TOLD_AT_MOST)
        .distinct()
    )
    for chief in db.session.scalars(chiefs).all():
        notice = role_notices.AdministratorProposedNotice(
            chief.first_name, chief.last_name, person.full_name, role.organisation.name, life.path_of(role)
        )
        outbox.put(notice, outbox.Recipient(chief.email, chief.language, chief.id))
