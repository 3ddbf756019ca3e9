"""Lists page by page, by the key of their rows: as quick at the end of a million rows as at the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, literal, tuple_

from portal.database import UtcDateTime, db

PAGE_ROWS = 25
AT_ONCE = 500
"""Rows of a page that nobody looks at: of a list that is written into a file."""
_page_rows: ContextVar[int] = ContextVar("page_rows", default=PAGE_ROWS)
LAST_ROW = 2**31 - 1
"""The largest number that a row of a list can have on both databases."""
Row = TypeVar("Row")
Key = tuple[Any, int]


@dataclass(frozen=True)
class Place:
    """Where in the list: after the row with one key, or before the row with the other; both come from an address."""

    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Up to 25 rows; the keys lead to the neighbouring pages and are None where there is none."""

    rows: Sequence[Row]
    next_key: str | None = None
    previous_key: str | None = None


def read_page(
    query: Select[Row], sort: Any, number: Any, place: Place, *, newest_first: bool = False
) -> Page[Row]:
    """One page of a query of one class, ordered by two of its columns: what to sort by, and the unique id."""
    after, before = _key(place.after, sort), _key(place.before, sort)
    backwards = before is not None
    key = before if backwards else after
    columns = tuple_(sort, number)
    if key is not None:
        edge = tuple_(literal(key[0], sort.type), literal(key[1], number.type))
        query = query.where(columns < edge if backwards != newest_first else columns > edge)
    order = (sort.desc(), number.desc()) if backwards != newest_first else (sort, number)
    at_most = _page_rows.get()
    found = list(db.session.scalars(query.order_by(*order).limit(at_most + 1)))
    more, rows = len(found) > at_most, found[:at_most]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(())
    first, last = (_text(row, sort, number) for row in (rows[0], rows[-1]))
    return Page(rows, last if more or backwards else None, first if (more if backwards else key) else None)


def every_page(read: Callable[[Place], Page[Row]], at_most: int) -> Iterator[Sequence[Row]]:
    """The rows of a whole list in larger pieces, up to so many rows."""
    place, left = Place(), at_most
    while left > 0:
        token = _page_rows.set(min(AT_ONCE, left))
        try:
            found = read(place)
        finally:
            _page_rows.reset(token)
        if found.rows:
            yield found.rows
        left -= len(found.rows)
        if found.next_key is None:
            return
        place = Place(after=found.next_key)


def _text(row: object, sort: ColumnElement[Any], number: ColumnElement[Any]) -> str:
    value = getattr(row, sort.key or "")
    shown = value.isoformat() if isinstance(value, datetime) else value
    return f"{getattr(row, number.key or '')}.{shown}"


def _key(text: str, sort: ColumnElement[Any]) -> Key | None:
    # A key that nobody gave out is no error: the list then begins at its beginning.
    number, _, shown = text.partition(".")
    if not number.isdecimal() or len(number) > 10 or int(number) > LAST_ROW or "\0" in shown:
        return None
    if isinstance(sort.type, Integer):
        return (int(shown), int(number)) if shown.isdecimal() and len(shown) <= 10 else None
    if not isinstance(sort.type, UtcDateTime):
        return shown, int(number)
    try:
        moment = datetime.fromisoformat(shown)
    except ValueError:
        return None
    return (moment, int(number)) if moment.tzinfo else None
