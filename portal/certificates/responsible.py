"""Which authorities answer for a place that an INTRA names: they certify there, or receive there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from portal.access.rules_certificates import CERTIFYING_AUTHORITIES
from portal.database import db
from portal.organisations import tree
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState, OrganisationState
from portal.reference.queries import chapters_of
from portal.vocabulary import AuthorityRole, OrganisationKind

CHAPTERS = frozenset({"veterinary", "animal_byproducts", "germinal_products", "semen_and_embryo"})
"""The chapters whose consignments an INTRA accompanies: those responsible for them come before others."""


def has_valid_activity(operator_id: int) -> bool:
    """Whether an operator may stand in I.11 to I.13."""
    valid = select(OperatorActivity.id).where(
        OperatorActivity.organisation_id == operator_id, OperatorActivity.state == ActivityState.VALID
    )
    return db.session.scalar(valid.limit(1)) is not None


def authorities_of(operator_id: int) -> list[int]:
    """The authorities that answer for a place, those of its animals first; where none is named, the central authority
    of its country. Each once, in the order of its activities."""
    rows = db.session.execute(
        select(OperatorActivity.section_code, Organisation.id)
        .join(Organisation, Organisation.id == OperatorActivity.responsible_id)
        .where(OperatorActivity.organisation_id == operator_id, OperatorActivity.state == ActivityState.VALID)
        .where(*_certifying())
        .order_by(OperatorActivity.id)
    ).all()
    chapters = chapters_of({section for section, _authority in rows})
    of_animals = [authority for section, authority in rows if chapters.get(section) in CHAPTERS]
    found = of_animals or [authority for _section, authority in rows]
    return list(dict.fromkeys(found)) or list(db.session.scalars(_central_of(operator_id)))


def _certifying() -> tuple[ColumnElement[bool], ...]:
    return (
        Organisation.kind == OrganisationKind.AUTHORITY,
        Organisation.state == OrganisationState.VALID,
        Organisation.authority_role.in_(CERTIFYING_AUTHORITIES),
    )


def _central_of(operator_id: int) -> Select[int]:
    country = select(Organisation.country).where(Organisation.id == operator_id).scalar_subquery()
    central = select(Organisation.id).where(
        *_certifying(), Organisation.country == country, Organisation.authority_role == AuthorityRole.CCA
    )
    return central.order_by(Organisation.id)


def central_above(authority_id: int) -> int | None:
    """The central authority over an authority, which may be itself."""
    line = tree.line_of(authority_id)
    central = select(Organisation.id).where(
        Organisation.id.in_(line), Organisation.authority_role == AuthorityRole.CCA
    )
    return db.session.scalar(central.limit(1))


def is_under(authority_id: int, superior_id: int) -> bool:
    """Whether the one is the other, or stands below it."""
    return superior_id in tree.line_of(authority_id)
