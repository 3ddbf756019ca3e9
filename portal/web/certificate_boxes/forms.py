"""The choice between two versions of the same boxes: mine travels in hidden fields, theirs stands on the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.certificates.boxes import BoxRefused, lines_of, parsed
from portal.certificates.filling import Clash
from portal.certificates.parties import chosen
from portal.certificates.shapes import Box, Definition, Kind
from portal.web.box_fields import title_of
from portal.web.forms import PortalForm

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Clashing:
    """One box with both versions as lines of text, who wrote theirs and when."""

    box: str
    title: str
    theirs: list[str]
    mine: list[str]
    by: int
    at: datetime


class ClashForm(PortalForm):
    """The hidden fields are written by the template: one text and one version for each box."""

    kept: list[tuple[str, str, int]]

    def decided(self, sent: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, int]]:
        """The boxes for which one's own version was chosen, with the versions they replace."""
        typed: dict[str, Any] = {}
        versions: dict[str, int] = {}
        for name, text in sent.items():
            kind, _colon, box = name.partition(":")
            if kind != MINE or (sent.get(f"keep:{box}") or MINE) != MINE:
                continue
            with suppress(ValueError, RecursionError):  # what no page of ours sent is left out
                typed[box] = json.loads(text)
            version = sent.get(f"version:{box}", "")
            versions[box] = int(version) if version.isdecimal() and len(version) < 10 else 0
        return typed, versions


def clash_form(typed: Mapping[str, Any], versions: Mapping[str, int]) -> ClashForm:
    """The form; boxes of the same screen that nobody else touched go along without a question."""
    form = ClashForm()
    form.kept = [
        (box, json.dumps(value, ensure_ascii=False), versions.get(box, 0)) for box, value in typed.items()
    ]
    return form


def clashing(
    clashes: Sequence[Clash], typed: Mapping[str, Any], definition: Definition, language: str
) -> list[Clashing]:
    """Both versions of each box that two people wrote, in words."""
    found = []
    for one in clashes:
        box = definition.box(one.box)
        if box is not None:
            theirs, mine = lines_of(box, one.theirs, language), _lines(box, typed[one.box], language)
            found.append(Clashing(one.box, title_of(box), theirs, mine, one.by, one.at))
    return found


def _lines(box: Box, typed: Any, language: str) -> list[str]:
    try:
        return lines_of(
            box, parsed(box, chosen(box, typed) if box.kind is Kind.ORGANISATION else typed), language
        )
    except BoxRefused:
        return [str(typed)]
