"""What becomes of a role after its validation: suspended, lifted, removed; each with its reason, event and mail."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see
from portal.access.rules_roles import HeldRole
from portal.audit import role_events, trail
from portal.database import db
from portal.environments import environment
from portal.identity.models import Account
from portal.messages import outbox, role_notices
from portal.roles import members, queries
from portal.roles.changes import (
    NotThere,
    RoleChanged,
    change_role,
    held_organisation,
    read_again,
    release_kind,
)
from portal.roles.models import Role
from portal.roles.states import LIFT, REMOVE, SUSPEND, RoleReason, RoleState
from portal.vocabulary import OrganisationKind
from portal.workflow import Transition

AFTER_VALIDATION = frozenset({RoleState.VALID, RoleState.SUSPENDED, RoleState.REMOVED})
Notice = (
    type[role_notices.RoleSuspendedNotice]
    | type[role_notices.RoleLiftedNotice]
    | type[role_notices.RoleRemovedNotice]
)


@dataclass(frozen=True)
class Change:
    """A decision about a role as the person saw it: `version` is that of the page, the reason is of the catalogue."""

    role_id: int
    version: int
    reason: RoleReason
    text: str = ""


class ReasonMissing(Exception):
    """«Another reason» needs words."""


def role_to_read(role_id: int, actor: Actor) -> tuple[Role, HeldRole]:
    """A role that was validated, with what the rules need; raises NotThere, and Hidden for who may not know of it."""
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None or role.state not in AFTER_VALIDATION:
        raise NotThere
    target = members.held_role(role)
    authorise_to_see(actor, Action.MEMBER_READ, target)
    return role, target


def role_to_change(role_id: int, version: int, action: Action, actor: Actor) -> tuple[Role, HeldRole]:
    """The role under the lock of its organisation, until the commit: two people cannot both take the last one.

    Raises NotThere, Hidden, Refused, RoleChanged.
    """
    role, _target = role_to_read(role_id, actor)
    held_organisation(role)
    read_again(role)
    target = members.held_role(role)
    authorise(_with_rights_of_now(actor), action, target)
    if role.version != version:
        raise let_go(role)
    return role, target


def let_go(role: Role) -> RoleChanged:
    """The refusal for who was slower; the lock is given back first, so that nobody waits while the page is made."""
    refusal = RoleChanged(role)
    db.session.rollback()
    return refusal


def _with_rights_of_now(actor: Actor) -> Actor:
    """The actor with the rights held after the lock: who was faster may have taken them."""
    acted_as = {role.organisation_id for role in actor.roles}
    held = queries.held_roles(actor.account_id)
    return replace(actor, roles=tuple(role for role in held if role.organisation_id in acted_as))


def suspend(change: Change, actor: Actor) -> Role:
    """Suspend a valid role. Raises NotThere, Hidden, Refused, RoleChanged, ReasonMissing; nothing is changed then."""
    role, _target = _changed(change, SUSPEND, Action.ROLE_SUSPEND, actor)
    facts = role.id, role.account_id, role.organisation_id
    trail.record(role_events.RoleSuspended(*facts, change.reason.value), actor)
    return _told(role, role_notices.RoleSuspendedNotice, change)


def lift(change: Change, actor: Actor) -> Role:
    """Make a suspended role valid again. Raises as `suspend`."""
    role, _target = _changed(change, LIFT, Action.ROLE_LIFT, actor)
    facts = role.id, role.account_id, role.organisation_id
    trail.record(role_events.RoleLifted(*facts, change.reason.value), actor)
    return _told(role, role_notices.RoleLiftedNotice, change)


def remove(change: Change, actor: Actor) -> Role:
    """Remove a role, or give up one's own. Raises as `suspend`."""
    role, target = _changed(
        change, REMOVE, Action.ROLE_REMOVE, actor, is_administrator=False, proposed_by=None, proposed_at=None
    )
    release_kind(role.account_id, OrganisationKind(role.kind))
    facts = role.id, role.account_id, role.organisation_id
    trail.record(role_events.RoleRemoved(*facts, change.reason.value, target.is_last), actor)
    return _told(role, role_notices.RoleRemovedNotice, change)


def _changed(
    change: Change, row: Transition, action: Action, actor: Actor, **values: object
) -> tuple[Role, HeldRole]:
    role, target = role_to_change(change.role_id, change.version, action, actor)
    if role.state not in row.sources:
        raise let_go(role)
    if change.reason is RoleReason.OTHER and not change.text.strip():
        raise ReasonMissing
    reason = {"reason_code": change.reason.value, "reason_text": change.text.strip()}
    sources = frozenset(RoleState(state) for state in row.sources)
    change_role(role, change.version, sources, actor, state=row.target, **reason, **values)
    return role, target


def _told(role: Role, notice: Notice, change: Change) -> Role:
    account = db.session.get_one(Account, role.account_id)
    message = notice(
        account.first_name, account.last_name, role.organisation.name, change.reason.value,
        change.text.strip(), path_of_profile(),
    )  # fmt: skip
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    db.session.commit()
    return role


def path_of_profile() -> str:
    """Where people see their roles."""
    return f"/{environment.current().value}/profile"


def path_of(role: Role) -> str:
    """The page of that role."""
    return f"/{environment.current().value}/administration/members/roles/{role.id}"
