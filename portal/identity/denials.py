"""Recording that a rule said no: an event in a transaction of its own, after the refused one is undone."""

from __future__ import annotations

from portal.access.actor import Actor
from portal.audit import trail
from portal.audit.events import Event
from portal.database import db, writes_ahead


def record_denial(event: Event, actor: Actor) -> None:
    """Undo what the refused request began, then record the denial."""
    db.session.rollback()
    writes_ahead.set(True)
    trail.record(event, actor)
    db.session.commit()
