"""What stands in a box as words of one language, for pages and for paper."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from portal.certificates.parsing import MOMENT, Value, columns_of
from portal.certificates.shapes import Box, Kind, Option, in_language


@dataclass(frozen=True)
class Table:
    """A table as words: as many texts in each row as there are headings."""

    headings: list[str]
    rows: list[list[str]]


def lines_of(box: Box, value: Value, language: str) -> list[str]:
    """The lines that stand in a box, [] where nothing does; each row of a table is one line."""
    if not value or not box.is_typed:
        return []
    if box.kind is Kind.TABLE:
        table = table_of(box, value, language)
        return [_joined(table.headings, row) for row in table.rows]
    if box.kind is Kind.ORGANISATION:
        return _organisation(value, language)
    if box.kind is Kind.CHOICES:
        return [_option(box.options, one, language) for one in value]
    return _cell(box.kind, box.options, value, language).splitlines()


def table_of(box: Box, value: Value, language: str) -> Table:
    """The rows of a table under the titles of its columns; an empty cell is an empty text."""
    columns = columns_of(box)
    headings = [in_language(one.titles, language) for one in columns]
    rows = [
        [_cell(one.kind, one.options, row.get(one.column, ""), language) for one in columns]
        for row in value or ()
    ]
    return Table(headings, rows)


def country_name(code: str, language: str) -> str:
    """«Belgique (BE)»."""
    name = Locale.parse(language).territories.get(code)
    return f"{name} ({code})" if name else code


def _joined(headings: list[str], row: list[str]) -> str:
    pairs = zip(headings, row, strict=True)
    return "; ".join(f"{heading}: {text}" for heading, text in pairs if text)


def _organisation(value: Value, language: str) -> list[str]:
    country = country_name(value["country"], language) if value.get("country") else ""
    lines = [value["name"], *value.get("address", "").splitlines(), country, value.get("code", "")]
    return [line for line in lines if line]


def _cell(kind: Kind, options: Collection[Option], text: str, language: str) -> str:
    if not text:
        return ""
    if kind is Kind.CHOICE:
        return _option(options, text, language)
    return FORMS[kind](text, language) if kind in FORMS else text


def _option(options: Collection[Option], word: str, language: str) -> str:
    return next((in_language(one.titles, language) for one in options if one.option == word), word)


def _date(text: str, language: str) -> str:
    return format_date(date.fromisoformat(text), "long", locale=language)


def _moment(text: str, language: str) -> str:
    moment = datetime.strptime(text, MOMENT)
    return format_datetime(moment, "d MMMM y HH:mm", locale=language)


def _number(text: str, language: str) -> str:
    return format_decimal(int(text), locale=language)


def _weight(text: str, language: str) -> str:
    amount, unit = text.split()
    return f"{format_decimal(amount, format='#,##0.###', locale=language)} {unit}"


FORMS: dict[Kind, Callable[[str, str], str]] = {
    Kind.COUNTRY: country_name,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.NUMBER: _number,
    Kind.WEIGHT: _weight,
}
