"""`record`: put one event into the trail, in the transaction of the change it tells of."""

from __future__ import annotations

import dataclasses
import json
import secrets
from contextvars import ContextVar

from portal import clock
from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.models import AuditEvent
from portal.audit.subjects import concerned_by
from portal.database import db, writes_ahead
from portal.environments import environment

correlation: ContextVar[str] = ContextVar("correlation", default="")
"""The id of the request or job; the page of a failure shows it and log lines carry it."""


def new_correlation() -> str:
    """Begin a request or job: a fresh id that its events and log lines share."""
    correlation.set(secrets.token_hex(8))
    return correlation.get()


def record(event: Event, actor: Actor | None = None, *, account_id: int | None = None) -> None:
    """Add the event; `account_id` names who acted where there is no actor yet (registration, sign-in)."""
    facts = dataclasses.asdict(event)
    subject_id = facts.pop("subject_id")
    where, about = environment.current_or_none(), concerned_by(event)
    row = AuditEvent(
        occurred_at=clock.now(),
        environment=where.value if where else None,
        name=type(event).__name__,
        subject_kind=event.subject_kind,
        subject_id=subject_id,
        organisation_id=about.organisation_id,
        account_id=about.account_id,
        actor_account_id=actor.account_id if actor else account_id,
        sign_in_id=actor.session_id if actor else None,
        correlation=correlation.get() or new_correlation(),
        facts=json.dumps(facts, sort_keys=True),
    )
    db.session.add(row)


def record_apart(event: Event, actor: Actor) -> None:
    """Record what was only read or refused, in a transaction of its own; what the request began to change is undone."""
    db.session.rollback()
    writes_ahead.set(True)
    record(event, actor)
    db.session.commit()
