"""Loads the reference tables from the CSV files of the package; can be run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.clock import now
from portal.database import Base, db
from portal.reference.files import Row, rows_of, source_titles
from portal.reference.models import (
    ActivityType,
    AuthorityRoleWord,
    Chapter,
    Competence,
    DataStamp,
    Designation,
    DocumentRight,
    ProductCategory,
    RequiredIdentifier,
    Section,
    SectionActivity,
)

NAMES = ("name_en", "name_fr", "name_de", "name_es")


@dataclass
class Counts:
    """What one load did to one table."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        """For the command line."""
        return f"{self.added} added, {self.changed} changed, {self.ended} ended, {self.unchanged} unchanged"


def load_reference() -> dict[str, Counts]:
    """Brings every reference table in line with its file: adds, changes, and marks as no longer active."""
    counts = {model.__tablename__: _load(model, values) for model, values in TABLES}
    _stamp()
    db.session.commit()
    return counts


def _load(model: type[Base], wanted: Callable[[], Iterator[dict[str, Any]]]) -> Counts:
    keys = [column.key for column in model.__table__.primary_key]
    there = {_key(vars(row), keys): row for row in db.session.scalars(select(model))}
    counts = Counts()
    for values in wanted():
        row = there.pop(_key(values, keys), None)
        if row is None:
            db.session.add(model(**values))
            counts.added += 1
        elif assign(row, values):
            counts.changed += 1
        else:
            counts.unchanged += 1
    for row in there.values():
        counts.ended += assign(row, {"active": False})
    db.session.flush()
    return counts


def assign(row: Base, values: dict[str, Any]) -> bool:
    """Sets what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _key(values: dict[str, Any], keys: list[str]) -> tuple[Any, ...]:
    return tuple(values[key] for key in keys)


def _word(row: Row, code: str, *, active: bool = True) -> dict[str, Any]:
    names = {name: row[name] for name in NAMES}
    return {
        "code": code,
        **names,
        "source": source_titles()[row["source"]],
        "as_of": row["as_of"],
        "active": active,
    }


def _plain(file: str) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: (_word(row, row["code"]) for row in rows_of(file))


def _sections() -> Iterator[dict[str, Any]]:
    for row in rows_of("sections"):
        values = _word(row, row["code"], active=row["active"] == "true")
        place = {"chapter_code": row["chapter"], "country_scope": row["country_scope"]}
        yield {**values, **place, "listed": row["listed"] == "true"}


def _section_activities() -> Iterator[dict[str, Any]]:
    for row in rows_of("section_activities"):
        yield {"section_code": row["section"], "activity_code": row["activity_type"], "active": True}


def _required_identifiers() -> Iterator[dict[str, Any]]:
    for row in rows_of("required_identifiers"):
        yield {
            "section_code": row["section"],
            "activity_code": row["activity_type"],
            "identifier": row["identifier"],
            "active": True,
            "source": source_titles()[row["source"]],
        }


def _authority_roles() -> Iterator[dict[str, Any]]:
    for row in rows_of("authority_roles"):
        yield _word(row, row["code"], active=row["offered"] == "true")


def _product_categories() -> Iterator[dict[str, Any]]:
    for row in rows_of("organic_product_categories"):
        yield _word(row, f"{row['regime']}-{row['code']}")


def _designations() -> Iterator[dict[str, Any]]:
    for row in rows_of("bcp_designations"):
        yield _word(row, f"{row['group']}/{row['code']}")


def _document_rights() -> Iterator[dict[str, Any]]:
    for row in rows_of("document_rights"):
        names = ("holder", "competence", "activity", "document", "rights")
        yield {
            **{name: row[name] for name in names},
            "active": True,
            "source": source_titles()[row["source"]],
        }


def _stamp() -> None:
    stamp = db.session.get(DataStamp, "reference-loaded-at") or DataStamp(name="reference-loaded-at")
    stamp.value = now().isoformat(timespec="seconds")
    db.session.add(stamp)


TABLES: tuple[tuple[type[Base], Callable[[], Iterator[dict[str, Any]]]], ...] = (
    (Chapter, _plain("chapters")),
    (Section, _sections),
    (ActivityType, _plain("activity_types")),
    (SectionActivity, _section_activities),
    (RequiredIdentifier, _required_identifiers),
    (AuthorityRoleWord, _authority_roles),
    (Competence, _plain("authority_competences")),
    (ProductCategory, _product_categories),
    (Designation, _designations),
    (DocumentRight, _document_rights),
)
"""In the order of their foreign keys."""
