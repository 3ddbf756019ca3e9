"""What is asked of a register of a million operators reads no whole table: the plans of SQLite say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.access.actor import Actor
from portal.database import Base, db
from portal.organisations.duplicates import Sought, likely_duplicates
from portal.roles.operators import OwnOperators, history_of, own_operators, target_of
from tests.makers.operators import EORI
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, acting

pytestmark = [
    pytest.mark.usefixtures("production"),
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
]
Statement = tuple[str, Any]


@contextmanager
def asked() -> Iterator[list[Statement]]:
    """Every SELECT of the block, with its parameters."""
    found: list[Statement] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def whole_tables(statements: list[Statement]) -> list[str]:
    """The lines of the plans that read a whole table of rows."""
    connection = db.session.connection()
    plans = [
        connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all() for sql, values in statements
    ]
    lines = [str(row[-1]) for plan in plans for row in plan]
    scans = [line for line in lines if line.startswith("SCAN ") and " INDEX " not in line]
    return [line for line in scans if line.split()[1].startswith(tuple(Base.metadata.tables))]


READINGS: dict[str, Callable[[Actor], object]] = {
    "those of a country": lambda actor: own_operators(OwnOperators("BE"), actor),
    "those to validate": lambda actor: own_operators(OwnOperators("BE", "new"), actor),
}


@pytest.mark.parametrize("reading", READINGS)
def test_the_list_of_own_operators_reads_no_whole_table(app: Flask, reading: str) -> None:
    country = a_country()
    an_operator(responsible=country.local)
    for place in (country.local, country.central, country.commission):
        actor = acting(a_member(place))
        with asked() as statements:
            READINGS[reading](actor)
        assert statements
        assert whole_tables(statements) == []


def test_likely_duplicates_are_found_by_indexes(app: Flask) -> None:
    with asked() as statements:
        likely_duplicates(Sought("BE", "Fret Exemple", EORI, "BE0403170701", "Rue 1", "4000"))
    assert len(statements) == 4
    assert whole_tables(statements) == []


def test_one_operator_with_its_deciders_and_history_is_found_by_indexes(app: Flask) -> None:
    operator = an_operator(responsible=a_country().local)
    with asked() as statements:
        target_of(operator)
        history_of(operator)
    assert whole_tables(statements) == []


def test_a_whole_table_that_is_read_is_noticed(app: Flask) -> None:
    assert whole_tables([("SELECT fax FROM organisations", ())]) == ["SCAN organisations"]
