"""Reading operators as the rules see them: one with its targets, those one keeps, where a merged one went."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select, union
from sqlalchemy.orm import selectinload

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_operators import ActivityTarget, OperatorTarget, keeps_operators
from portal.audit.models import AuditEvent
from portal.database import db
from portal.organisations.models import AuthorityAncestor, OperatorActivity, Organisation
from portal.organisations.operator_models import OperatorAddress, OperatorMerge
from portal.organisations.queries import organisation_by_id
from portal.organisations.search import ENDED_ACTIVITIES
from portal.paging import Page, Place, read_page
from portal.roles.changes import NotThere
from portal.roles.deciders import deciders_of_activities
from portal.vocabulary import OrganisationKind

FEW = 2000
"""Up to so many operators the list is put together from them; of more, it walks the register in its order."""
HISTORY_ROWS = 50


@dataclass(frozen=True)
class OwnOperators:
    """Filters of «my operators»: a country, and the state of an activity (VQ1: «Operators to validate»)."""

    country: str
    state: str = ""


def operator_by_id(operator_id: int) -> Organisation:
    """The operator of this environment, whatever its state; raises NotThere."""
    row = organisation_by_id(operator_id)
    if row is None or row.kind != OrganisationKind.OPERATOR:
        raise NotThere
    return row


def target_of(operator: Organisation, *, ended: bool = False) -> OperatorTarget:
    """The operator as the rules see it; with `ended` those who decided an activity that is over count as well."""
    by_activity = deciders_of_activities(operator.id, ended=ended)
    deciding = frozenset().union(*by_activity.values())
    named = select(OperatorActivity.responsible_id).where(OperatorActivity.organisation_id == operator.id)
    responsible = frozenset(number for number in db.session.scalars(named) if number is not None)
    return OperatorTarget(operator.id, deciding, responsible, operator.created_by)


def targets_of_activities(operator: Organisation) -> dict[int, ActivityTarget]:
    """Its activities as the rules see them, by id, those that are over too: their deciders stay who they were."""
    deciding = deciders_of_activities(operator.id, ended=True)
    return {
        one.id: ActivityTarget(one.id, operator.id, deciding.get(one.id, frozenset()), one.created_by)
        for one in operator.activities
    }


def operator_to_read(operator_id: int, actor: Actor) -> tuple[Organisation, OperatorTarget]:
    """The operator with its target, for its page; raises NotThere, Refused."""
    authorise(actor, Action.PROFILE_READ)
    operator = operator_by_id(operator_id)
    target = target_of(operator)
    authorise(actor, Action.OPERATOR_READ, target)
    return operator, target


def survivor_of(operator_id: int) -> int | None:
    """Which record a merged one became; None for one that was not merged."""
    merged = select(OperatorMerge.survivor_id).where(OperatorMerge.loser_id == operator_id)
    return db.session.scalar(merged)


def merged_into_it(operator_id: int) -> list[OperatorMerge]:
    """The records that became this one, newest first."""
    query = select(OperatorMerge).where(OperatorMerge.survivor_id == operator_id)
    return list(db.session.scalars(query.order_by(OperatorMerge.id.desc())))


def addresses_of(operator_id: int) -> list[OperatorAddress]:
    """The addresses beside the main one."""
    query = select(OperatorAddress).where(OperatorAddress.organisation_id == operator_id)
    return list(db.session.scalars(query.order_by(OperatorAddress.id)))


def history_of(operator: Organisation) -> list[AuditEvent]:
    """What happened to the operator, newest first."""
    of_it = AuditEvent.subject_kind == "organisation", AuditEvent.subject_id == operator.id
    here = AuditEvent.environment == operator.environment
    query = select(AuditEvent).where(*of_it, here).order_by(AuditEvent.id.desc()).limit(HISTORY_ROWS)
    return list(db.session.scalars(query))


def own_operators(wanted: OwnOperators, actor: Actor, place: Place = Place()) -> Page[Organisation]:  # noqa: B008
    """Operators for whose activities the actor's organisations, or those below them, are responsible, by name."""
    authorise(actor, Action.OPERATOR_LIST)
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.OPERATOR, Organisation.country == wanted.country
    )
    if not actor.is_commission:
        query = query.where(_kept_by(_keeping(actor), wanted.state))
    elif wanted.state:
        query = query.where(exists().where(_own_activity(), OperatorActivity.state == wanted.state))
    query = query.options(selectinload(Organisation.activities))
    return read_page(query, Organisation.name_sort, Organisation.id, place)


def _keeping(actor: Actor) -> list[int]:
    return sorted({role.organisation_id for role in actor.roles if keeps_operators(role)})


def _own_activity() -> ColumnElement[bool]:
    return OperatorActivity.organisation_id == Organisation.id


def _kept_by(organisations: list[int], state: str) -> ColumnElement[bool]:
    below = select(AuthorityAncestor.authority_id).where(AuthorityAncestor.ancestor_id.in_(organisations))
    # One list of both: for «here or there» PostgreSQL would read every activity.
    themselves = select(Organisation.id).where(Organisation.id.in_(organisations))
    ours = OperatorActivity.responsible_id.in_(union(below, themselves))
    states = OperatorActivity.state == state if state else OperatorActivity.state.not_in(ENDED_ACTIVITIES)
    rows = select(OperatorActivity.organisation_id).where(ours, states)
    few = (db.session.scalar(select(func.count()).select_from(rows.limit(FEW).subquery())) or 0) < FEW
    return Organisation.id.in_(rows) if few else exists().where(_own_activity(), ours, states)
