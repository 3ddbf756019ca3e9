"""Invented authorities and organic control bodies of each Member State, and their places in the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from portal.database import db
from portal.demo.generator import countries, languages, made_up_name, town_of
from portal.organisations.folding import search_text
from portal.organisations.loading import commission, organisation_values
from portal.organisations.models import ControlBodyScope, Organisation
from portal.organisations.states import OrganisationState
from portal.organisations.tree import rebuild_ancestors
from portal.vocabulary import MEMBER_STATES, AuthorityRole, ControlBodyOrigin, OrganisationKind

ANIMALS_AND_FOOD = ("VETERINARY", "FOOD", "GERMINAL", "ANIMAL_BY_PRODUCTS")
"""The four competences of the authority that the guide shows."""
# code suffix: role, competences, name in languages.toml, place in the list of towns, suffix of the superior
OFFICES = {
    "CCA": (AuthorityRole.CCA, ANIMALS_AND_FOOD, "central", 2, ""),
    "OPL": (AuthorityRole.CCA, ("ORGANIC",), "organic_central", 2, ""),
    "RCA": (AuthorityRole.RCA, ANIMALS_AND_FOOD, "regional", 2, "CCA"),
    "LAU": (AuthorityRole.LAU, ANIMALS_AND_FOOD, "local", 0, "RCA"),
    "BCP": (AuthorityRole.BCP, ANIMALS_AND_FOOD, "border", 1, "CCA"),
    "CUS": (AuthorityRole.CUSTOMS, ("CUSTOMS",), "customs", 1, "CCA"),
}
LARGE_ONLY = "RCA"
MORE_COMPETENCES = {("IE", "BCP"): ("ORGANIC",)}
"""One border control post of the demo endorses certificates of inspection too."""
SPECIAL_BODIES = {"BE": "CERT EXEMPLE"}
EXTRA_SCOPES = {
    "BE": (("ID-BIO-99", "ID", "CD"),),
    "DE": (("AR-BIO-99", "AR", "AD"), ("BR-BIO-99", "BR", "ABD")),
}
"""Two invented bodies work outside the Union too: they stand on several rows of the search, and one issues COIs."""
CATEGORIES = "ABCDEFG"


def load_authorities() -> dict[str, Organisation]:
    """The authorities of the demo by key, made where they are missing and hung into the tree."""
    known = _known(OrganisationKind.AUTHORITY)
    for country in MEMBER_STATES:
        for values in _offices(country):
            if values["source_key"] not in known:
                db.session.add(row := Organisation(**values))
                known[values["source_key"]] = row
    db.session.flush()
    top = commission()
    for key, authority in known.items():
        authority.superior_id = _superior(key, known, top).id
    _hang_listed_authorities(known, top)
    rebuild_ancestors()
    return known


def load_control_bodies(authorities: dict[str, Organisation]) -> dict[str, Organisation]:
    """An invented control body of each Member State; the scopes of Member States get a supervisor."""
    known = _known(OrganisationKind.CONTROL_BODY)
    for country in MEMBER_STATES:
        values = _body(country)
        if values["source_key"] not in known:
            db.session.add(row := Organisation(**values))
            known[values["source_key"]] = row
            db.session.flush()
        body = known[values["source_key"]]
        there = {scope.code for scope in body.scopes}
        body.scopes.extend(scope for scope in _scopes(body) if scope.code not in there)
    db.session.flush()
    unsupervised = select(ControlBodyScope).where(
        ControlBodyScope.origin == ControlBodyOrigin.MEMBER_STATE, ControlBodyScope.supervisor_id.is_(None)
    )
    for scope in db.session.scalars(unsupervised):
        scope.supervisor_id = authorities[key_of(scope.country, "OPL")].id
    return known


def key_of(country: str, office: str) -> str:
    """The source key of an office of the demo; `office` is a suffix of OFFICES or BODY."""
    return f"demo/{country}/{office}"


def _known(kind: OrganisationKind) -> dict[str, Organisation]:
    rows = db.session.scalars(
        select(Organisation).where(Organisation.origin == "demo", Organisation.kind == kind)
    )
    return {str(row.source_key): row for row in rows}


def _offices(country: str) -> Iterator[dict[str, Any]]:
    profile = countries()[country]
    words = languages()[profile["language"]]
    for office, (role, competences, word, place, _superior_office) in OFFICES.items():
        if office == LARGE_ONLY and not profile.get("large"):
            continue
        postcode, city = town_of(profile["towns"][place])
        name, code = words[word].format(town=city), f"{country}DEMO-{office}"
        yield {
            **_invented(OrganisationKind.AUTHORITY, country, office, name, code),
            "authority_role": role.value,
            "competences": [*competences, *MORE_COMPETENCES.get((country, office), ())],
            "postcode": postcode,
            "city": city,
        }


def _invented(kind: OrganisationKind, country: str, office: str, name: str, code: str) -> dict[str, Any]:
    return {
        **organisation_values(kind, name, code),
        "state": OrganisationState.VALID.value,
        "country": country,
        "origin": "demo",
        "source_key": key_of(country, office),
    }


def _superior(key: str, known: dict[str, Organisation], top: Organisation) -> Organisation:
    _demo, country, office = key.split("/")
    above = OFFICES[office][4]
    if above == LARGE_ONLY and key_of(country, above) not in known:
        above = "CCA"
    return known[key_of(country, above)] if above else top


def _hang_listed_authorities(known: dict[str, Organisation], top: Organisation) -> None:
    """Authorities of public lists come under the invented central authority of their country."""
    listed = select(Organisation).where(
        Organisation.origin == "reference", Organisation.superior_id == top.id, Organisation.id != top.id
    )
    for authority in db.session.scalars(listed):
        central = known.get(key_of(authority.country, "OPL" if "ORGANIC" in authority.competences else "CCA"))
        if central:
            authority.superior_id = central.id


def _body(country: str) -> dict[str, Any]:
    profile = countries()[country]
    words = languages()[profile["language"]]
    invented = made_up_name(profile["language"], MEMBER_STATES.index(country))
    name = words["body"].format(name=SPECIAL_BODIES.get(country, invented))
    postcode, city = town_of(profile["towns"][0])
    values = _invented(OrganisationKind.CONTROL_BODY, country, "BODY", name, f"{country}-BIO-99")
    return {**values, "postcode": postcode, "city": city}


def _scopes(body: Organisation) -> Iterator[ControlBodyScope]:
    yield _scope(body, body.code, body.country, CATEGORIES, ControlBodyOrigin.MEMBER_STATE)
    for code, country, categories in EXTRA_SCOPES.get(body.country, ()):
        yield _scope(body, code, country, categories, ControlBodyOrigin.THIRD_COUNTRY)


def _scope(
    body: Organisation, code: str, country: str, categories: str, origin: ControlBodyOrigin
) -> ControlBodyScope:
    return ControlBodyScope(
        organisation_id=body.id,
        name_sort=body.name_sort,
        search_text=search_text(body.name, code),
        code=code,
        country=country,
        categories=categories,
        regime="2018/848",
        origin=origin.value,
    )
