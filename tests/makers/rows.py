"""A maker of rows of any table: values by type, with valid parents; for tests that go over all tables."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import Mapper

from portal import clock, tables
from portal.database import Base, UtcDateTime, db
from portal.environments.scope import EnvironmentScoped

assert tables.roles, "every table is known to the registry"
_numbers = itertools.count(1_000)


def every_model() -> list[type[Any]]:
    """Each mapped class."""
    found = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(found, key=lambda model: model.__name__)


def scoped_models() -> list[type[Any]]:
    """Each class whose rows belong to one environment."""
    return [model for model in every_model() if issubclass(model, EnvironmentScoped)]


def a_row(model: type[Any], **given: Any) -> Any:
    """One row of that table in the current environment, flushed, with the parents it needs."""
    mapper: Mapper[Any] = model.__mapper__
    table = mapper.local_table
    assert isinstance(table, Table)
    values = {**_parents(table, given), **given}
    for column in table.columns:
        key = mapper.get_property_by_column(column).key
        if key not in values and _must_have(column):
            values[key] = a_value(column)
    row = model(**values)
    db.session.add(row)
    db.session.flush()
    return row


def _parents(table: Table, given: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for constraint in table.foreign_key_constraints:
        own = [column for column in constraint.columns if column.name != "environment"]
        if any(column.nullable or column.name in given or column.name in made for column in own):
            continue
        parent = a_row(_model_of(constraint.referred_table))
        for column, element in zip(constraint.columns, constraint.elements, strict=True):
            if column.name != "environment":
                made[column.name] = getattr(parent, element.column.name)
    return made


def _model_of(table: Table) -> type[Any]:
    return next(model for model in every_model() if model.__mapper__.local_table is table)


def _must_have(column: Column[Any]) -> bool:
    automatic = column.primary_key and column.autoincrement is True or column.name == "id"
    return not (column.nullable or column.default or automatic or column.name == "environment")


def a_value(column: Column[Any]) -> Any:
    """A value that fits the column; a fresh one each time where it is text or number."""
    number = next(_numbers)
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    if kind is bool:
        return True
    if kind is int:
        return 1 + number % 9 if column.name == "place" else number
    if kind is datetime:
        return clock.now()
    if kind is date:
        return clock.now().date()
    length = getattr(column.type, "length", None) or 40
    return f"{number:x}z"[-length:] if length < 3 else f"t{number}"[:length]
