"""The people of the organisations one administers or stands above, and how they stand with their factors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal import config
from portal.access.actor import Actor, Member
from portal.access.rules_certificates import issues_certificates
from portal.access.rules_roles import HeldRole
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity import standing
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.paging import Page, Place, read_page
from portal.roles import queries
from portal.roles.deciders import deciders, deciders_of, is_decided_by
from portal.roles.models import Role
from portal.roles.queries import WITH_ORGANISATION
from portal.roles.standing_in import today
from portal.roles.states import ENDED, HOLDING, RoleState
from portal.vocabulary import AuthorityRole, OrganisationKind

ENDING_WITHIN = timedelta(days=30)
LIFTERS_SHOWN = 4


class Which(StrEnum):
    """The filters of the list."""

    ALL = "all"
    WITHOUT_FACTOR = "without-factor"
    ONLY_TEXT_MESSAGES = "only-text-messages"
    SUSPENDED = "suspended"
    NAME_TO_CONFIRM = "name-to-confirm"
    RESTING = "resting"
    ROLE_SUSPENDED = "role-suspended"
    ENDING = "ending"
    RENEWAL_ASKED = "renewal-asked"
    PROPOSED = "proposed"
    WITHOUT_ADMINISTRATOR = "without-administrator"


def _filter(which: Which) -> ColumnElement[bool] | None:
    key, account_id = environment.current().value, Role.account_id
    return {
        Which.ALL: lambda: None,
        Which.WITHOUT_FACTOR: lambda: not_(standing.has_factor(account_id)),
        Which.ONLY_TEXT_MESSAGES: lambda: standing.has_only_text_messages(account_id),
        Which.SUSPENDED: lambda: standing.is_suspended(account_id, key),
        Which.NAME_TO_CONFIRM: lambda: standing.name_waits(account_id),
        Which.RESTING: lambda: standing.is_resting(account_id),
        Which.ROLE_SUSPENDED: lambda: Role.state == RoleState.SUSPENDED,
        Which.ENDING: lambda: Role.valid_until <= today() + ENDING_WITHIN,
        Which.RENEWAL_ASKED: lambda: Role.renewal_asked_at.is_not(None),
        Which.PROPOSED: lambda: Role.proposed_by.is_not(None),
        Which.WITHOUT_ADMINISTRATOR: lambda: not_(_has_administrator(Role.organisation_id)),
    }[which]()


def members_for(actor: Actor, which: Which, place: Place = Place()) -> Page[Role]:  # noqa: B008 - frozen
    """Roles of the people in the actor's scope, the longest standing first; one's own among them."""
    own = Role.organisation_id.in_(actor.organisations_administered)
    # Said by what it is not: databases then walk the roles in the order of the list, and stop at a full page.
    query = select(Role).where(Role.state.not_in(ENDED), or_(own, is_decided_by(actor.authorities)))
    narrowed = _filter(which)
    if narrowed is not None:
        query = query.where(narrowed)
    return read_page(query.options(*WITH_ORGANISATION), Role.requested_at, Role.id, place)


def _has_administrator(organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    chief = aliased(Role)
    return exists().where(
        chief.organisation_id == organisation_id, chief.state == RoleState.VALID, chief.is_administrator
    )


def without_administrator(organisations: Collection[int]) -> frozenset[int]:
    """Those of these organisations that have no valid administrator."""
    query = select(Organisation.id).where(Organisation.id.in_(organisations))
    return frozenset(db.session.scalars(query.where(not_(_has_administrator(Organisation.id)))))


def held_role(role: Role) -> HeldRole:
    """A role that was validated, as the rules see it."""
    return HeldRole(
        role_id=role.id,
        account_id=role.account_id,
        organisation_id=role.organisation_id,
        validating_authorities=deciders_of(role),
        is_administrator=role.is_administrator,
        is_last=role.is_administrator and not _has_another_administrator(role),
        proposed_by=role.proposed_by,
        certifies=issues_certificates(role.organisation.kind, role.organisation.authority_role),
    )


def _has_another_administrator(role: Role) -> bool:
    other = select(Role.id).where(
        Role.organisation_id == role.organisation_id, Role.state == RoleState.VALID, Role.is_administrator,
        Role.id != role.id, queries.has_not_ended(),
    )  # fmt: skip
    return db.session.scalar(other.limit(1)) is not None


def naming_needs_two(organisation: Organisation) -> bool:
    """Whether an administrator of that organisation is named by two: the Commission's always, others' by setting."""
    if organisation.authority_role == AuthorityRole.COMMISSION:
        return True
    every = config.current().four_eyes == "authorities"
    return every and organisation.kind == OrganisationKind.AUTHORITY


def who_can_lift(account_id: int) -> list[str]:
    """The names of the organisations whose people may let the person in again, nearest first; none names a person.

    The own organisations where somebody else administers, then the authorities above; control bodies lift for nobody.
    """
    roles = roles_held(account_id)
    other = aliased(Role)
    chief = exists().where(
        other.organisation_id == Organisation.id, other.state == RoleState.VALID, other.is_administrator,
        other.account_id != account_id,
    )  # fmt: skip
    own = Organisation.id.in_({role.organisation_id for role in roles})
    inside = db.session.scalars(select(Organisation.name).where(own, chief).order_by(Organisation.name_sort))
    pairs = deciders()
    above = (
        select(Organisation.name, func.min(pairs.c.distance))
        .join(pairs, pairs.c.decider_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.AUTHORITY, Organisation.state == OrganisationState.VALID)
        .group_by(Organisation.id, Organisation.name, Organisation.name_sort)
        .order_by(func.min(pairs.c.distance), Organisation.name_sort)
        .limit(LIFTERS_SHOWN)
    )
    ids = {"role_ids": [role.id for role in roles]}
    superiors = [name for name, _distance in db.session.execute(above, ids)] if roles else []
    return list(dict.fromkeys([*inside, *superiors]))[:LIFTERS_SHOWN]


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
