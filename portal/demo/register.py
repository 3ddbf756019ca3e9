"""Fills the current environment with invented organisations: the demo's own, and operators in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, text

from portal.database import db
from portal.demo.authorities import key_of, load_authorities, load_control_bodies
from portal.demo.generator import SEED, MadeUpOperator, generate_operators, town_of
from portal.organisations.loading import organisation_values
from portal.organisations.models import AuthorityAncestor, OperatorActivity, Organisation
from portal.organisations.states import ActivityState
from portal.reference.files import rows_of
from portal.vocabulary import MEMBER_STATES, OrganisationKind

OPERATORS_PER_COUNTRY = 40
CHUNK = 2000
STATES = {"requested": ActivityState.NEW.value}
"""The generator's word where it is not the state's own."""
SUPERVISED_BY = {"organic": "OPL"}
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

Values = dict[str, Any]


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
    _renew_statistics()
    return {"authorities": len(authorities), "control bodies": len(bodies), "operators added": added}


def generate_register(count: int, seed: int = SEED) -> Iterator[int]:
    """Brings the made-up register up to `count` operators, chunk by chunk; yields how many there are."""
    there = _already_generated(seed)
    operators = islice(generate_operators(count, seed), there, None)
    duties = _duties()
    _renew_statistics()
    while chunk := list(islice(operators, CHUNK)):
        _insert([(f"synthetic/{seed}/{o.number}", o) for o in chunk], duties)
        db.session.commit()
        there += len(chunk)
        yield there
    _renew_statistics()


def _renew_statistics() -> None:
    """Without it the database goes on as if the tables were small, even where it checks foreign keys."""
    for table in (
        Organisation.__tablename__,
        OperatorActivity.__tablename__,
        AuthorityAncestor.__tablename__,
    ):
        db.session.execute(
            text(f"ANALYZE {table}"), execution_options={"unscoped": "reads no row of anybody"}
        )
    db.session.commit()


def _already_generated(seed: int) -> int:
    mine = Organisation.source_key.startswith(f"synthetic/{seed}/", autoescape=True)
    query = select(func.count()).select_from(Organisation).where(Organisation.origin == "synthetic", mine)
    return db.session.scalars(query).one()


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
        _insert(missing, _duties())
    return len(missing)


def _insert(operators: list[tuple[str, MadeUpOperator]], duties: dict[tuple[str, str], int]) -> None:
    db.session.execute(insert(Organisation), [_operator_values(key, operator) for key, operator in operators])
    # Asking for the ids afterwards is twice as fast as RETURNING, which SQLite answers row by row.
    query = select(Organisation.source_key, Organisation.id)
    keys = [key for key, _operator in operators]
    ids = dict(db.session.execute(query.where(Organisation.source_key.in_(keys))).all())
    activities = [row for key, operator in operators for row in _activity_values(ids[key], operator, duties)]
    # Without this a row that names nobody responsible would be a statement of its own.
    db.session.execute(insert(OperatorActivity), activities, execution_options={"render_nulls": True})


def _operator_values(key: str, operator: MadeUpOperator) -> Values:
    return {
        **organisation_values(OrganisationKind.OPERATOR, operator.name, eori=operator.eori or ""),
        "street": operator.street,
        "postcode": operator.postcode,
        "city": operator.city,
        "country": operator.country,
        "state": STATES.get(operator.status, operator.status),
        "origin": "demo" if "/named-" in key else "synthetic",
        "source_key": key,
    }


def _activity_values(
    new_id: int, operator: MadeUpOperator, duties: dict[tuple[str, str], int]
) -> Iterator[Values]:
    for section, activity in operator.activities:
        yield {
            "organisation_id": new_id,
            "section_code": section,
            "activity_code": activity,
            "state": STATES.get(operator.status, operator.status),
            "responsible_id": duties.get((operator.country, section)),
        }


def _duties() -> dict[tuple[str, str], int]:
    """Which invented authority answers for a section in a country; none outside the Union."""
    query = select(Organisation.source_key, Organisation.id).where(
        Organisation.origin == "demo", Organisation.kind == OrganisationKind.AUTHORITY
    )
    offices = dict(db.session.execute(query).all())
    return {
        (country, row["code"]): offices[key]
        for row in rows_of("sections")
        for country in MEMBER_STATES
        if (key := key_of(country, _office(row))) in offices
    }


def _office(section: dict[str, str]) -> str:
    if section["code"] == "RFL":
        return "BCP"
    return SUPERVISED_BY.get(section["chapter"], "LAU")
