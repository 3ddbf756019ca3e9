"""Puts made-up operators into the tables of the current environment, many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from portal.database import db
from portal.demo.authorities import key_of
from portal.demo.generator import MadeUpOperator
from portal.organisations.loading import organisation_values
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState
from portal.reference.files import rows_of
from portal.vocabulary import MEMBER_STATES, OrganisationKind

STATES = {"requested": ActivityState.NEW.value}
"""The generator's word where it is not the state's own."""
SUPERVISED_BY = {"organic": "OPL"}

Values = dict[str, Any]
Duties = Mapping[tuple[str, str], Sequence[int]]
"""The invented authorities that share a section in a country."""


def insert_operators(operators: list[tuple[str, MadeUpOperator]], duties: Duties) -> dict[str, int]:
    """The operators with their activities; returns their ids by source key. Commits nothing."""
    db.session.execute(insert(Organisation), [_operator_values(key, operator) for key, operator in operators])
    # Asking for the ids afterwards is twice as fast as RETURNING, which SQLite answers row by row.
    query = select(Organisation.source_key, Organisation.id)
    keys = [key for key, _operator in operators]
    ids = {
        str(key): number for key, number in db.session.execute(query.where(Organisation.source_key.in_(keys)))
    }
    activities = [row for key, operator in operators for row in _activity_values(ids[key], operator, duties)]
    # Without this a row that names nobody responsible would be a statement of its own.
    db.session.execute(insert(OperatorActivity), activities, execution_options={"render_nulls": True})
    return ids


def duties_of(units: Mapping[str, Sequence[int]]) -> Duties:
    """Which invented authorities answer for a section in a country; nobody outside the Union.

    Where a country has `units`, they share what its one local authority of the demo would answer for.
    """
    query = select(Organisation.source_key, Organisation.id).where(
        Organisation.origin == "demo", Organisation.kind == OrganisationKind.AUTHORITY
    )
    offices = {str(key): [number] for key, number in db.session.execute(query)}
    offices |= {key_of(country, "LAU"): list(ids) for country, ids in units.items()}
    return {
        (country, row["code"]): offices[key]
        for row in rows_of("sections")
        for country in MEMBER_STATES
        if (key := key_of(country, _office(row))) in offices
    }


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


def _activity_values(new_id: int, operator: MadeUpOperator, duties: Duties) -> Iterator[Values]:
    for section, activity in operator.activities:
        answering = duties.get((operator.country, section), ())
        yield {
            "organisation_id": new_id,
            "section_code": section,
            "activity_code": activity,
            "state": STATES.get(operator.status, operator.status),
            "responsible_id": answering[operator.number % len(answering)] if answering else None,
        }


def _office(section: dict[str, str]) -> str:
    if section["code"] == "RFL":
        return "BCP"
    return SUPERVISED_BY.get(section["chapter"], "LAU")
