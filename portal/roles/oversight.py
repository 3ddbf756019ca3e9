"""What people read and take away of the audit trail: the list of an organisation they administer, or everything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal import config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_audit import TrailOf
from portal.audit import exporting, trail
from portal.audit.chains import IDENTITY
from portal.audit.exporting import Part
from portal.audit.models import AuditEvent
from portal.audit.search import Wanted, search
from portal.audit.subjects import Concerned
from portal.audit.trail_events import TrailExported
from portal.database import db, only_reading
from portal.environments import environment
from portal.identity import queries as identity
from portal.limits import ledger, rates
from portal.organisations import queries as organisations
from portal.paging import Page, Place
from portal.roles.overseers import overseers_of

NOBODY = 0
"""The number of no person and no organisation: what nobody has finds nothing."""


@dataclass(frozen=True)
class Question:
    """What somebody typed: a person by address or user name, an organisation by code, an action, days."""

    person: str = ""
    organisation: str = ""
    name: str = ""
    first: date | None = None
    last: date | None = None
    of_identity: bool = False


def list_of(actor: Actor) -> int | None:
    """Whose list the actor reads: of the organisation acted for; None for the Commission, which reads everything."""
    if actor.is_commission:
        return None
    return min(actor.organisations_administered, default=NOBODY)


def read_trail(question: Question, actor: Actor, place: Place) -> Page[AuditEvent]:
    """One page of the trail as far as the actor may read it, newest first."""
    own = list_of(actor)
    authorise(actor, Action.AUDIT_READ, TrailOf(own))
    chain = environment.current().value
    if question.of_identity and own is None:
        chain = IDENTITY
    wanted = Wanted(
        chain, own, name=question.name, since=_midnight(question.first), before=_end(question.last)
    )
    if question.person:
        account = identity.account_by_sign_in_name(question.person)
        wanted = replace(wanted, person=account.id if account else NOBODY)
    if question.organisation:
        wanted = replace(wanted, about=_overseen(question.organisation, own))
    return search(wanted, place)


def _overseen(code: str, own: int | None) -> int:
    """The organisation with that code where the list has its events at all; else nobody."""
    for found in organisations.organisations_by_code(code):
        concerned = Concerned(found.id, None)
        if own is None or own in overseers_of({concerned})[concerned]:
            return found.id
    return NOBODY


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day as it is shown here, in UTC."""
    zone = ZoneInfo(config.current().time_zone)
    return datetime.combine(day, time.min, zone).astimezone(UTC) if day else None


def _end(day: date | None) -> datetime | None:
    return _midnight(day + timedelta(days=1)) if day and day < date.max else None


def export_trail(first: date, last: date, readme: str, actor: Actor) -> bytes:
    """The actor's part of the trail with its proofs; raises TooMany, NothingSealed, TooMuch. Audited."""
    own = list_of(actor)
    authorise(actor, Action.AUDIT_EXPORT, TrailOf(own))
    part = Part(environment.current().value, own, first, last)
    ledger.take(rates.TRAIL_EXPORTS_PER_ACCOUNT, str(actor.account_id))
    days = exporting.days_of(part)
    subject = own if own is not None else min(actor.organisations_administered)
    trail.record(TrailExported(subject, (last - first).days + 1, whole=own is None), actor)
    db.session.commit()
    with only_reading():  # hashing takes seconds: nobody waits for this transaction meanwhile
        return exporting.export(part, days, readme)
