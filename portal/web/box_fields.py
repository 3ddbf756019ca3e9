"""The boxes of a certificate as fields of a form, one flat name for each: «box-I.14», «box-I.30-2-species»."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField

from portal.certificates.boxes import Value, columns_of
from portal.certificates.shapes import Box, Column, Kind, Option, Register, in_language
from portal.web import current
from portal.web.forms import ChoiceField, CountryField, country_choices
from portal.web.record_form import Several

BY_HAND = "typed"
NONE = "-"
"""Nothing was chosen; no option of a model is called so."""
SHOWN_AT_MOST = 10_000
"""Characters that a refused field shows again; nobody goes on typing in more."""
HINTS: dict[str, Any] = {
    Kind.WEIGHT: _l("With its unit, for example 500 kg."),
    Kind.NUMBER: _l("A whole number, in digits only."),
}
Fields = Iterator[tuple[str, Any]]


class Cut:
    """Mixin: what was typed comes back, at most so much of it that a page can show it."""

    data: Any

    def _value(self) -> str:
        return str(self.data or "")[:SHOWN_AT_MOST]


class Line(Cut, StringField):
    """One line."""


class Lines(Cut, TextAreaField):
    """Several lines."""


def name_of(box: Box, *parts: object) -> str:
    """The name of a field of the box."""
    return "-".join(["box", box.box, *map(str, parts)])


def title_of(box: Box) -> str:
    """«I.14 Date and time of departure», in the language of the page."""
    return f"{box.box} {in_language(box.titles, current.language())}"


def fields_of(box: Box, value: Value, rows: int) -> Fields:
    """The fields of one box with what stands in it; a table has so many rows."""
    yield f"version-{box.box}", HiddenField()
    if box.kind is Kind.ORGANISATION:
        yield from _organisation(box, value)
    elif box.kind is Kind.TABLE:
        yield f"rows-{box.box}", HiddenField()
        yield from _table(box, value or [], rows)
    else:
        hint = in_language(box.hints, current.language()) if box.hints else HINTS.get(box.kind, "")
        yield name_of(box), _cell(box.kind, title_of(box), box.options, value, hint, blank=not box.required)


def _table(box: Box, rows: list[Mapping[str, str]], number: int) -> Fields:
    for row in range(1, number + 1):
        there = rows[row - 1] if row <= len(rows) else {}
        for column in columns_of(box):
            yield name_of(box, row, column.column), _in_row(column, there.get(column.column, ""))


def _in_row(column: Column, value: str) -> Any:
    title = in_language(column.titles, current.language())
    return _cell(column.kind, title, column.options, value, HINTS.get(column.kind, ""), listed=True)


def _cell(
    kind: Kind, label: str, options: tuple[Option, ...], value: Value, hint: Any, *, blank: bool = True,
    listed: bool = False,
) -> Any:  # fmt: skip
    shown: dict[str, Any] = {"default": value or "", "description": hint}
    if kind is Kind.COUNTRY:
        return CountryField(label, validate_choice=False, **shown)
    if kind is Kind.CHOICES:
        return Several(
            label,
            choices=partial(_answers, options),
            validate_choice=False,
            **shown | {"default": value or []},
        )
    if kind is Kind.CHOICE and listed:
        choices = [("", _("Choose.")), *_answers(options)]
        return ChoiceField(label, choices=lambda: choices, validate_choice=False, **shown)
    if kind is Kind.CHOICE:
        none = [(NONE, _("No answer"))] if blank else []
        shown["default"] = value or (NONE if blank else "")
        return RadioField(label, choices=lambda: none + _answers(options), validate_choice=False, **shown)
    return (Lines if kind is Kind.LINES else Line)(label, render_kw=_look(kind), **shown)


def _look(kind: Kind) -> dict[str, Any]:
    looks: dict[str, dict[str, Any]] = {
        Kind.DATE: {"type": "date"},
        Kind.MOMENT: {"type": "datetime-local"},
        Kind.NUMBER: {"inputmode": "numeric"},
        Kind.LINES: {"rows": 4},
    }
    return looks.get(kind, {})


def _answers(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    return [(one.option, in_language(one.titles, current.language())) for one in options]


def _organisation(box: Box, value: Value) -> Fields:
    number = value.get("id") if value else None
    chosen = str(number) if number else (BY_HAND if value else NONE)
    hint = in_language(box.hints, current.language()) if box.hints else ""
    yield (
        name_of(box, "id"),
        RadioField(title_of(box), choices=[], validate_choice=False, default=chosen, description=hint),
    )
    yield name_of(box, "text"), Line(_("Part of the name"))
    yield (
        name_of(box, "in"),
        ChoiceField(
            _("Country of the search"), choices=partial(country_choices, blank=True), validate_choice=False
        ),
    )
    if Register.TYPED in box.registers:
        yield from _by_hand(box, value if chosen == BY_HAND else {})


def _by_hand(box: Box, value: Mapping[str, Any]) -> Fields:
    yield name_of(box, "name"), Line(_("Name"), default=value.get("name", ""))
    yield (
        name_of(box, "address"),
        Lines(_("Address"), default=value.get("address", ""), render_kw={"rows": 3}),
    )
    country = value.get("country", "")
    yield name_of(box, "country"), CountryField(_("Country"), validate_choice=False, default=country)
    yield name_of(box, "code"), Line(_("Code or registration number"), default=value.get("code", ""))


def made(name: str, bases: type, boxes: Mapping[str, Any]) -> Any:
    """A form class with these fields."""
    return type(name, (bases,), dict(boxes))


__all__ = ["BY_HAND", "NONE", "Field", "fields_of", "made", "name_of", "title_of"]
