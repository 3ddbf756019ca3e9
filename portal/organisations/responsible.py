"""Who can be responsible for an activity: chosen by the person, or found by geography (OP6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from portal.database import db
from portal.organisations.models import ControlBodyScope, Organisation
from portal.organisations.search import is_competent_for
from portal.organisations.states import OrganisationState
from portal.reference.queries import chapter_of
from portal.vocabulary import AuthorityRole, OrganisationKind

ORGANIC = "organic"
CHOSEN = frozenset({
    "veterinary", "animal_byproducts", "germinal_products", "semen_and_embryo", ORGANIC,
})  # fmt: skip
"""The chapters in which the person names the authority; elsewhere it is found by the address."""
RESPONSIBLE_FOR_THE_LOAD = "RFL"
COMPETENCES = {
    "veterinary": "VETERINARY",
    "animal_byproducts": "VETERINARY",
    "germinal_products": "VETERINARY",
    "semen_and_embryo": "VETERINARY",
    "food": "FOOD",
    "non_animal_origin_food_and_feed": "NON_ANIMAL",
    "plants": "PLANT_HEALTH",
    "imported_timber": "TIMBER",
    "eudr": "EUDR",
    "fishing": "FISHING",
    "eucites": "CITES",
    "wsr": "WASTE",
    "import_of_cultural_goods": "CULTURAL_GOODS",
    "ccfv": "CCFV",
    ORGANIC: "ORGANIC",
}
"""The competence of authorities that fits a chapter."""
NEVER = (AuthorityRole.COMMISSION, AuthorityRole.CUSTOMS, AuthorityRole.CP)
NEAREST_FIRST = (AuthorityRole.LAU, AuthorityRole.RCA, AuthorityRole.CCA, AuthorityRole.BCP)
OFFERED_AT_MOST = 500


@dataclass(frozen=True)
class Place:
    """Where an activity is done."""

    country: str
    postcode: str = ""


def is_chosen(section: str) -> bool:
    """Whether the person names the responsible authority; else it is found."""
    return section == RESPONSIBLE_FOR_THE_LOAD or chapter_of(section) in CHOSEN


def offered(section: str, country: str) -> Sequence[Organisation]:
    """The organisations that can be named for an activity of that section, by name."""
    chapter = chapter_of(section)
    query = _authorities(country)
    if section == RESPONSIBLE_FOR_THE_LOAD:
        query = query.where(Organisation.authority_role == AuthorityRole.BCP)
    elif chapter == ORGANIC:
        query = _organic(country)
    else:
        query = _competent(query, chapter)
    return db.session.scalars(
        query.order_by(Organisation.name_sort, Organisation.id).limit(OFFERED_AT_MOST)
    ).all()


def found_for(section: str, place: Place) -> Organisation | None:
    """The authority that answers for the section at that place: the nearest level, then the nearest postcode."""
    rows = offered(section, place.country)
    ranked = sorted(rows, key=lambda row: (_level(row), -_shared(row.postcode, place.postcode), row.id))
    return ranked[0] if ranked else None


def _authorities(country: str) -> Select[Organisation]:
    return select(Organisation).where(
        Organisation.kind == OrganisationKind.AUTHORITY,
        Organisation.country == country,
        Organisation.state == OrganisationState.VALID,
        Organisation.authority_role.not_in(NEVER),
    )


def _competent(query: Select[Organisation], chapter: str) -> Select[Organisation]:
    # Where no office has the competence of the chapter, the general ones answer; a post answers for its border only.
    inland = query.where(Organisation.authority_role != AuthorityRole.BCP)
    fitting = inland.where(is_competent_for(COMPETENCES.get(chapter, "")))
    if db.session.scalars(fitting.limit(1)).first() is not None:
        return fitting
    return inland.where(or_(~Organisation.competence_rows.any(), ~is_competent_for("ORGANIC")))


def _organic(country: str) -> Select[Organisation]:
    """Organic authorities of the country, and the control bodies that work for it."""
    bodies = select(ControlBodyScope.organisation_id).where(ControlBodyScope.country == country)
    authority = (
        (Organisation.kind == OrganisationKind.AUTHORITY)
        & (Organisation.country == country)
        & Organisation.authority_role.not_in(NEVER)
        & is_competent_for("ORGANIC")
    )
    body = (Organisation.kind == OrganisationKind.CONTROL_BODY) & Organisation.id.in_(bodies)
    return select(Organisation).where(Organisation.state == OrganisationState.VALID, or_(authority, body))


def _level(row: Organisation) -> int:
    return (
        NEAREST_FIRST.index(AuthorityRole(row.authority_role)) if row.authority_role else len(NEAREST_FIRST)
    )


def _shared(first: str, second: str) -> int:
    """How many characters two postcodes begin with alike: neighbours share more."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
