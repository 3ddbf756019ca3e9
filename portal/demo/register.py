"""Fills the current environment with the invented organisations of the demo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from portal.database import db, renew_statistics
from portal.demo.authorities import load_authorities, load_control_bodies
from portal.demo.generator import MadeUpOperator, generate_operators, town_of
from portal.demo.inserting import duties_of, insert_operators
from portal.organisations.models import Organisation
from portal.vocabulary import MEMBER_STATES

OPERATORS_PER_COUNTRY = 40
ORGANIC_IMPORTER = ("ORGANIC IMPORTER", "organic_importer")
KNOWN_BY_NAME = (
    ("BE", "ABC test Operator", "3294 Diest", (ORGANIC_IMPORTER,)),
    ("BE", "ABC test 2", "6591 Macon", (ORGANIC_IMPORTER,)),
    ("BE", "Exemple Import BV", "4120 Neupré", (ORGANIC_IMPORTER, ("FLEGT", "timber_importer"))),
    ("FR", "Fret Exemple SAS", "66000 Perpignan", (("RFL", "responsible"),)),
    ("FR", "Élevage Exemple GAEC", "08000 Charleville-Mézières", (("BOV-EST", "bovine_establishment"),)),
    ("DE", "Muster Viehhandel GmbH", "26122 Oldenburg", (("BOV-EST", "bovine_establishment"),)),
    ("ES", "Ganados Ejemplo S.L.", "06001 Badajoz", (("BOV-EST", "bovine_establishment"),)),
    ("IE", "Example Livestock Ltd", "T12 Cork", (("BOV-EST", "bovine_establishment"),)),
)
"""Valid operators that the demo's people call by name; the first two are test names of the guide."""


def load_demo_register() -> dict[str, int]:
    """The whole demo register of the current environment; rows that are there already are left alone."""
    authorities = load_authorities()
    bodies = load_control_bodies(authorities)
    known = _named_operators()
    added = _add_operators((f"demo/{o.country}/named-{o.number}", o) for o in known)
    for country in MEMBER_STATES:
        made_up = generate_operators(OPERATORS_PER_COUNTRY, country=country)
        added += _add_operators((f"demo/{country}/operator-{o.number}", o) for o in made_up)
    db.session.commit()
    renew_statistics()
    return {"authorities": len(authorities), "control bodies": len(bodies), "operators added": added}


def _named_operators() -> Iterator[MadeUpOperator]:
    for number, (country, name, town, activities) in enumerate(KNOWN_BY_NAME, start=1):
        postcode, city = town_of(town)
        eori = f"{country}DEMO90000{number:02}" if ORGANIC_IMPORTER in activities else None
        yield MadeUpOperator(number, name, "Street 1", postcode, city, country, eori, "valid", activities)


def _add_operators(operators: Iterable[tuple[str, MadeUpOperator]]) -> int:
    rows = list(operators)
    keys = [key for key, _operator in rows]
    query = select(Organisation.source_key).where(Organisation.source_key.in_(keys))
    there = set(db.session.scalars(query))
    missing = [(key, operator) for key, operator in rows if key not in there]
    if missing:
        insert_operators(missing, duties_of({}))
    return len(missing)
