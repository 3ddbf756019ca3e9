"""Makers of the audit trail: events, sealed days, and somebody with the database's password."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from portal import clock
from portal.audit import events, trail
from portal.audit.models import AuditEvent
from portal.database import db
from portal.jobs import sealing
from tests.makers.identity import an_actor

UPDATE = "UPDATE audit_events SET {} WHERE {}".format
DELETE = "DELETE FROM audit_events WHERE {}".format


def some_events(count: int = 3, *, organisation_id: int = 1, account_id: int = 7) -> list[int]:
    """Committed events about one organisation and person; their numbers."""
    for number in range(count):
        event = events.RoleRequested(100 + number, account_id, organisation_id)
        trail.record(event, an_actor(5, session_id=9))
    db.session.commit()
    query = db.session.query(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(count)
    return sorted(row.id for row in query)


def sealed_days(days: int = 2, count: int = 3, **about: int) -> list[int]:
    """Days with events, each sealed and closed with its root; it is the day after the last one."""
    numbers = []
    for _day in range(days):
        numbers += some_events(count, **about)
        sealing.seal()
        clock.advance(timedelta(days=1))
        sealing.seal()
    return numbers


def tamper(*statements: str) -> None:
    """What somebody does who owns the database: the triggers are no hindrance."""
    if db.engine.dialect.name == "sqlite":
        for trigger in ("no_update", "no_delete", "no_replace"):
            _run(f"DROP TRIGGER audit_events_{trigger}")
    else:
        _run("ALTER TABLE audit_events DISABLE TRIGGER ALL")
    for statement in statements:
        _run(statement)
    db.session.commit()
    db.session.expire_all()


def _run(statement: str) -> None:
    db.session.execute(text(statement), execution_options={"unscoped": "the owner of the database"})
