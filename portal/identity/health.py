"""Whether this process can do its work: database there, newest shape, clocks agreeing within five seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, migrating
from portal.database import db

CLOCKS_APART = timedelta(seconds=5)


def is_ready() -> bool:
    """Yes or no; asks the database once."""
    try:
        there = db.session.scalar(select(func.now()))
        return migrating.is_current(db.engine) and abs(_aware(there) - clock.now()) <= CLOCKS_APART
    except SQLAlchemyError:
        return False


def _aware(moment: datetime | str | None) -> datetime:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    assert moment is not None  # noqa: S101 - every database knows the time
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
