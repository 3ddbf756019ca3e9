"""CSV and XLSX files: rows of text read piece by piece and within bounds, and written so that no cell is a formula."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from portal.adapters import workbooks
from portal.adapters.workbooks import BrokenWorkbook, Numbered

CELL_LENGTH, COLUMNS = 2000, 60
SEPARATORS = ",;\t"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Signs at the beginning of a cell that spreadsheet programs take for a formula, or skip before one."""
ZIP_MARK = b"PK\x03\x04"
MARK_OF_UTF8 = "\ufeff"


class NotReadable(Exception):
    """The file is none that is read here: `reason` is a word, `row` where it was noticed."""

    def __init__(self, reason: str, row: int = 0) -> None:
        super().__init__(reason, row)
        self.reason, self.row = reason, row


def read_rows(stream: IO[bytes]) -> Iterator[Numbered]:
    """The rows of a CSV file or of a workbook's first sheet, told apart by content; raises NotReadable."""
    mark = stream.read(len(ZIP_MARK))
    stream.seek(0)
    if not mark:
        raise NotReadable("empty")
    rows = _workbook_rows(stream) if mark == ZIP_MARK else _text_rows(stream)
    for number, cells in rows:
        if kept := _bounded(cells, number):
            yield number, kept


def _workbook_rows(stream: IO[bytes]) -> Iterator[Numbered]:
    try:
        yield from workbooks.read_sheet(stream, COLUMNS)
    except BrokenWorkbook as broken:
        raise NotReadable("bomb" if str(broken) == "bomb" else "workbook") from broken


def _text_rows(stream: IO[bytes]) -> Iterator[Numbered]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    number = 0
    try:
        header = text.readline(CELL_LENGTH * COLUMNS)
        text.seek(0)
        for number, row in enumerate(csv.reader(text, delimiter=_separator(header), strict=True), start=1):
            yield number, row
    except UnicodeDecodeError:
        raise NotReadable("encoding", number + 1) from None
    except csv.Error:
        raise NotReadable("quotes", number + 1) from None
    finally:
        with contextlib.suppress(ValueError):  # the caller has closed the stream already
            text.detach()  # it belongs to the caller, and closing the text would close it


def _separator(header: str) -> str:
    """The one of the three signs that stands most often in the first line."""
    return max(SEPARATORS, key=header.count)


def _bounded(row: list[str], number: int) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    if len(row) > COLUMNS:
        raise NotReadable("columns", number)
    if any(len(cell) > CELL_LENGTH for cell in row):
        raise NotReadable("cell", number)
    return row


def harmless(value: object) -> str:
    """The text of a cell; what a spreadsheet would run as a formula gets an apostrophe in front (I-04)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def write_csv(target: IO[bytes], rows: Iterable[Sequence[object]]) -> None:
    """Rows as CSV with semicolons, UTF-8 with its mark: what spreadsheet programs in Europe open by a click."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    text.write(MARK_OF_UTF8)
    writer = csv.writer(text, delimiter=";")
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    text.flush()
    text.detach()


def write_workbook(target: IO[bytes], sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> None:
    """Sheets with their rows, every cell as text, written row by row."""
    safe = ((name, ([harmless(value) for value in row] for row in rows)) for name, rows in sheets)
    workbooks.write_sheets(target, safe)
