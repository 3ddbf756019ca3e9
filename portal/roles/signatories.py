"""Who may sign certificates in the name of an organisation: a flag of a role, given and taken by its administrators."""

from __future__ import annotations

from typing import Any

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.audit import role_events, trail
from portal.database import db
from portal.identity.models import Account
from portal.messages import outbox, role_notices
from portal.roles import life
from portal.roles.changes import change_role
from portal.roles.models import Role
from portal.roles.states import RoleState

VALID = frozenset({RoleState.VALID})
FLAGGED = frozenset({RoleState.VALID, RoleState.SUSPENDED})


def allow(role_id: int, version: int, actor: Actor) -> Role:
    """The person signs certificates for the organisation from now on (CE12).

    Raises NotThere, Hidden, Refused, RoleChanged; nothing is changed then.
    """
    role, _target = life.role_to_change(role_id, version, Action.SIGNING_ALLOW, actor)
    if role.may_sign:
        raise life.let_go(role)
    return _changed(
        role, version, actor, VALID, role_events.SigningAllowed, role_notices.SigningAllowedNotice
    )


def end(role_id: int, version: int, actor: Actor) -> Role:
    """The person no longer signs; what was signed stays valid. Raises as `allow`."""
    role, _target = life.role_to_change(role_id, version, Action.SIGNING_ALLOW, actor)
    if not role.may_sign:
        raise life.let_go(role)
    return _changed(role, version, actor, FLAGGED, role_events.SigningEnded, role_notices.SigningEndedNotice)


def _changed(
    role: Role, version: int, actor: Actor, states: frozenset[RoleState], event: Any, notice: Any
) -> Role:
    change_role(role, version, states, actor, may_sign=not role.may_sign)
    trail.record(event(role.id, role.account_id, role.organisation_id), actor)
    account = db.session.get_one(Account, role.account_id)
    message = notice(account.first_name, account.last_name, role.organisation.name, life.path_of_profile())
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    db.session.commit()
    return role
