"""Boxes of a certificate as one form: filled, searched in, read as typed, refused box by box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from portal.certificates import parties
from portal.certificates.boxes import BoxRefused, Value, columns_of
from portal.certificates.shapes import Box, Kind, Register
from portal.organisations import search
from portal.organisations.queries import organisations_by_id
from portal.paging import LAST_ROW
from portal.vocabulary import AuthorityRole
from portal.web import certificate_words, labels
from portal.web.box_fields import BY_HAND, NONE, fields_of, made, name_of, title_of
from portal.web.forms import PortalForm, country_choices

MOST_DIGITS = 9
POSTS = (AuthorityRole.BCP, AuthorityRole.CP)


class BoxForm(PortalForm):
    """The form of some boxes; `form_for` makes one."""

    boxes: tuple[Box, ...] = ()
    found: dict[str, list[Any]]

    def typed(self) -> dict[str, Any]:
        """What was typed, by box, as the services take it."""
        return {box.box: self._typed(box) for box in self.boxes}

    def _typed(self, box: Box) -> Any:
        if box.kind is Kind.TABLE:
            return [
                {one.column: self[name_of(box, row, one.column)].data or "" for one in columns_of(box)}
                for row in range(1, self.rows_of(box) + 1)
            ]
        if box.kind is not Kind.ORGANISATION:
            typed = self[name_of(box)].data or ""
            return "" if typed == NONE and box.kind is Kind.CHOICE else typed
        chosen = self[name_of(box, "id")].data or ""
        if chosen == BY_HAND and Register.TYPED in box.registers:
            names = ("name", "address", "country", "code")
            return {"id": None} | {name: self[name_of(box, name)].data or "" for name in names}
        return _number(chosen)

    def rows_of(self, box: Box) -> int:
        """How many rows the table has on this page."""
        names = (name for name in self._fields if name.startswith(f"{name_of(box)}-"))
        return max((int(name.split("-")[2]) for name in names), default=0)

    def title_of(self, box: Box) -> str:
        """«I.15 Means of transport», in the language of the page."""
        return title_of(box)

    def versions(self) -> dict[str, int]:
        """The versions that the page showed."""
        return {box.box: _number(self[f"version-{box.box}"].data) or 0 for box in self.boxes}

    def wants_another_look(self) -> bool:
        """Whether a button was pressed that only changes the page: a search, or another row."""
        return bool(request.form.get("find") or request.form.get("add"))

    def refuse(self, refusals: Iterable[BoxRefused]) -> None:
        """What cannot stand, each sentence at its field."""
        boxes = {box.box: box for box in self.boxes}
        for refused in refusals:
            sentence, box = certificate_words.refusal(refused), boxes.get(refused.box)
            field = self[_place(box, refused)] if box else None
            if field is None:
                self.form_errors.append(f"{refused.box}: {sentence}")
            else:
                field.errors = [*field.errors, sentence]

    def ask_for(self, missing: Iterable[Box]) -> None:
        """Boxes with nothing in them, or with cells left open, that are needed now."""
        self.refuse(BoxRefused(box.box, "missing") for box in missing)

    def offer(self, country: str, destination: str) -> None:
        """The organisations that can be chosen: what stands in each box, and what was searched."""
        self.found = {}
        for box in (one for one in self.boxes if one.kind is Kind.ORGANISATION):
            lies_ahead = box.party in (
                "consignee",
                "destination",
                "importer",
                "post",
                "destination-authority",
            )
            where = self[name_of(box, "in")]
            is_country = where.data in {code for code, _name in country_choices()}
            where.data = where.data if is_country else destination if lies_ahead else country
            if request.form.get("find") == box.box:
                self.found[box.box] = found_for(box, where.data or "", self[name_of(box, "text")].data or "")
        self._show_choices()

    def _show_choices(self) -> None:
        organisations = [box for box in self.boxes if box.kind is Kind.ORGANISATION]
        numbers = {box.box: self._numbers(box) for box in organisations}
        known = organisations_by_id({number for found in numbers.values() for number in found})
        for box in organisations:
            choices = [(str(one), _label(known[one])) for one in numbers[box.box] if one in known]
            if Register.TYPED in box.registers:
                choices.append((BY_HAND, _("Another one, which I type here")))
            self[name_of(box, "id")].choices = [*choices, (NONE, _("Nobody yet"))]

    def _numbers(self, box: Box) -> list[int]:
        field = self[name_of(box, "id")]
        there = [
            _number(field.data),
            _number(field.default),
            *(one.id for one in self.found.get(box.box, ())),
        ]
        return list(dict.fromkeys(one for one in there if one))


def _place(box: Box | None, refused: BoxRefused) -> str:
    assert box is not None  # noqa: S101 - asked by the caller
    if box.kind is Kind.ORGANISATION:
        return name_of(box, "id")
    if box.kind is Kind.TABLE:
        return name_of(box, refused.row or 1, refused.column or columns_of(box)[0].column)
    return name_of(box)


def _number(text: Any) -> int | None:
    typed = str(text or "")
    fits = typed.isdecimal() and len(typed) <= MOST_DIGITS + 1 and int(typed) <= LAST_ROW
    return int(typed) if fits else None


def _label(organisation: Any) -> str:
    code = organisation.code or organisation.eori
    place = ", ".join(filter(None, (organisation.city, labels.country(organisation.country))))
    return " – ".join(filter(None, (organisation.name, place, code)))


def form_for(boxes: Sequence[Box], values: Mapping[str, Value], versions: Mapping[str, int]) -> BoxForm:
    """The form of these boxes, with what stands in them or with what was sent."""
    fields: dict[str, Any] = {"boxes": tuple(boxes)}
    rows = {box.box: _rows(box, values.get(box.box)) for box in boxes if box.kind is Kind.TABLE}
    for box in boxes:
        fields |= dict(fields_of(box, values.get(box.box), rows.get(box.box, 0)))
    form: BoxForm = made("BoxesForm", BoxForm, fields)()
    for box in boxes:
        _mark(form, box)
        if not form.is_submitted():
            form[f"version-{box.box}"].data = versions.get(box.box, 0)
    for name, number in rows.items():
        form[f"rows-{name}"].data = number
    return form


def _mark(form: BoxForm, box: Box) -> None:
    if box.kind is Kind.TABLE:
        for column in (one for one in columns_of(box) if one.required):
            for row in range(1, form.rows_of(box) + 1):
                form[name_of(box, row, column.column)].flags.required = True
    elif box.required:
        form[name_of(box, "id") if box.kind is Kind.ORGANISATION else name_of(box)].flags.required = True


def _rows(box: Box, value: Value) -> int:
    """As many as stand there or were shown, and one more where it was asked for or nothing stands there yet."""
    shown = _number(request.form.get(f"rows-{box.box}")) if request.method == "POST" else None
    number = shown or max(len(value or ()), 1)
    return min(number + (request.form.get("add") == box.box), box.rows)


def found_for(box: Box, country: str, text: str) -> list[Any]:
    """The first organisations of the box's registers with those words that can stand in it today."""
    found: dict[int, Any] = {}
    for word in box.registers if country else ():
        found |= {one.id: one for one in _searched(Register(word), country, text[:200])}
    return [one for one in found.values() if not parties.why_not(box, one)]


def _searched(register: Register, country: str, text: str) -> list[Any]:
    if register is Register.OPERATOR:
        return list(search.search_operators(search.OperatorSearch(country, text=text)).rows)
    if register is Register.AUTHORITY:
        return list(search.search_authorities(search.AuthoritySearch(country, text=text)).rows)
    if register is Register.CONTROL_BODY:
        scopes = search.search_control_bodies(search.ControlBodySearch(country, text)).rows
        return [one.organisation for one in scopes]
    if register is Register.POST:
        wanted = (search.AuthoritySearch(country, role=role.value, text=text) for role in POSTS)
        return [one for each in wanted for one in search.search_authorities(each).rows]
    return []
