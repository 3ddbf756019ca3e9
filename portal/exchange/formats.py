"""The columns of each file that comes in: their stable names, what each cell may hold, and the rows of one file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import IO

from babel import Locale

from portal.adapters.spreadsheets import NotReadable, read_rows
from portal.identity import addresses
from portal.organisations.folding import has_forbidden_characters
from portal.work.ledger import ItemRefused

ROWS_AT_MOST = 200_000
BYTES_AT_MOST = 20 * 1024 * 1024
TELEPHONE = re.compile(r"\+?[0-9][0-9 ().\/-]{4,38}")
WEBSITE = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s<>\"]*)?", re.IGNORECASE)
CODE = re.compile(r"[\w.@/()+-]+")
NO_COUNTRIES = frozenset({"EZ", "QO", "UN", "ZZ", "XA", "XB"})
YES, NO = frozenset({"yes", "true", "1", "x"}), frozenset({"", "no", "false", "0"})

Cells = dict[str, str]


class Kind(StrEnum):
    """What comes in by files."""

    OPERATORS = "operators"
    AUTHORITIES = "authorities"
    POSTS = "posts"
    CONTROL_BODIES = "control-bodies"


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"
    COUNTRY = "country"
    TELEPHONE = "telephone"
    EMAIL = "email"
    WEBSITE = "website"
    DAY = "day"
    YES = "yes"


@dataclass(frozen=True)
class Column:
    """A column by its stable name; `needed` says that no cell of it may be empty."""

    name: str
    length: int = 200
    needed: bool = False
    holds: Holds = Holds.TEXT


@dataclass(frozen=True)
class Format:
    """The columns of one kind of file; `key` names those that together tell rows apart.

    `refers_by` is the column that may name an earlier row of the same file by the last part of its key."""

    kind: Kind
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers_by: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The header of the file."""
        return tuple(column.name for column in self.columns)


class BadFile(Exception):
    """The file as a whole cannot be taken: `reason` is a word, with what its sentence needs."""

    def __init__(self, reason: str, row: int = 0, names: str = "") -> None:
        super().__init__(reason, row, names)
        self.reason, self.row, self.names = reason, row, names


@dataclass(frozen=True)
class FileRow:
    """One row: its number in the file, its cells by column; the earlier rows that it repeats and refers to."""

    number: int
    cells: Cells
    repeats: int = 0
    follows: int = 0


def rows_of_file(stream: IO[bytes], form: Format) -> Iterator[FileRow]:
    """The rows below the header, in their order; raises BadFile."""
    try:
        yield from _rows(stream, form)
    except NotReadable as refused:
        raise BadFile(refused.reason, refused.row) from refused


def _rows(stream: IO[bytes], form: Format) -> Iterator[FileRow]:
    rows = read_rows(stream)
    _number, header = next(rows, (1, []))
    names = _checked_header(header, form)
    seen: dict[int, int] = {}
    count = 0
    for number, texts in rows:
        count += 1
        if count > ROWS_AT_MOST:
            raise BadFile("rows", number)
        cells = {name: text for name, cell in zip(names, texts, strict=False) if (text := _tidy(cell))}
        key, above = _key(cells, form), _key(cells, form, refers=True)
        yield FileRow(number, cells, seen.get(key, 0), seen.get(above, 0))
        seen.setdefault(key, number)
    if not count:
        raise BadFile("empty")


def _key(cells: Cells, form: Format, *, refers: bool = False) -> int:
    # Only a number of each key is kept: two hundred thousand texts would be much for a web process.
    names = (*form.key[:-1], form.refers_by) if refers else form.key
    return hash(tuple(cells.get(name, "").casefold() for name in names))


def _checked_header(header: list[str], form: Format) -> list[str]:
    names = [_tidy(cell).casefold().replace(" ", "_") for cell in header]
    known = set(form.names)
    if not known & set(names):
        raise BadFile("header")
    if unknown := [name for name in names if name not in known]:
        raise BadFile("columns-unknown", 1, ", ".join(unknown)[:200])
    if missing := [column.name for column in form.columns if column.needed and column.name not in names]:
        raise BadFile("columns-missing", 1, ", ".join(missing))
    if len(set(names)) < len(names):
        raise BadFile("columns-twice", 1)
    return names


def _tidy(cell: str) -> str:
    # An apostrophe before a sign of a formula is how our own files come back.
    text = unicodedata.normalize("NFC", cell).strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def checked_cells(cells: Cells, form: Format) -> Cells:
    """Every column with its cell in its plain form; raises ItemRefused with the first that cannot stand."""
    return {column.name: checked_cell(cells.get(column.name, ""), column) for column in form.columns}


def checked_cell(text: str, column: Column) -> str:
    """One cell in its plain form; raises ItemRefused naming the column."""
    if column.needed and not text:
        raise ItemRefused("row-missing", {"column": column.name})
    if len(text) > column.length:
        raise ItemRefused("row-too-long", {"column": column.name, "max": column.length})
    if has_forbidden_characters(text):
        raise ItemRefused("row-characters", {"column": column.name})
    try:
        return CHECKS[column.holds](text) if text or column.holds is Holds.YES else ""
    except (ValueError, addresses.NotAnAddress):
        raise ItemRefused(f"row-no-{column.holds}", {"column": column.name}) from None


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _country(text: str) -> str:
    if text.upper() not in _countries():
        raise ValueError(text)
    return text.upper()


@cache
def _countries() -> frozenset[str]:
    words = (str(code) for code in Locale("en").territories)
    codes = {word for word in words if len(word) == 2 and word.isalpha()}
    return frozenset(codes - NO_COUNTRIES | {"XI"})


def _yes(text: str) -> str:
    if text.casefold() not in YES | NO:
        raise ValueError(text)
    return "yes" if text.casefold() in YES else ""


CHECKS: dict[Holds, Callable[[str], str]] = {
    Holds.TEXT: str,
    Holds.CODE: lambda text: _matching(CODE, text),
    Holds.COUNTRY: _country,
    Holds.TELEPHONE: lambda text: _matching(TELEPHONE, text),
    Holds.EMAIL: addresses.checked,
    Holds.WEBSITE: lambda text: _matching(WEBSITE, text),
    Holds.DAY: lambda text: date.fromisoformat(text).isoformat(),
    Holds.YES: _yes,
}
