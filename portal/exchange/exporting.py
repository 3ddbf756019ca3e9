"""Lists that leave as files: counted for each person, written piece by piece, recorded in the trail."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import IO, cast

from portal.access.actor import Actor
from portal.adapters.spreadsheets import write_csv, write_workbook
from portal.audit import exchange_events, trail
from portal.database import db, only_reading, writes_ahead
from portal.limits import ledger
from portal.limits.rates import EXPORTS_PER_ACCOUNT

MEMORY = 512 * 1024
"""Smaller files stay in memory, larger ones go through a temporary file."""
Line = Sequence[object]


class FileFormat(StrEnum):
    """The two formats of a file."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(file_format: FileFormat, sheets: Sequence[tuple[str, Iterable[Line]]]) -> IO[bytes]:
    """A file of these sheets, of the first one alone where it is CSV; read from its beginning."""
    # Closed by whoever sends it.
    target = cast("IO[bytes]", tempfile.SpooledTemporaryFile(MEMORY))  # noqa: SIM115
    if file_format is FileFormat.CSV:
        write_csv(target, sheets[0][1])
    else:
        write_workbook(target, sheets)
    target.seek(0)
    return target


def export_list(
    name: str, file_format: FileFormat, header: Line, rows: Iterable[Line], actor: Actor
) -> IO[bytes]:
    """The file of a list the actor may see; raises TooMany. Commits that it was taken, and by whom."""
    _count(actor)
    lines = _Counted(rows)
    with only_reading():
        file = written(file_format, [(name, _headed(header, lines))])
    writes_ahead.set(True)
    trail.record(exchange_events.ListExported(actor.account_id, name, file_format.value, lines.count), actor)
    db.session.commit()
    return file


def _count(actor: Actor) -> None:
    # In a transaction of its own: the page that offers the file only reads.
    db.session.commit()
    writes_ahead.set(True)
    ledger.take(EXPORTS_PER_ACCOUNT, str(actor.account_id))
    db.session.commit()


def _headed(header: Line, lines: Iterable[Line]) -> Iterator[Line]:
    yield header
    yield from lines


class _Counted:
    """Rows handed on, and how many they were."""

    def __init__(self, rows: Iterable[Line]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Line]:
        for row in self.rows:
            self.count += 1
            yield row
