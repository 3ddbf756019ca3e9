"""Who may decide a request (spec 2.4), said once, as statements: the rule, the queue and the mails all ask here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    bindparam,
    exists,
    false,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.database import db
from portal.organisations.models import (
    AuthorityAncestor,
    ControlBodyScope,
    HeldCompetence,
    OperatorActivity,
    Organisation,
)
from portal.organisations.search import ENDED_ACTIVITIES
from portal.organisations.states import OrganisationState
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole, ControlBodyOrigin, OrganisationKind

RESPONSIBLE_FOR_THE_LOAD = "responsible"
"""The activity that border control posts may validate too."""
ORGANIC = "ORGANIC"
"""The competence of authorities above control bodies."""
FAR = 9
"""How far away deciders stand who are no superiors: they are named last."""

Above = aliased(Organisation)
Responsible = aliased(Organisation)
Operator = aliased(Organisation)
Asked = aliased(Organisation)


@dataclass(frozen=True)
class Branch:
    """One sentence of spec 2.4: which organisation decides, how far above it stands, and from where it is known."""

    decider: SQLColumnExpression[int]
    distance: SQLColumnExpression[int]
    rows: Select[Any]

    def read(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Its rows with these columns, the decider and the distance."""
        named: list[ColumnElement[int]] = [self.decider.label("decider_id"), self.distance.label("distance")]
        return self.rows.with_only_columns(*columns, *named, maintain_column_froms=True)


def _is_not_commission() -> ColumnElement[bool]:
    return Above.authority_role.is_distinct_from(AuthorityRole.COMMISSION.value)


def _activities(*, ended: bool) -> Select[Any]:
    rows = select(OperatorActivity.id).select_from(OperatorActivity)
    return rows if ended else rows.where(OperatorActivity.state.not_in(ENDED_ACTIVITIES))


def _responsible_authorities(activities: Select[Any]) -> Branch:
    rows = (
        activities.join(AuthorityAncestor, AuthorityAncestor.authority_id == OperatorActivity.responsible_id)
        .join(Above, Above.id == AuthorityAncestor.ancestor_id)
        .where(_is_not_commission())
    )
    return Branch(Above.id, AuthorityAncestor.depth, rows)


def _responsible_bodies(activities: Select[Any]) -> list[Branch]:
    """A control body named for an activity, and the authorities of the operator's country above it."""
    named = Responsible.id == OperatorActivity.responsible_id
    is_body = Responsible.kind == OrganisationKind.CONTROL_BODY
    rows = activities.join(Responsible, named).where(is_body)
    above = (
        rows.join(Operator, Operator.id == OperatorActivity.organisation_id)
        .join(ControlBodyScope, ControlBodyScope.organisation_id == Responsible.id)
        .where(ControlBodyScope.origin == ControlBodyOrigin.MEMBER_STATE)
        .where(ControlBodyScope.country == Operator.country)
        .join(AuthorityAncestor, AuthorityAncestor.authority_id == ControlBodyScope.supervisor_id)
        .join(Above, Above.id == AuthorityAncestor.ancestor_id)
        .where(_is_not_commission())
    )
    return [Branch(Responsible.id, literal(0), rows), Branch(Above.id, AuthorityAncestor.depth + 1, above)]


