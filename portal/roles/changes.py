"""The one way a role changes its state, and how its kind becomes free; requests and decisions both use it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError

from portal import clock
from portal.access.actor import Actor
from portal.database import db, rows_changed
from portal.organisations import activities
from portal.organisations.models import Organisation
from portal.roles import queries
from portal.roles.models import Role, RoleKind
from portal.roles.standing_in import today
from portal.roles.states import RoleState
from portal.vocabulary import OrganisationKind
from portal.workflow import Transition

LONGEST = timedelta(days=3660)


class NotThere(Exception):
    """No such request for this person: unknown, of another environment, or none of theirs."""


class AlreadyDecided(Exception):
    """Somebody was faster: who, when, and what became of the request."""

    def __init__(self, role: Role) -> None:
        super().__init__(role.id)
        self.role_id: int = role.id
        self.decided_by: int | None = role.decided_by
        self.decided_at: datetime | None = role.decided_at
        self.state = RoleState(role.state)


class RoleChanged(Exception):
    """Somebody was faster with a role that was validated: who, when, and how the role stands now."""

    def __init__(self, role: Role) -> None:
        super().__init__(role.id)
        self.role_id: int = role.id
        self.changed_by: int | None = role.changed_by
        self.changed_at: datetime | None = role.changed_at
        self.state = RoleState(role.state)


class WrongDay(Exception):
    """The last day of a role lies in the past, or further ahead than anybody plans."""


def check_day(last_day: date | None) -> None:
    """Raises WrongDay for a day that is over or too far away; none is right."""
    if last_day is not None and not today() <= last_day <= today() + LONGEST:
        raise WrongDay


def held_organisation(role: Role) -> Organisation:
    """The organisation of the role, locked until the commit; raises NotThere where both went meanwhile."""
    organisation = activities.locked(role.organisation_id)
    if organisation is None:
        raise NotThere
    return organisation


def read_again(role: Role) -> None:
    """The role as it stands now; raises NotThere where it went meanwhile: Training is made anew while people work."""
    try:
        db.session.refresh(role)
    except InvalidRequestError:
        raise NotThere from None


def change_state(role: Role, row: Transition, actor: Actor, **values: Any) -> None:
    """One conditional UPDATE: of two people who decide at once, one changes the row and the other is told."""
    changed = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.state.in_(row.sources))
        .values(
            state=row.target,
            decided_at=clock.now(),
            decided_by=actor.account_id,
            version=Role.version + 1,
            **values,
        )
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        role_id = role.id
        db.session.rollback()
        now = queries.role_by_id(role_id)
        raise AlreadyDecided(now) if now else NotThere
    read_again(role)


def change_role(
    role: Role, version: int, sources: Collection[RoleState], actor: Actor, **values: Any
) -> None:
    """One conditional UPDATE on the version the person looked at; raises RoleChanged where it is no longer that one."""
    changed = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.version == version, Role.state.in_(sources))
        .values(version=version + 1, changed_at=clock.now(), changed_by=actor.account_id, **values)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        role_id = role.id
        db.session.rollback()
        now = queries.role_by_id(role_id)
        raise RoleChanged(now) if now else NotThere
    read_again(role)


def release_kind(account_id: int, kind: OrganisationKind) -> None:
    """The kind is free once no request or role holds it; the row is locked so that no new request slips between."""
    own = select(RoleKind).where(RoleKind.account_id == account_id, RoleKind.kind == kind)
    held = db.session.scalar(own.with_for_update().execution_options(populate_existing=True))
    if held is not None and not queries.holds_any_role(account_id):
        held.active = False
