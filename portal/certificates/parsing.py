"""What is typed into a box, checked and brought into one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale

from portal.certificates.shapes import Box, Column, Kind, Option, Register
from portal.organisations.folding import has_forbidden_characters

TEXT_AT_MOST, LINES_AT_MOST = 500, 5000
NUMBER = re.compile(r"[0-9]{1,12}")
WEIGHT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,3}))?\s*(kg|t|g)?", re.IGNORECASE)
MOMENT = "%Y-%m-%dT%H:%M"
ORGANISATION = {"name": 200, "address": 500, "country": 2, "code": 80}
"""What is kept of an organisation beside its id, and how long it may be; the id is None for one that was typed."""
NO_COUNTRIES = frozenset({"EZ", "QO", "UN", "ZZ", "XA", "XB"})
Value = Any
"""JSON: a text; a list of options; an organisation as it was when chosen; a list of rows, each text by column."""


class BoxRefused(ValueError):
    """What was typed cannot stand in that box; `word` is a closed word, `row` (from 1) and `column` say where."""

    def __init__(self, box: str, word: str, row: int = 0, column: str = "") -> None:
        super().__init__(f"{box}: {word}")
        self.box, self.word, self.row, self.column = box, word, row, column


class _Bad(ValueError):
    """A text that is not what it should be; its argument is the word."""


def parsed(box: Box, typed: Any) -> Value:
    """What is kept of what was typed, "" (or [] for a table and choices, None for an organisation) for nothing.

    A table takes a list of mappings, choices a list, an organisation a mapping with id, name, address, country, code,
    everything else a text. Raises BoxRefused. Rows with nothing in them are left out; cells may still be missing.
    """
    if not box.is_typed:
        raise BoxRefused(box.box, "not-typed")
    try:
        if box.kind is Kind.TABLE:
            return _rows(box, typed)
        if box.kind is Kind.ORGANISATION:
            return _organisation(box, typed)
        if box.kind is Kind.CHOICES:
            return _choices(box.options, typed)
        return _cell(box.kind, box.options, typed)
    except _Bad as refused:
        raise BoxRefused(box.box, str(refused)) from None


def _cell(kind: Kind, options: Collection[Option], typed: Any) -> str:
    """One text, as its kind wants it."""
    text = _plain(typed, lines=kind is Kind.LINES)
    if not text or kind in (Kind.TEXT, Kind.LINES):
        return text
    if kind is Kind.CHOICE:
        return _option(options, text)
    return FORMS[kind](text)


def _plain(typed: Any, *, lines: bool = False, most: int = 0) -> str:
    if typed is None:
        return ""
    if not isinstance(typed, str):
        raise _Bad("not-a-text")
    # Before anything looks at it: whoever sends megabytes gets the same short answer.
    if len(typed) > (most or (LINES_AT_MOST if lines else TEXT_AT_MOST)) * 2:
        raise _Bad("too-long")
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").strip())
    if len(text) > (most or (LINES_AT_MOST if lines else TEXT_AT_MOST)):
        raise _Bad("too-long")
    if has_forbidden_characters(text.replace("\n", " ") if lines else text):
        raise _Bad("characters")
    return text


def _option(options: Collection[Option], text: str) -> str:
    if text not in {one.option for one in options}:
        raise _Bad("not-an-option")
    return text


def _choices(options: tuple[Option, ...], typed: Any) -> list[str]:
    if typed in (None, ""):
        return []
    if not isinstance(typed, list):
        raise _Bad("not-an-option")
    chosen = {_option(options, _plain(one)) for one in typed}
    return [one.option for one in options if one.option in chosen]


def _organisation(box: Box, typed: Any) -> dict[str, Any] | None:
    if not typed:
        return None
    number = typed.get("id") if isinstance(typed, Mapping) else False
    if isinstance(number, bool) or not (number is None or (isinstance(number, int) and number > 0)):
        raise _Bad("not-an-organisation")
    found = {
        name: _plain(typed.get(name), lines=name == "address", most=most)
        for name, most in ORGANISATION.items()
    }
    if not found["name"]:
        if number is None and not any(found.values()):
            return None
        raise _Bad("no-name")
    if number is None and Register.TYPED not in box.registers:
        raise _Bad("not-in-a-register")
    if found["country"]:
        found["country"] = _country(found["country"])
    return {"id": number, **found}


def _rows(box: Box, typed: Any) -> list[dict[str, str]]:
    if typed in (None, ""):
        return []
    if not isinstance(typed, list) or not all(isinstance(one, Mapping) for one in typed):
        raise _Bad("not-a-table")
    if len(typed) > box.rows:
        raise _Bad("too-many-rows")
    found = [_row(box, number, one) for number, one in enumerate(typed, 1)]
    return [row for row in found if row]


def _row(box: Box, number: int, typed: Mapping[str, Any]) -> dict[str, str]:
    columns = {one.column: one for one in box.columns if one.kind is not Kind.AUTOMATIC}
    if set(typed) - set(columns):
        raise _Bad("unknown-column")
    row = {}
    for name, column in columns.items():
        try:
            text = _cell(column.kind, column.options, typed.get(name))
        except _Bad as refused:
            raise BoxRefused(box.box, str(refused), number, name) from None
        if text:
            row[name] = text
    return row


def _country(text: str) -> str:
    if text.upper() not in _countries():
        raise _Bad("not-a-country")
    return text.upper()


@cache
def _countries() -> frozenset[str]:
    words = (str(code) for code in Locale("en").territories)
    codes = {word for word in words if len(word) == 2 and word.isalpha()}
    return frozenset(codes - NO_COUNTRIES | {"XI"})


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Bad("not-a-date") from None


def _moment(text: str) -> str:
    """To the minute, in the time of the place: as it is written on the paper."""
    try:
        return datetime.strptime(text, MOMENT).strftime(MOMENT)
    except ValueError:
        raise _Bad("not-a-moment") from None


def _number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise _Bad("not-a-number")
    return str(int(text))


def _weight(text: str) -> str:
    """«12.5 kg»; kilograms where no unit was typed."""
    found = WEIGHT.fullmatch(text)
    if not found:
        raise _Bad("not-a-weight")
    whole, rest, unit = found.groups()
    decimals = (rest or "").rstrip("0")
    return f"{int(whole)}{'.' if decimals else ''}{decimals} {(unit or 'kg').lower()}"


FORMS = {
    Kind.COUNTRY: _country,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.NUMBER: _number,
    Kind.WEIGHT: _weight,
}


def columns_of(box: Box) -> tuple[Column, ...]:
    """The columns of a table into which something is typed."""
    return tuple(one for one in box.columns if one.kind is not Kind.AUTOMATIC)
