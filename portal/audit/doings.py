"""What one person did in the name of one organisation, as the trail has it, whether or not it is sealed yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal.audit.chains import is_in
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments import environment


@dataclass(frozen=True)
class Doings:
    """The events of these names that one person caused in the name of an organisation of this environment.

    They are of subjects of one kind; from the aware moment `start` on, up to `end`, which lies outside.
    """

    account_id: int
    organisation_id: int
    kind: str
    names: Collection[str]
    start: datetime
    end: datetime


def subjects(doings: Doings) -> Select[int]:
    """The statement of the subjects of these events, some of them more than once."""
    return select(AuditEvent.subject_id).where(_are(doings))


def by_anybody(
    account_id: ColumnElement[int], organisation_id: ColumnElement[int], kind: str, names: Collection[str]
) -> ColumnElement[bool]:
    """Whether there is such an event of the account and organisation of each row of another statement."""
    found = select(AuditEvent.id).where(
        AuditEvent.actor_account_id == account_id,
        AuditEvent.subject_kind == kind,
        AuditEvent.organisation_id == organisation_id,
        AuditEvent.name.in_(sorted(names)),
        is_in(environment.current().value),
    )
    return found.exists()


def summed(doings: Doings, subject_ids: Collection[int]) -> Iterator[tuple[int, str, int, datetime]]:
    """For each of these subjects and each name: subject, name, how many events, and when the last one was."""
    query = (
        select(AuditEvent.subject_id, AuditEvent.name, func.count(), func.max(AuditEvent.occurred_at))
        .where(_are(doings), AuditEvent.subject_id.in_(list(subject_ids)))
        .group_by(AuditEvent.subject_id, AuditEvent.name)
    )
    yield from db.session.execute(query)


def _are(doings: Doings) -> ColumnElement[bool]:
    """`is_in` stands here since events are not scoped: those of identity belong to no environment."""
    return and_(
        AuditEvent.actor_account_id == doings.account_id,
        AuditEvent.subject_kind == doings.kind,
        AuditEvent.occurred_at >= doings.start,
        AuditEvent.occurred_at < doings.end,
        AuditEvent.organisation_id == doings.organisation_id,
        AuditEvent.name.in_(sorted(doings.names)),
        is_in(environment.current().value),
    )
