"""The local authorities of the generated register: as many for a country as it has operators to answer for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select

from portal.database import db
from portal.demo.authorities import ANIMALS_AND_FOOD, LARGE_ONLY, key_of, load_authorities
from portal.demo.generator import countries, languages, town_of
from portal.organisations.loading import organisation_values
from portal.organisations.models import AuthorityAncestor, HeldCompetence, Organisation
from portal.organisations.states import OrganisationState
from portal.organisations.tree import line_of
from portal.vocabulary import MEMBER_STATES, AuthorityRole, OrganisationKind

SHARE_OF_A_UNIT = 2
"""One unit for each two thousandths of the operators that a country has."""
Values = dict[str, Any]


def load_local_units() -> dict[str, list[int]]:
    """The ids of the local units of each country, made where they are missing, below the authorities of the demo."""
    above = _known("demo") or {key: row.id for key, row in load_authorities().items()}
    known = _known("synthetic")
    missing = {key: values for key, values in _all_units(above) if key not in known}
    if missing:
        db.session.execute(insert(Organisation), list(missing.values()))
        known = _known("synthetic")
        _insert_what_belongs_to({known[key]: values["superior_id"] for key, values in missing.items()})
        db.session.commit()
    return {
        country: [known[_key(country, number)] for number in _numbers(country)] for country in MEMBER_STATES
    }


def _numbers(country: str) -> range:
    return range(1, max(1, int(countries()[country]["weight"]) // SHARE_OF_A_UNIT) + 1)


def _key(country: str, number: int) -> str:
    return f"synthetic/{country}/LAU-{number}"


def _known(origin: str) -> dict[str, int]:
    query = select(Organisation.source_key, Organisation.id).where(
        Organisation.origin == origin, Organisation.kind == OrganisationKind.AUTHORITY
    )
    return {str(key): number for key, number in db.session.execute(query)}


def _all_units(above: dict[str, int]) -> Iterator[tuple[str, Values]]:
    for country in MEMBER_STATES:
        superior = above.get(key_of(country, LARGE_ONLY)) or above[key_of(country, "CCA")]
        for number in _numbers(country):
            yield _key(country, number), _unit(country, number, superior)


def _unit(country: str, number: int, superior: int) -> Values:
    profile = countries()[country]
    words = languages()[profile["language"]]
    postcode, city = town_of(profile["towns"][number % len(profile["towns"])])
    name = f"{words['local'].format(town=city)} {number}"
    return {
        **organisation_values(OrganisationKind.AUTHORITY, name, f"{country}SYN-LAU-{number}"),
        "state": OrganisationState.VALID.value,
        "country": country,
        "origin": "synthetic",
        "source_key": _key(country, number),
        "authority_role": AuthorityRole.LAU.value,
        "superior_id": superior,
        "postcode": postcode,
        "city": city,
    }


def _insert_what_belongs_to(superiors: dict[int, int]) -> None:
    """The competences of new units, and their lines in the tree; nothing hangs below them yet."""
    competences = [{"organisation_id": unit, "code": code} for unit in superiors for code in ANIMALS_AND_FOOD]
    lines = {superior: line_of(superior) for superior in set(superiors.values())}
    db.session.execute(insert(HeldCompetence), competences)
    tree = [
        {"authority_id": unit, "ancestor_id": ancestor, "depth": depth}
        for unit, superior in superiors.items()
        for depth, ancestor in enumerate([unit, *lines[superior]])
    ]
    db.session.execute(insert(AuthorityAncestor), tree)
