"""A list as a file: its columns declared once, the filters of its address, the rights of who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from urllib.parse import quote, urlencode

from flask import Response, request, send_file

from portal import clock
from portal.environments import environment
from portal.exchange.exporting import MEDIA_TYPES, FileFormat, Line, export_list, written
from portal.paging import Page, Place, every_page
from portal.web import current
from portal.web.guard import allowed_commit

ROWS_AT_MOST = 50_000
ROWS_OF_A_SEARCH = 1_000
"""Of lists that everybody may search: a register is not carried away page by page (Z-13)."""
PARAMETER = "export"


@dataclass(frozen=True)
class Column:
    """One column: its label, and the value for a row and what was looked up for its piece of the list."""

    label: Any
    value: Callable[[Any, Any], object]


@dataclass(frozen=True)
class Listing:
    """A list that can leave as a file; `look_up` reads at once what many rows need, such as names of people."""

    name: str
    columns: tuple[Column, ...]
    at_most: int = ROWS_AT_MOST
    look_up: Callable[[Sequence[Any]], Any] = lambda rows: None


def rows_at_most(searches: bool) -> int:
    """How many rows a file has at most, for the sentence beside its links."""
    return ROWS_OF_A_SEARCH if searches else ROWS_AT_MOST


def wanted_format() -> FileFormat | None:
    """The format that the address asks for, None where the page itself is wanted."""
    word = request.args.get(PARAMETER, "")
    return FileFormat(word) if word in {member.value for member in FileFormat} else None


def file_of(listing: Listing, read: Callable[[Place], Page[Any]]) -> Response | None:
    """The file where the address asks for one, else None; call it once the rule was asked."""
    file_format = wanted_format()
    if file_format is None:
        return None
    lines = _lines(listing, every_page(read, listing.at_most))
    return _export(listing, file_format, lines)


def file_of_rows(listing: Listing, rows: Sequence[Any]) -> Response | None:
    """As `file_of`, for a list that has no pages."""
    file_format = wanted_format()
    return _export(listing, file_format, _lines(listing, [rows[: listing.at_most]])) if file_format else None


def _export(listing: Listing, file_format: FileFormat, lines: Iterable[Line]) -> Response:
    header = [str(column.label) for column in listing.columns]
    with allowed_commit("list-exported"):
        file = export_list(listing.name, file_format, header, lines, current.actor())
    return sent(file, listing.name, file_format)


def _lines(listing: Listing, pieces: Iterable[Sequence[Any]]) -> Iterator[Line]:
    for rows in pieces:
        found = listing.look_up(rows)
        for row in rows:
            yield [_shown(column.value(row, found)) for column in listing.columns]


def _shown(value: object) -> object:
    """Moments and days as ISO 8601 writes them, so that programs can order them."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def sent_rows(name: str, file_format: FileFormat, sheets: Sequence[tuple[str, Iterable[Line]]]) -> Response:
    """A file that is no list of people or organisations: a template, a report."""
    return sent(written(file_format, sheets), name, file_format)


def sent(file: IO[bytes], name: str, file_format: FileFormat) -> Response:
    """As an attachment, named by list, place and day."""
    here = environment.current_or_none()
    parts = ("traces", here.value if here else "", name, clock.now().date().isoformat())
    return send_file(
        file, MEDIA_TYPES[file_format], as_attachment=True,
        download_name=f"{'-'.join(filter(None, parts))}.{file_format}", max_age=0,
    )  # fmt: skip


def export_address(file_format: str) -> str:
    """The address of the list on this page, with its filters and without its place, as a file."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in ("after", "before", PARAMETER)]
    # Quoted anew and never by `url_for`: what somebody put into the address must not name another page or site.
    return f"/{quote(request.path.lstrip('/'))}?{urlencode([*kept, (PARAMETER, file_format)])}"
