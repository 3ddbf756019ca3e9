"""What the Commission announces in the environment of this request, read once; and the words around it."""

from __future__ import annotations

from datetime import timedelta

from babel import units
from flask import g
from flask_babel import get_locale

from portal.environments import announced, environment
from portal.environments.announced import EnvironmentClosed, Told

OPEN_WHILE_CLOSED = frozenset({"news", "switches", "verification"})
"""Journeys that a closed environment goes on serving: what is announced, the Commission's own pages, and the check of
papers that are on the road, with the revocation lists that other programs read."""


def stops() -> list[Told]:
    """Stops and closings of this environment that hold now or begin within two weeks."""
    if environment.current_or_none() is None:
        return []
    if "stops" not in g:
        g.stops = announced.stops_ahead()
    return list(g.stops)


def closing_now() -> Told | None:
    """What closes this environment at this moment, None while it is open."""
    return announced.closing(stops())


def check_open(journey: str | None) -> None:
    """Raise EnvironmentClosed for a page of a closed environment, whoever asks."""
    closing = closing_now()
    if closing is not None and journey not in OPEN_WHILE_CLOSED:
        raise EnvironmentClosed(closing)


def lasting(length: timedelta) -> str:
    """A length of time in words: «2 days 3 hours 30 minutes»."""
    minutes = round(length.total_seconds() / 60)
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    locale = str(get_locale())
    words = [
        units.format_unit(number, f"duration-{unit}", "long", locale=locale)
        for number, unit in parts
        if number
    ]
    return " ".join(words) or units.format_unit(0, "duration-minute", "long", locale=locale)


def paragraphs(text: str) -> list[list[str]]:
    """Plain text as paragraphs of lines: an empty line parts them."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]
