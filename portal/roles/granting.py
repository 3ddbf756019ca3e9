"""Roles given by the command line alone: the first Commission administrators, and the people of the demo."""

from __future__ import annotations

from sqlalchemy import func, select

from portal import clock
from portal.audit import events, trail
from portal.database import db
from portal.organisations.models import ControlBodyScope, Organisation
from portal.roles.models import Role, RoleKind
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole


def grant(
    account_id: int, organisation: Organisation, *, administrator: bool, scope: ControlBodyScope | None = None
) -> Role:
    """A valid role in the current environment; one that is there already is returned. Commits nothing."""
    role = _held_role(account_id, organisation, scope)
    if role is not None:
        return role
    role = _new_role(account_id, organisation, scope, RoleState.VALID)
    role.is_administrator, role.decided_at = administrator, clock.now()
    db.session.flush()
    trail.record(events.RoleGrantedByCommand(role.id, account_id, organisation.id, administrator))
    return role


def request_for_demo(
    account_id: int, organisation: Organisation, message: str, scope: ControlBodyScope | None = None
) -> Role:
    """An open request of an invented person, for the queues of the demo. Commits nothing."""
    role = _new_role(account_id, organisation, scope, RoleState.REQUESTED)
    role.message = message
    db.session.flush()
    trail.record(events.RoleRequested(role.id, account_id, organisation.id), account_id=account_id)
    return role


def has_ever_asked(account_id: int) -> bool:
    """Whether the person has any role row here, whatever its state."""
    return db.session.scalar(select(Role.id).where(Role.account_id == account_id).limit(1)) is not None


def _held_role(account_id: int, organisation: Organisation, scope: ControlBodyScope | None) -> Role | None:
    return db.session.scalar(
        select(Role).where(
            Role.account_id == account_id,
            Role.organisation_id == organisation.id,
            Role.scope_key == (scope.id if scope else 0),
            Role.state == RoleState.VALID,
        )
    )


def _new_role(
    account_id: int, organisation: Organisation, scope: ControlBodyScope | None, state: RoleState
) -> Role:
    role = Role(
        account_id=account_id, organisation_id=organisation.id, kind=organisation.kind, state=state.value,
        scope_id=scope.id if scope else None, scope_key=scope.id if scope else 0, requested_at=clock.now(),
    )  # fmt: skip
    db.session.add(role)
    held = select(RoleKind).where(RoleKind.account_id == account_id, RoleKind.kind == organisation.kind)
    kind = db.session.scalar(held)
    if kind is None:
        db.session.add(RoleKind(account_id=account_id, kind=organisation.kind, active=True))
    else:
        kind.active = True
    return role


def commission_administrators() -> int:
    """How many administrators the Commission has in the current environment."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Role)
            .join(Organisation, Organisation.id == Role.organisation_id)
            .where(Organisation.authority_role == AuthorityRole.COMMISSION)
            .where(Role.state == RoleState.VALID, Role.is_administrator.is_(True))
        )
        or 0
    )
