"""Reading roles: what people hold and asked for, who is told of a request."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access.actor import RequestedRole, RoleHeld
from portal.database import db
from portal.identity.standing import signing_rests
from portal.organisations.models import Organisation
from portal.organisations.states import EFFECTIVE
from portal.roles.deciders import deciders, deciders_of
from portal.roles.models import Role, RoleKind
from portal.roles.standing_in import deputies_of, is_deputy, today
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole, OrganisationKind

TOLD_AT_MOST = 50
"""So many people get a mail about one request; the others see it in their queue."""
SHOWN = (RoleState.REQUESTED, RoleState.SUSPENDED, RoleState.VALID, RoleState.REJECTED)
"""The roles of the profile; withdrawn and removed ones are history."""
WITH_ORGANISATION = (joinedload(Role.organisation), joinedload(Role.scope))


def has_not_ended() -> ColumnElement[bool]:
    """Whether the last day of the role, if it has one, is not over: the right stops before the job ends the role."""
    return or_(Role.valid_until.is_(None), Role.valid_until >= today())


def held_roles(account_id: int) -> tuple[RoleHeld, ...]:
    """The valid roles of a person here, in organisations that are valid, or are only being validated again."""
    rows = db.session.execute(
        select(Role, Organisation, is_deputy(), signing_rests(account_id))
        .join(Organisation, Organisation.id == Role.organisation_id)
        .where(Role.account_id == account_id, Role.state == RoleState.VALID, has_not_ended())
        .where(Organisation.state.in_(EFFECTIVE))
        .order_by(Role.id),
        {"on_day": today()},
    )
    return tuple(_held(*row) for row in rows)


def _held(role: Role, organisation: Organisation, is_deputy: bool, rests: bool) -> RoleHeld:
    return RoleHeld(
        organisation_id=organisation.id,
        kind=OrganisationKind(role.kind),
        authority_role=AuthorityRole(organisation.authority_role) if organisation.authority_role else None,
        is_administrator=role.is_administrator,
        country=organisation.country,
        is_deputy=bool(is_deputy),
        may_sign=role.may_sign and not rests,
    )


def kind_held(account_id: int) -> OrganisationKind | None:
    """The one kind of role the person holds here, open requests included (S3)."""
    active = RoleKind.account_id == account_id, RoleKind.active.is_(True)
    kind = db.session.scalar(select(RoleKind.kind).where(*active))
    return OrganisationKind(kind) if kind else None


def holds_role_anywhere(account_id: int) -> bool:
    """Whether the account has a valid or suspended role in any environment: its factors are protected then."""
    states = [RoleState.VALID, RoleState.SUSPENDED]
    held = exists().where(Role.account_id == account_id, Role.state.in_(states))
    reason = "factors are shared by all environments; only yes or no leaves here"
    return bool(db.session.scalar(select(held).execution_options(unscoped=reason)))


def roles_of(account_id: int) -> Sequence[Role]:
    """The roles of a person's profile, oldest first, each with its organisation and scope."""
    query = select(Role).where(Role.account_id == account_id, Role.state.in_(SHOWN))
    return db.session.scalars(query.options(*WITH_ORGANISATION).order_by(Role.id)).all()


def organisations_of(account_id: int) -> Sequence[Organisation]:
    """The valid organisations in which a person holds a valid role: «Available profiles»."""
    valid = Role.account_id == account_id, Role.state == RoleState.VALID, has_not_ended()
    held = select(Role.organisation_id).where(*valid)
    query = (
        select(Organisation)
        .where(Organisation.id.in_(held), Organisation.state.in_(EFFECTIVE))
        .options(selectinload(Organisation.competence_rows))
    )
    return db.session.scalars(query.order_by(Organisation.name_sort, Organisation.id)).all()


def role_by_id(role_id: int) -> Role | None:
    """The role of this environment with its organisation and scope, whatever its state."""
    return db.session.scalar(select(Role).where(Role.id == role_id).options(*WITH_ORGANISATION))


def roles_by_id(ids: Collection[int]) -> Sequence[Role]:
    """Roles of this environment with their organisations, in one statement."""
    return db.session.scalars(select(Role).where(Role.id.in_(ids)).options(*WITH_ORGANISATION)).all()


def target_of(role: Role) -> RequestedRole:
    """The role as the rules see it: whose, for which organisation, and whose users may decide it."""
    return RequestedRole(role.id, role.account_id, role.organisation_id, deciders_of(role))


def has_valid_role(organisation_id: int) -> bool:
    """Whether anybody holds a valid role in the organisation: else the next one is its first user."""
    held = select(Role.id).where(Role.organisation_id == organisation_id, Role.state == RoleState.VALID)
    return db.session.scalar(held.limit(1)) is not None


def holds_any_role(account_id: int) -> bool:
    """Whether a request or role of the person still holds its kind here."""
    states = [RoleState.REQUESTED, RoleState.VALID, RoleState.SUSPENDED]
    held = select(Role.id).where(Role.account_id == account_id, Role.state.in_(states))
    return db.session.scalar(held.limit(1)) is not None


def validators_to_notify(role: Role, *, administrators_only: bool = False) -> list[int]:
    """The accounts that may decide the request: administrators of the organisation first, then the nearest, then those
    who stand in today for one of them."""
    pairs = deciders()
    near = select(pairs.c.decider_id, func.min(pairs.c.distance).label("distance"))
    ranked = near.group_by(pairs.c.decider_id).subquery()
    colleagues = (Role.organisation_id == role.organisation_id) & Role.is_administrator
    superiors = ranked.c.decider_id.is_not(None) & (Role.is_administrator if administrators_only else True)
    rows = db.session.execute(
        select(Role.account_id)
        .join(Organisation, Organisation.id == Role.organisation_id)
        .outerjoin(ranked, ranked.c.decider_id == Role.organisation_id)
        .where(Role.state == RoleState.VALID, Role.account_id != role.account_id)
        .where(Organisation.state.in_(EFFECTIVE), or_(colleagues, superiors))
        .group_by(Role.account_id)
        .order_by(func.min(func.coalesce(ranked.c.distance, -1)), Role.account_id)
        .limit(TOLD_AT_MOST),
        {"role_ids": [role.id]},
    )
    told = [account_id for (account_id,) in rows]
    return [*told, *sorted(deputies_of(told) - {*told, role.account_id})]
