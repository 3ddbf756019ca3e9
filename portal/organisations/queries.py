"""Reading organisations one by one: by id, the authorities above one, those responsible for an operator."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, OperatorActivity, Organisation
from portal.organisations.search import ENDED_ACTIVITIES
from portal.vocabulary import ControlBodyOrigin


def organisation_by_id(organisation_id: int) -> Organisation | None:
    """The organisation of this environment, whatever its state."""
    return db.session.get(Organisation, organisation_id)


def organisations_by_id(ids: Collection[int]) -> dict[int, Organisation]:
    """Organisations by their id, in one statement."""
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(list(ids))))
    return {row.id: row for row in rows}


def organisations_by_code(code: str) -> Sequence[Organisation]:
    """Those with that code, EORI or VAT number, letter by letter; a few at most, as codes repeat across kinds."""
    named = or_(Organisation.code == code, Organisation.eori == code, Organisation.vat == code)
    return db.session.scalars(select(Organisation).where(named).order_by(Organisation.id).limit(5)).all()


def scopes_by_id(ids: Collection[int]) -> dict[int, ControlBodyScope]:
    """Rows of control bodies by their id, each with its body, in one statement."""
    query = select(ControlBodyScope).where(ControlBodyScope.id.in_(list(ids)))
    rows = db.session.scalars(query.options(joinedload(ControlBodyScope.organisation)))
    return {row.id: row for row in rows}


def is_expired(scope: ControlBodyScope) -> bool:
    """Whether the recognition of that row is over; it is shown and cannot be asked for."""
    return scope.valid_until is not None and scope.valid_until < clock.now().date()


def has_scope_in_force(body_id: int) -> bool:
    """Whether a control body is recognised for anything today: one of its rows has not ended."""
    row = select(ControlBodyScope.id).where(ControlBodyScope.organisation_id == body_id, _not_over())
    return db.session.scalar(row.limit(1)) is not None


def import_scopes_in_force(body_id: int, countries: Collection[str]) -> Sequence[ControlBodyScope]:
    """The rows under which a control body certifies goods of third countries today, of those (ISO) countries.

    The code of a Member State stands for what is produced in that State, never for imports.
    """
    query = select(ControlBodyScope).where(
        ControlBodyScope.organisation_id == body_id,
        ControlBodyScope.country.in_(list(countries)),
        ControlBodyScope.origin == ControlBodyOrigin.THIRD_COUNTRY,
        _not_over(),
    )
    return db.session.scalars(query.order_by(ControlBodyScope.country, ControlBodyScope.id)).all()


def _not_over() -> ColumnElement[bool]:
    return or_(ControlBodyScope.valid_until.is_(None), ControlBodyScope.valid_until >= clock.now().date())


def authorities_above(authority_id: int) -> Sequence[Organisation]:
    """The authorities strictly above one, nearest first; the Commission is the last."""
    return db.session.scalars(
        select(Organisation)
        .join(AuthorityAncestor, AuthorityAncestor.ancestor_id == Organisation.id)
        .where(AuthorityAncestor.authority_id == authority_id, AuthorityAncestor.depth > 0)
        .order_by(AuthorityAncestor.depth)
    ).all()


def responsible_authorities(organisation_id: int) -> Sequence[Organisation]:
    """Who is responsible for the activities of an operator: authorities, and control bodies for organic ones."""
    responsible = select(OperatorActivity.responsible_id).where(
        OperatorActivity.organisation_id == organisation_id, OperatorActivity.state.not_in(ENDED_ACTIVITIES)
    )
    query = select(Organisation).where(Organisation.id.in_(responsible))
    return db.session.scalars(query.order_by(Organisation.name_sort, Organisation.id)).all()
