"""Writing, changing and ending what is announced: news, planned stops, the closing of an environment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, NewsFor
from portal.access.authorise import authorise, may
from portal.access.rules_notices import administers_the_commission, countries_announced_to
from portal.audit import notice_events, trail
from portal.database import db, rows_changed
from portal.environments.announced import AHEAD, AnnouncementKind, Told, told_of
from portal.environments.models import Announcement, AnnouncementText
from portal.notices import telling
from portal.paging import Page, Place, read_page
from portal.workflow import NotThere


@dataclass(frozen=True)
class Period:
    """From when to when it holds; without an end until somebody ends it."""

    starts_at: datetime
    ends_at: datetime | None = None
    closes: bool = False


@dataclass(frozen=True)
class Words:
    """Title and text in one language."""

    language: str
    title: str
    body: str = ""


class EndsBeforeItBegins(Exception):
    """The end lies before the beginning, or has passed already."""


class TooSoon(Exception):
    """A planned stop is announced two weeks ahead, unless it cannot wait."""


class ChangedMeanwhile(Exception):
    """Somebody else changed or ended it since the page was opened; nothing was changed."""


def news_kept_by(actor: Actor, place: Place) -> Page[Announcement]:
    """All news that the actor may change, newest first, whatever their time."""
    authorise(actor, Action.NEWS_READ, None)
    mine = Announcement.country.in_(sorted(countries_announced_to(actor)))
    limit = true() if administers_the_commission(actor) else mine
    return _newest_first([AnnouncementKind.NEWS], limit, place)


def stops_kept_by(actor: Actor, place: Place) -> Page[Announcement]:
    """All stops and closings of this environment, newest first."""
    authorise(actor, Action.ENVIRONMENT_READ, None)
    return _newest_first([AnnouncementKind.STOP, AnnouncementKind.CLOSURE], true(), place)


def _newest_first(
    kinds: list[AnnouncementKind], limit: ColumnElement[bool], place: Place
) -> Page[Announcement]:
    query = select(Announcement).where(Announcement.kind.in_(kinds), limit)
    query = query.options(selectinload(Announcement.texts))
    return read_page(query, Announcement.id, Announcement.id, place, newest_first=True)


def current_news(countries: Iterable[str], limit: int = 20) -> list[Told]:
    """The news that hold now for everybody or for one of these countries, newest first."""
    now = clock.now()
    query = (
        select(Announcement)
        .where(Announcement.kind == AnnouncementKind.NEWS, Announcement.ended_at.is_(None))
        .where(Announcement.starts_at <= now)
        .where(or_(Announcement.ends_at.is_(None), Announcement.ends_at > now))
        .where(Announcement.country.in_(["", *countries]))
        .order_by(Announcement.starts_at.desc(), Announcement.id.desc())
        .limit(limit)
        .options(selectinload(Announcement.texts))
    )
    return [told_of(row) for row in db.session.scalars(query)]


def announcement_to_read(announcement_id: int, keeper: Action, actor: Actor) -> Announcement:
    """One announcement as its keepers see it; `keeper` is the action that changes its kind. Raises NotThere."""
    query = select(Announcement).where(Announcement.id == announcement_id)
    query = query.options(selectinload(Announcement.texts)).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None or _action_of(row) is not keeper or not may(actor, keeper, _target_of(row)):
        raise NotThere
    return row


def announcement_to_keep(announcement_id: int, keeper: Action, actor: Actor) -> Announcement:
    """The same, for a change: the second factor must be fresh. Raises NotThere."""
    row = announcement_to_read(announcement_id, keeper, actor)
    authorise(actor, keeper, _target_of(row))
    return row


def announce_news(period: Period, country: str, words: Words, actor: Actor) -> Announcement:
    """News for everybody, or for the people of one country; raises EndsBeforeItBegins, ChangedMeanwhile."""
    authorise(actor, Action.NEWS_KEEP, NewsFor(country))
    return _made(AnnouncementKind.NEWS, period, country, words, actor)


def plan_stop(period: Period, words: Words, actor: Actor, *, urgent: bool = False) -> Announcement:
    """A planned stop of this environment; raises EndsBeforeItBegins, and TooSoon unless it is urgent."""
    authorise(actor, Action.ENVIRONMENT_SWITCH, None)
    if not urgent and period.starts_at < clock.now() + AHEAD - timedelta(hours=1):
        raise TooSoon
    return _made(AnnouncementKind.STOP, period, "", words, actor)


def close_environment(ends_at: datetime | None, words: Words, actor: Actor) -> Announcement:
    """Close this environment at once, for a reason, and tell its administrators of the Commission.

    Where it was closed already that closing stays as it is and is returned.
    """
    authorise(actor, Action.ENVIRONMENT_SWITCH, None)
    return _made(AnnouncementKind.CLOSURE, Period(clock.now(), ends_at, closes=True), "", words, actor)


def _made(kind: AnnouncementKind, period: Period, country: str, words: Words, actor: Actor) -> Announcement:
    _check(period)
    row = Announcement(
        kind=kind.value, country=country, starts_at=period.starts_at, ends_at=period.ends_at,
        closes=period.closes, written_by=actor.account_id, written_at=clock.now(),
        fingerprint=_fingerprint(kind, period, country, words),
        texts=[AnnouncementText(language=words.language, title=words.title, body=words.body)],
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        same = Announcement.fingerprint == row.fingerprint, Announcement.ended_at.is_(None)
        first = db.session.scalar(select(Announcement).where(*same))
        if first is None:
            raise ChangedMeanwhile from None
        return first
    if kind is AnnouncementKind.CLOSURE:
        trail.record(notice_events.EnvironmentClosed(row.id, kind.value), actor)
        telling.tell_administrators(actor, closed=True)
    else:
        trail.record(notice_events.AnnouncementMade(row.id, kind.value, period.closes), actor)
    db.session.commit()
    return row


def _fingerprint(kind: AnnouncementKind, period: Period, country: str, words: Words) -> str:
    # The same form sent twice, from two windows or by a shaking finger, announces once.
    if kind is AnnouncementKind.CLOSURE:
        return kind.value
    parts = (kind, period.starts_at, period.ends_at, country, words.language, words.title, words.body)
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()


def _check(period: Period) -> None:
    if period.ends_at is not None and period.ends_at <= max(period.starts_at, clock.now()):
        raise EndsBeforeItBegins


def change_period(row: Announcement, version: int, period: Period, actor: Actor) -> None:
    """Another time or effect; `version` is the one the page showed. Raises ChangedMeanwhile, EndsBeforeItBegins."""
    authorise(actor, _action_of(row), _target_of(row))
    _check(period)
    closes = period.closes or row.kind == AnnouncementKind.CLOSURE
    _take(row, version, starts_at=period.starts_at, ends_at=period.ends_at, closes=closes)
    trail.record(notice_events.AnnouncementChanged(row.id, row.kind, version + 1), actor)
    db.session.commit()


def put_words(row: Announcement, version: int, words: Words, actor: Actor) -> None:
    """Title and text in one language, new or changed; raises ChangedMeanwhile."""
    authorise(actor, _action_of(row), _target_of(row))
    _take(row, version)
    text = next((one for one in row.texts if one.language == words.language), None)
    if text is None:
        row.texts.append(AnnouncementText(language=words.language, title=words.title, body=words.body))
    else:
        text.title, text.body = words.title, words.body
    trail.record(notice_events.AnnouncementTextKept(row.id, row.kind, words.language), actor)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise ChangedMeanwhile from None


def end(row: Announcement, version: int, actor: Actor) -> None:
    """Show it no more, call the stop off, open the environment; raises ChangedMeanwhile."""
    authorise(actor, _action_of(row), _target_of(row))
    _take(row, version, ended_at=clock.now())
    if row.kind == AnnouncementKind.CLOSURE:
        trail.record(notice_events.EnvironmentOpened(row.id, row.kind), actor)
        telling.tell_administrators(actor, closed=False)
    else:
        trail.record(notice_events.AnnouncementEnded(row.id, row.kind), actor)
    db.session.commit()


def _take(row: Announcement, version: int, **values: object) -> None:
    # One conditional UPDATE: of two people who change it at once, the second one is told.
    done = db.session.execute(
        update(Announcement)
        .where(Announcement.id == row.id, Announcement.version == version, Announcement.ended_at.is_(None))
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(done):
        db.session.rollback()
        raise ChangedMeanwhile


def _action_of(row: Announcement) -> Action:
    return Action.NEWS_KEEP if row.kind == AnnouncementKind.NEWS else Action.ENVIRONMENT_SWITCH


def _target_of(row: Announcement) -> NewsFor | None:
    return NewsFor(row.country) if row.kind == AnnouncementKind.NEWS else None
