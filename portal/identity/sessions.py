"""Open sign-ins while they last: touched by each page and by decisions."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock
from portal.database import db, writes_ahead
from portal.identity.models import SignIn


def note_decision(sign_in_id: int) -> None:
    """A decision was made: the quarter of an hour until the factor is asked again begins anew. Commits."""
    db.session.rollback()  # the page was made while reading, and a reading transaction cannot be upgraded
    writes_ahead.set(True)
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(acted_at=clock.now()))
    db.session.commit()


def touch(row: SignIn) -> None:
    """A page was opened: the idle time begins anew (own short transaction, once a minute at most)."""
    now, before = clock.now(), writes_ahead.get()
    db.session.rollback()  # a reading transaction cannot be upgraded on SQLite: begin a writing one
    writes_ahead.set(True)
    db.session.execute(update(SignIn).where(SignIn.id == row.id).values(last_seen_at=now))
    db.session.commit()
    writes_ahead.set(before)  # a form that comes with the touch writes after it


def announce_writes(ahead: bool) -> None:
    """Say whether the transactions of this request will write."""
    writes_ahead.set(ahead)


def end_writing() -> None:
    """What was changed and not committed is undone; from now on this request only reads: others write."""
    if writes_ahead.get():
        db.session.rollback()
        writes_ahead.set(False)
