"""What was done to certificates under a role: from their own rows who signed, from the trail everything else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, union

from portal.audit import certificate_events, doings, signing_events
from portal.audit.certificate_events import CertificateEvent
from portal.audit.doings import Doings
from portal.certificates.models import Certificate
from portal.certificates.states import SIGNED, Act
from portal.database import db

EVENTS: dict[type[CertificateEvent], Act] = {
    certificate_events.CertificateBegun: Act.BEGUN,
    certificate_events.CertificateCopied: Act.BEGUN,
    certificate_events.CertificateFilled: Act.FILLED,
    certificate_events.CertificateDeleted: Act.DELETED,
    certificate_events.CertificateSubmitted: Act.SUBMITTED,
    certificate_events.CertificateTakenBack: Act.TAKEN_BACK,
    certificate_events.CertificateOpened: Act.OPENED,
    certificate_events.CertificateRefused: Act.REFUSED,
    certificate_events.CertificateCancelled: Act.CANCELLED,
    certificate_events.CertificateControlled: Act.CONTROLLED,
    signing_events.CertificateReplaced: Act.REPLACED,
    signing_events.SigningFailed: Act.NOT_SIGNED,
}
"""A signature is not among them: it counts from the moment the officer confirmed it, which its certificate keeps."""


@dataclass(frozen=True)
class Window:
    """From one aware moment on, up to the other one, which lies outside; with `act`, only certificates to which that
    was done."""

    start: datetime
    end: datetime
    act: Act | None = None


@dataclass(frozen=True)
class Holder:
    """Who held a role and where: what that person did in the name of that organisation was done under it."""

    account_id: int
    organisation_id: int


@dataclass(frozen=True)
class Done:
    """One kind of act on one certificate: how often in the window, and when for the last time."""

    act: Act
    times: int
    last: datetime


def ids(
    holder: Holder, window: Window, acts: Collection[Act] = tuple(Act)
) -> Select[int] | CompoundSelect[int]:
    """The statement of the certificates to which one of these acts was done by the holder in the window."""
    wanted = set(acts) if window.act is None else {window.act} & set(acts)
    signed = select(Certificate.id).where(_signed(holder, window))
    others = doings.subjects(_doings(holder, window, wanted))
    if wanted == {Act.SIGNED}:
        return signed
    return union(signed, others) if Act.SIGNED in wanted else others


def done(holder: Holder, window: Window, certificates: Collection[int]) -> dict[int, list[Done]]:
    """Everything that the holder did to these certificates in the window, by certificate, the oldest first.

    Whatever the act that the window asks for: of a certificate that is listed all is said.
    """
    found: dict[int, dict[Act, Done]] = {number: {} for number in certificates}
    signatures = select(Certificate.id, Certificate.signed_at).where(
        _signed(holder, window), Certificate.id.in_(list(certificates))
    )
    for number, moment in db.session.execute(signatures):
        if moment is not None:
            found[number][Act.SIGNED] = Done(Act.SIGNED, 1, moment)
    acts = {event.__name__: act for event, act in EVENTS.items()}
    for number, name, times, last in doings.summed(_doings(holder, window, set(Act)), certificates):
        before = found[number].get(acts[name], Done(acts[name], 0, last))
        found[number][acts[name]] = Done(acts[name], before.times + times, max(before.last, last))
    return {number: sorted(of.values(), key=lambda one: one.last) for number, of in found.items()}


def by_anybody(account_id: Any, organisation_id: Any) -> ColumnElement[bool]:
    """Whether the person and organisation of each row of another statement did anything to a certificate."""
    signed = select(Certificate.id).where(
        Certificate.signed_by == account_id, Certificate.issuer_id == organisation_id
    )
    names = [event.__name__ for event in EVENTS]
    others = doings.by_anybody(account_id, organisation_id, CertificateEvent.subject_kind, names)
    return or_(signed.exists(), others)


def _signed(holder: Holder, window: Window) -> ColumnElement[bool]:
    return and_(
        Certificate.signed_by == holder.account_id,
        Certificate.issuer_id == holder.organisation_id,
        Certificate.state.in_(SIGNED),
        Certificate.signed_at >= window.start,
        Certificate.signed_at < window.end,
    )


def _doings(holder: Holder, window: Window, acts: Collection[Act]) -> Doings:
    names = [event.__name__ for event, act in EVENTS.items() if act in acts]
    kind = CertificateEvent.subject_kind
    return Doings(holder.account_id, holder.organisation_id, kind, names, window.start, window.end)
