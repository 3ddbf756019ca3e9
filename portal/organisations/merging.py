"""Moving everything that points at one operator to another, table by table, found by the metadata. Commits nothing.

What the tables mean is no matter here; rows that need a decision of their own are settled by the caller before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper

from portal.database import Base, db, rows_changed
from portal.organisations.models import Organisation

NAMED = "organisation_id"
"""Shared tables cannot refer to a scoped one: they keep the number in a column of this name."""
STAYING = frozenset({("operator_merges", "loser_id"), ("audit_events", "organisation_id")})
"""What keeps pointing at the record that goes: which one it became, and what happened to it (no event changes)."""


@dataclass(frozen=True)
class Pointer:
    """A column of some table that points at organisations."""

    model: type[Any]
    column: str

    @property
    def name(self) -> str:
        """For people who read what moved: table and column."""
        return f"{self.model.__tablename__}.{self.column}"


def pointers() -> list[Pointer]:
    """Every column that points at organisations, by foreign key or by name; new tables are found by themselves."""
    found = [
        Pointer(mapper.class_, key)
        for mapper in Base.registry.mappers
        for key in _pointing(mapper)
        if (mapper.class_.__tablename__, key) not in STAYING
    ]
    return sorted(found, key=lambda pointer: pointer.name)


def _pointing(mapper: Mapper[Any]) -> Iterator[str]:
    table = mapper.local_table
    if not isinstance(table, Table):
        return
    for column in table.columns:
        targets = {key.target_fullname for key in column.foreign_keys}
        named = column.name == NAMED and not column.primary_key and not targets
        if f"{Organisation.__tablename__}.id" in targets or named:
            yield mapper.get_property_by_column(column).key


def pointing_rows(organisation_id: int) -> dict[str, int]:
    """How many rows of each table point at it, those that have any."""
    counted = {pointer.name: _count(pointer, organisation_id) for pointer in pointers()}
    return {name: count for name, count in counted.items() if count}


def move_rows(loser_id: int, survivor_id: int) -> dict[str, int]:
    """Everything that points at the one points at the other; how many of each. What would be there twice stays."""
    db.session.flush()
    moved = {pointer.name: _move(pointer, loser_id, survivor_id) for pointer in pointers()}
    db.session.expire_all()
    return {name: count for name, count in moved.items() if count}


def _points_at(pointer: Pointer, organisation_id: int) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = getattr(pointer.model, pointer.column) == organisation_id
    return condition


def _count(pointer: Pointer, organisation_id: int) -> int:
    query = select(func.count()).select_from(pointer.model).where(_points_at(pointer, organisation_id))
    return db.session.scalar(query) or 0


def _move(pointer: Pointer, loser_id: int, survivor_id: int) -> int:
    there = _points_at(pointer, loser_id)
    try:
        with db.session.begin_nested():
            return _point(pointer, there, survivor_id)
    except IntegrityError:
        return sum(_move_one(pointer, there & own, survivor_id) for own in _each(pointer, there))


def _each(pointer: Pointer, there: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Each of these rows by its key."""
    mapper: Mapper[Any] = pointer.model.__mapper__
    keys = [getattr(pointer.model, mapper.get_property_by_column(key).key) for key in mapper.primary_key]
    rows = db.session.execute(select(*keys).where(there)).all()
    return [and_(*(key == value for key, value in zip(keys, row, strict=True))) for row in rows]


def _move_one(pointer: Pointer, there: ColumnElement[bool], survivor_id: int) -> int:
    try:
        with db.session.begin_nested():
            return _point(pointer, there, survivor_id)
    except IntegrityError:
        return 0  # the survivor has the same already


def _point(pointer: Pointer, there: ColumnElement[bool], survivor_id: int) -> int:
    changed = db.session.execute(
        update(pointer.model)
        .where(there)
        .values({pointer.column: survivor_id})
        .execution_options(synchronize_session=False)
    )
    return rows_changed(changed)
