"""The people of the organisations one administers or stands above, and how they stand with their factors."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, not_, or_, select

from portal.access.actor import Actor, Member
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity import standing
from portal.paging import Page, Place, read_page
from portal.roles.deciders import deciders, is_decided_by
from portal.roles.models import Role
from portal.roles.queries import WITH_ORGANISATION
from portal.roles.states import HOLDING, RoleState


class Which(StrEnum):
    """The filters of the list."""

    ALL = "all"
    WITHOUT_FACTOR = "without-factor"
    ONLY_TEXT_MESSAGES = "only-text-messages"
    SUSPENDED = "suspended"
    NAME_TO_CONFIRM = "name-to-confirm"
    RESTING = "resting"


def _filter(which: Which) -> ColumnElement[bool] | None:
    key, account_id = environment.current().value, Role.account_id
    return {
        Which.ALL: lambda: None,
        Which.WITHOUT_FACTOR: lambda: not_(standing.has_factor(account_id)),
        Which.ONLY_TEXT_MESSAGES: lambda: standing.has_only_text_messages(account_id),
        Which.SUSPENDED: lambda: standing.is_suspended(account_id, key),
        Which.NAME_TO_CONFIRM: lambda: standing.name_waits(account_id),
        Which.RESTING: lambda: standing.is_resting(account_id),
    }[which]()


def members_for(actor: Actor, which: Which, place: Place = Place()) -> Page[Role]:  # noqa: B008 - frozen
    """Roles of the people in the actor's scope, the longest standing first; one's own among them."""
    own = Role.organisation_id.in_(actor.organisations_administered)
    query = select(Role).where(Role.state.in_(HOLDING), or_(own, is_decided_by(actor.authorities)))
    narrowed = _filter(which)
    if narrowed is not None:
        query = query.where(narrowed)
    return read_page(query.options(*WITH_ORGANISATION), Role.requested_at, Role.id, place)


def roles_held(account_id: int) -> list[Role]:
    """The roles and open requests of a person here, with their organisations."""
    own = select(Role).where(Role.account_id == account_id, Role.state.in_(HOLDING))
    return list(db.session.scalars(own.options(*WITH_ORGANISATION).order_by(Role.id)))


def member(account_id: int) -> Member:
    """The person as the rules see one: organisations, authorities above them, whether there is a factor again."""
    roles = roles_held(account_id)
    pairs = deciders()
    above = db.session.scalars(select(pairs.c.decider_id), {"role_ids": [role.id for role in roles]})
    suspension = standing.open_suspension(account_id, environment.current().value)
    return Member(
        account_id=account_id,
        organisations=frozenset(role.organisation_id for role in roles),
        validating_authorities=frozenset(above) if roles else frozenset(),
        has_factor=identity.has_factor(account_id),
        first_by=suspension.first_by if suspension else None,
    )


def needs_two(account_id: int) -> bool:
    """Whether two people must vouch: the person may administer an organisation here."""
    return any(
        role.is_administrator and role.state in (RoleState.VALID, RoleState.SUSPENDED)
        for role in roles_held(account_id)
    )
