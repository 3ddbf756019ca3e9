"""The words of figures, and their charts: rows of bars whose places are computed here, drawn as plain SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.roles.figures import Administrators, Age
from portal.roles.states import RoleState

AGES = {
    Age.TWO_DAYS: _l("Less than two days"),
    Age.A_WEEK: _l("Two days to a week"),
    Age.A_FORTNIGHT: _l("A week to a fortnight"),
    Age.LONGER: _l("More than a fortnight"),
}
STATES = {
    RoleState.REQUESTED: _l("Requested"),
    RoleState.VALID: _l("Valid"),
    RoleState.SUSPENDED: _l("Suspended"),
    RoleState.REJECTED: _l("Rejected"),
    RoleState.WITHDRAWN: _l("Withdrawn"),
    RoleState.REMOVED: _l("Removed"),
}
WIDTH, ROW, LONGEST = 320, 36, 250
"""As wide as the narrowest screen, so that letters never shrink; beside the longest bar there is room for a number."""


@dataclass(frozen=True)
class Bar:
    """One row of a chart: its label above the bar, its number beside it."""

    label: str
    value: int
    top: int
    length: int


@dataclass(frozen=True)
class Chart:
    """Bars under one another."""

    bars: list[Bar]
    width: int
    height: int


def chart(rows: Iterable[tuple[Any, int]]) -> Chart:
    """The longest bar belongs to the largest number; what is not nothing is seen."""
    pairs = [(str(label), value) for label, value in rows]
    most = max((value for _label, value in pairs), default=0) or 1
    bars = [
        Bar(label, value, place * ROW, max(2, value * LONGEST // most) if value else 0)
        for place, (label, value) in enumerate(pairs)
    ]
    return Chart(bars, WIDTH, len(bars) * ROW)


def administrators(found: Administrators) -> list[tuple[Any, int]]:
    """Organisations by how many administrators they have."""
    return [
        (_l("No administrator"), found.none),
        (_l("One administrator"), found.one),
        (_l("Two or more"), found.more),
    ]


def duration(hours: int | None) -> str:
    """Whole hours in words: days from two days on."""
    if hours is None:
        return "–"
    if hours < 1:
        return str(_l("Less than an hour"))
    if hours < 48:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d day", "%(num)d days", hours // 24))