def _central_of(country: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether `Above` is a central authority of that country: it answers where nobody nearer is named."""
    is_central = Above.authority_role == AuthorityRole.CCA.value
    return (Above.country == country) & is_central & (Above.state == OrganisationState.VALID.value)


def _nobody_named(activities: Select[Any]) -> Branch:
    """An activity without responsible authority is the central authorities' of the operator's country."""
    rows = (
        activities.where(OperatorActivity.responsible_id.is_(None))
        .join(Operator, Operator.id == OperatorActivity.organisation_id)
        .join(Above, _central_of(Operator.country) & (Above.kind == OrganisationKind.AUTHORITY.value))
    )
    return Branch(Above.id, literal(FAR), rows)


def _border_posts(activities: Select[Any]) -> Branch:
    """For those responsible for the load, the border control posts of their country too."""
    rows = (
        activities.where(OperatorActivity.activity_code == RESPONSIBLE_FOR_THE_LOAD)
        .join(Operator, Operator.id == OperatorActivity.organisation_id)
        .join(Above, (Above.country == Operator.country) & (Above.kind == OrganisationKind.AUTHORITY))
        .where(Above.authority_role == AuthorityRole.BCP, Above.state == OrganisationState.VALID)
    )
    return Branch(Above.id, literal(FAR), rows)


@cache
def _of_activities(*, ended: bool = False) -> tuple[Branch, ...]:
    """Who decides an activity of an operator, with `ended` one that is over too: never the Commission."""
    rows = _activities(ended=ended)
    return (
        _responsible_authorities(rows),
        *_responsible_bodies(rows),
        _border_posts(rows),
        _nobody_named(rows),
    )


def _of_operators() -> list[Branch]:
    mine = (Role.kind == OrganisationKind.OPERATOR) & (
        OperatorActivity.organisation_id == Role.organisation_id
    )
    return [Branch(b.decider, b.distance, b.rows.where(mine)) for b in _of_activities()]


def _of_authorities() -> Branch:
    """Strictly above; the Commission for central authorities, and below one only where it has no user."""
    rows = (
        select(AuthorityAncestor.ancestor_id)
        .select_from(AuthorityAncestor)
        .join(Asked, Asked.id == AuthorityAncestor.authority_id)
        .join(Above, Above.id == AuthorityAncestor.ancestor_id)
        .where(AuthorityAncestor.authority_id == Role.organisation_id, AuthorityAncestor.depth > 0)
        .where(Role.kind == OrganisationKind.AUTHORITY)
        .where(
            or_(
                _is_not_commission(),
                Asked.authority_role == AuthorityRole.CCA,
                ~_central_authority_has_users(),
            )
        )
    )
    return Branch(Above.id, AuthorityAncestor.depth, rows)


def _central_authority_has_users() -> ColumnElement[bool]:
    line, central, colleague = aliased(AuthorityAncestor), aliased(Organisation), aliased(Role)
    users = (
        select(colleague.id)
        .where(line.authority_id == AuthorityAncestor.authority_id, central.id == line.ancestor_id)
        .where(central.authority_role == AuthorityRole.CCA, colleague.organisation_id == central.id)
        .where(colleague.state == RoleState.VALID)
    )
    return users.correlate(AuthorityAncestor).offset(0).exists()


def _of_control_bodies() -> list[Branch]:
    """The code decides: a Member State's is its authority's, without one the central authority's that is competent for
    organic production; a third country's is the Commission's, and what is left without any."""
    own = (ControlBodyScope.id == Role.scope_id) & (Role.kind == OrganisationKind.CONTROL_BODY)
    start = select(ControlBodyScope.id).select_from(ControlBodyScope).where(own)
    national = (
        start.join(AuthorityAncestor, AuthorityAncestor.authority_id == ControlBodyScope.supervisor_id)
        .join(Above, Above.id == AuthorityAncestor.ancestor_id)
        .where(ControlBodyScope.origin == ControlBodyOrigin.MEMBER_STATE, _is_not_commission())
    )
    unsupervised = (ControlBodyScope.origin == ControlBodyOrigin.MEMBER_STATE) & (
        ControlBodyScope.supervisor_id.is_(None)
    )
    organic = start.join(Above, _central_of(ControlBodyScope.country) & _is_organic(Above.id))
    commission = start.join(Above, Above.authority_role == AuthorityRole.COMMISSION).where(
        (ControlBodyScope.origin == ControlBodyOrigin.THIRD_COUNTRY)
        | (unsupervised & ~_has_organic_authority())
    )
    return [
        Branch(Above.id, AuthorityAncestor.depth, national),
        Branch(Above.id, literal(FAR), organic.where(unsupervised)),
        Branch(Above.id, literal(FAR), commission),
    ]


def _is_organic(authority_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return exists().where(HeldCompetence.organisation_id == authority_id, HeldCompetence.code == ORGANIC)


def _has_organic_authority() -> ColumnElement[bool]:
    central = aliased(Organisation)
    named = (
        select(central.id)
        .where(central.country == ControlBodyScope.country, central.kind == OrganisationKind.AUTHORITY.value)
        .where(
            central.authority_role == AuthorityRole.CCA.value, central.state == OrganisationState.VALID.value
        )
        .where(_is_organic(central.id))
    )
    return named.correlate(ControlBodyScope).offset(0).exists()


@cache
def _branches() -> tuple[Branch, ...]:
    # Made once: putting these statements together takes longer than the database needs to answer them.
    return *_of_operators(), _of_authorities(), *_of_control_bodies()


@cache
def deciders() -> Subquery:
    """Rows (role_id, decider_id, distance) of the roles whose ids are given as the parameter `role_ids`."""
    asked = Role.id.in_(bindparam("role_ids", expanding=True))
    return union_all(*(b.read(Role.id.label("role_id")).where(asked) for b in _branches())).subquery()


@lru_cache(maxsize=512)
def is_decided_by(organisations: frozenset[int]) -> ColumnElement[bool]:
    """For a query of roles: whether one of these organisations decides the role of the row."""
    if not organisations:
        return false()
    ours = sorted(organisations)
    # With an offset PostgreSQL asks for each role along the indexes; without, it reads every activity there is first.
    rows = (b.read(literal(1)).where(b.decider.in_(ours)).offset(0) for b in _branches())
    return or_(*(found.correlate(Role).exists() for found in rows))


def deciders_of(role: Role) -> frozenset[int]:
    """The organisations whose users decide that role, its own administrators apart."""
    query = select(deciders().c.decider_id)
    return frozenset(db.session.scalars(query, {"role_ids": [role.id]}))


def nearest_deciders(role_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the organisations that decide each of these roles, nearest first, in one statement."""
    pairs = deciders()
    query = (
        select(pairs.c.role_id, Organisation.name)
        .join(Organisation, Organisation.id == pairs.c.decider_id)
        .where(Organisation.state == OrganisationState.VALID)
        .order_by(pairs.c.role_id, pairs.c.distance, Organisation.name_sort)
    )
    names: dict[int, list[str]] = {role_id: [] for role_id in role_ids}
    for role_id, name in db.session.execute(query, {"role_ids": list(role_ids)}):
        if name not in names[role_id]:
            names[role_id].append(name)
    return names


def activities_decided_by(organisation_id: int, organisations: Collection[int]) -> list[int]:
    """The activities of an operator that one of these organisations may validate."""
    mine = OperatorActivity.organisation_id == organisation_id
    parts = [
        b.read(OperatorActivity.id.label("activity_id")).where(mine, b.decider.in_(organisations))
        for b in _of_activities()
    ]
    found = union_all(*parts).subquery()
    return sorted(set(db.session.scalars(select(found.c.activity_id))))


def operators_decided_by(operators: Collection[int], organisations: Collection[int]) -> frozenset[int]:
    """Those of these operators of which one of the organisations may validate an activity, in one statement."""
    if not operators or not organisations:
        return frozenset()
    number, among = OperatorActivity.organisation_id.label("operator_id"), sorted(operators)
    parts = [
        b.read(number).where(OperatorActivity.organisation_id.in_(among), b.decider.in_(organisations))
        for b in _of_activities()
    ]
    found = union_all(*parts).subquery()
    return frozenset(db.session.scalars(select(found.c.operator_id)))


def deciders_of_activities(organisation_id: int, *, ended: bool = False) -> dict[int, frozenset[int]]:
    """The organisations that decide each living activity of an operator, with `ended` each one, by its id."""
    mine = OperatorActivity.organisation_id == organisation_id
    parts = [
        b.read(OperatorActivity.id.label("activity_id")).where(mine) for b in _of_activities(ended=ended)
    ]
    found = union_all(*parts).subquery()
    pairs: dict[int, set[int]] = {}
    for activity_id, decider_id in db.session.execute(select(found.c.activity_id, found.c.decider_id)):
        pairs.setdefault(activity_id, set()).add(decider_id)
    return {activity_id: frozenset(ids) for activity_id, ids in pairs.items()}
