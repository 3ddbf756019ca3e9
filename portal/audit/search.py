"""Searches the sealed trail: each search is one range of one index, whatever the trail has grown to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from portal.audit.chains import is_in
from portal.audit.models import AuditEvent, AuditSubject
from portal.database import db
from portal.paging import Page, Place, read_page

PERSON, ORGANISATION = "person", "organisation"


@dataclass(frozen=True)
class Wanted:
    """What is looked for in a chain; what is None or empty narrows nothing.

    `list_of` is the organisation whose list is read; `about` narrows it to another organisation's list, `person` to
    what a person did or what was done for a person.
    """

    chain: str
    list_of: int | None = None
    about: int | None = None
    person: int | None = None
    name: str = ""
    since: datetime | None = None
    before: datetime | None = None


def search(wanted: Wanted, place: Place) -> Page[AuditEvent]:
    """One page of events, newest first."""
    found = _lists(wanted)
    if not found:
        query = _narrowed(select(AuditEvent).where(is_in(wanted.chain)), AuditEvent, wanted)
        query = query.where(AuditEvent.seal_position.is_not(None))
        return read_page(query, AuditEvent.occurred_at, AuditEvent.id, place, newest_first=True)
    query = _narrowed(select(AuditSubject), AuditSubject, wanted)
    query = query.where(*_is_list(AuditSubject, wanted.chain, *found[0]))
    for kind, number in found[1:]:
        query = query.where(_stands_in(wanted.chain, kind, number))
    page = read_page(query, AuditSubject.occurred_at, AuditSubject.event_id, place, newest_first=True)
    return Page(_events([row.event_id for row in page.rows]), page.next_key, page.previous_key)


def _lists(wanted: Wanted) -> list[tuple[str, int]]:
    """The lists an event must stand in, the shortest first: that one is read, the others are asked for each row."""
    people = [(PERSON, wanted.person)] if wanted.person is not None else []
    numbers = dict.fromkeys((wanted.about, wanted.list_of))
    return people + [(ORGANISATION, number) for number in numbers if number is not None]


def _narrowed(query: Select[Any], table: Any, wanted: Wanted) -> Select[Any]:
    if wanted.name:
        query = query.where(table.name == wanted.name)
    if wanted.since is not None:
        query = query.where(table.occurred_at >= wanted.since)
    if wanted.before is not None:
        query = query.where(table.occurred_at < wanted.before)
    return query


def _is_list(table: Any, chain: str, kind: str, number: int) -> list[ColumnElement[bool]]:
    return [table.chain == chain, table.kind == kind, table.subject_id == number]


def _stands_in(chain: str, kind: str, number: int) -> ColumnElement[bool]:
    other = aliased(AuditSubject)
    return exists().where(
        *_is_list(other, chain, kind, number),
        other.occurred_at == AuditSubject.occurred_at,
        other.event_id == AuditSubject.event_id,
    )


def _events(ids: Sequence[int]) -> list[AuditEvent]:
    rows = {row.id: row for row in db.session.scalars(select(AuditEvent).where(AuditEvent.id.in_(ids)))}
    return [rows[number] for number in ids if number in rows]
