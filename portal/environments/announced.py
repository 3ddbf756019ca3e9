"""What is announced in the current environment: stops ahead, whether it is closed now, and texts in a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db
from portal.environments.models import Announcement

AHEAD = timedelta(days=14)
"""Planned stops are shown so long before: Implementing Regulation (EU) 2019/1715, Article 46(6)."""


class AnnouncementKind(StrEnum):
    """What an announcement is."""

    NEWS = "news"
    STOP = "stop"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Told:
    """One announcement as pages show it; `texts` holds title and text by language."""

    announcement_id: int
    kind: AnnouncementKind
    starts_at: datetime
    ends_at: datetime | None
    closes: bool
    texts: Mapping[str, tuple[str, str]]

    def title_in(self, language: str) -> str:
        """The title in that language, else in English, else in the first one there is."""
        return self._text(language)[0]

    def body_in(self, language: str) -> str:
        """The text in that language, else in English, else in the first one there is."""
        return self._text(language)[1]

    def _text(self, language: str) -> tuple[str, str]:
        first = next(iter(self.texts.values()), ("", ""))
        return self.texts.get(language) or self.texts.get("en") or first


class EnvironmentClosed(Exception):
    """The current environment is closed; `told` says why and until when."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.announcement_id)
        self.told = told


def stops_ahead() -> list[Told]:
    """Stops and closings that hold now or begin within two weeks, the first one first, with their texts."""
    now = clock.now()
    query = (
        select(Announcement)
        .where(Announcement.kind.in_([AnnouncementKind.STOP, AnnouncementKind.CLOSURE]))
        .where(Announcement.ended_at.is_(None), Announcement.starts_at <= now + AHEAD)
        .where(or_(Announcement.ends_at.is_(None), Announcement.ends_at > now))
        .order_by(Announcement.starts_at, Announcement.id)
        .options(selectinload(Announcement.texts))
    )
    return [told_of(row) for row in db.session.scalars(query)]


def told_of(row: Announcement) -> Told:
    """An announcement that was loaded with its texts, as plain data."""
    texts = {text.language: (text.title, text.body) for text in row.texts}
    return Told(row.id, AnnouncementKind(row.kind), row.starts_at, row.ends_at, row.closes, texts)


def closing(stops: Iterable[Told]) -> Told | None:
    """The one of them that closes the environment at this moment."""
    now = clock.now()
    return next((stop for stop in stops if stop.closes and stop.starts_at <= now), None)


def check_open() -> None:
    """Raise EnvironmentClosed where the current environment is closed."""
    found = closing(stops_ahead())
    if found is not None:
        raise EnvironmentClosed(found)
