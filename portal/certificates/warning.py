"""Telling the parties of certificates that a key or a role was found wrong: long work, each certificate once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit import certificate_events as events
from portal.audit import trail
from portal.certificates import impact, telling
from portal.certificates.impact import Cause
from portal.certificates.models import Certificate, CertificateWarning
from portal.certificates.states import Act, ImpactReason
from portal.certificates.telling import Finding
from portal.certificates.touching import Window
from portal.database import db
from portal.limits import ledger as limits
from portal.work import ledger
from portal.work import service as work_service
from portal.work.ledger import Facts, Handler, ItemRefused, Outcome
from portal.work.models import Work
from portal.workflow import NotThere

KIND = "tell-impact"
AT_MOST = 5000
"""So many certificates in one piece of work; who asks again tells of the next ones."""
TOGETHER = 10


class NobodyToTell(Exception):
    """No certificate in the window is left of which somebody is still to be told."""


def to_tell(cause: Cause, window: Window, actor: Actor) -> int:
    """Of how many certificates the next press would tell, AT_MOST at once; raises NotThere, Hidden, Refused."""
    return len(impact.untold(cause, window, actor, AT_MOST))


def begin(cause: Cause, window: Window, actor: Actor) -> Work:
    """Hand the certificates whose parties were not told yet to the worker.

    The same press sent again in the same minute is the work that was begun. Raises NobodyToTell, NotThere, Hidden,
    Refused; nothing is stored then.
    """
    untold = impact.untold(cause, window, actor, AT_MOST)
    if not untold:
        raise NobodyToTell
    once = f"{KIND}-{actor.account_id}-{clock.now():%Y%m%d%H%M}-{cause.word}-{window!r}"
    if not limits.spend(once, timedelta(days=1)):
        return _begun_before(actor)
    return _begun(cause, window, untold, actor)


def _begun(cause: Cause, window: Window, untold: Sequence[tuple[int, str]], actor: Actor) -> Work:
    items = ({"certificate": number, "label": reference} for number, reference in untold)
    parameters = {"cause": cause.word, "start": window.start.isoformat(), "end": window.end.isoformat()}
    if window.act is not None:
        parameters["act"] = window.act.value
    work = work_service.begin(KIND, actor, parameters, items)
    db.session.commit()
    return work


def _window_of(parameters: Facts) -> Window:
    """The window that the work was begun with."""
    start, end = (datetime.fromisoformat(parameters[name]) for name in ("start", "end"))
    return Window(start, end, Act(parameters["act"]) if "act" in parameters else None)


def _begun_before(actor: Actor) -> Work:
    db.session.rollback()
    begun = next((work for work in ledger.own_work(actor.account_id) if work.kind == KIND), None)
    if begun is None:
        raise NobodyToTell
    return begun


def tell(actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """Tell the parties of one certificate, with the rights of this moment; commits nothing. Raises ItemRefused."""
    cause, window = impact.cause_in(str(parameters["cause"])), _window_of(parameters)
    certificate = db.session.get(Certificate, int(payload["certificate"]), populate_existing=True)
    if cause is None or certificate is None:
        raise ItemRefused("impact-not-yours")
    try:
        impact.check_touched(cause, window, certificate.id, actor)
    except (Refused, NotThere):
        raise ItemRefused("impact-not-yours") from None
    if certificate.erased_at is not None:
        raise ItemRefused("impact-ended")
    people = _told(cause, window, certificate)
    event = events.CertificateWarned(certificate.id, actor.acting_as or 0, cause.reason.value, people)
    trail.record(event, actor)
    return Outcome("impact-told", certificate.id, {"people": people})


def _told(cause: Cause, window: Window, certificate: Certificate) -> int:
    """Remembers it and tells whom it concerns; returns how many people."""
    done = impact.done_to(cause, window, [certificate])[certificate.id]
    is_outward = impact.is_outward(cause, certificate, done)
    _remember(cause, certificate, is_desk=not is_outward)
    if cause.reason is ImpactReason.KEY_STOLEN:
        return telling.tell_warned(certificate, Finding(cause.reason, (), is_outward))
    finding = Finding(
        cause.reason, tuple(one.act for one in done), is_outward, impact.holder_of(cause).account_id
    )
    return telling.tell_warned(certificate, finding)


def _remember(cause: Cause, certificate: Certificate, *, is_desk: bool) -> None:
    """Raises ItemRefused where the same people, or all, were told before."""
    wanted = {impact.subject_of(cause, is_desk=False), impact.subject_of(cause, is_desk=is_desk)}
    before = select(CertificateWarning.told_at).where(
        CertificateWarning.certificate_id == certificate.id,
        CertificateWarning.reason == cause.reason.value,
        CertificateWarning.subject.in_(wanted),
    )
    if db.session.scalar(before.limit(1)) is not None:
        raise ItemRefused("impact-told-before")
    db.session.add(
        CertificateWarning(
            certificate_id=certificate.id, reason=cause.reason.value,
            subject=impact.subject_of(cause, is_desk=is_desk), told_at=clock.now(),
        )
    )  # fmt: skip
    try:
        db.session.flush()
    except IntegrityError:  # another piece of work was quicker: its people were told once
        raise ItemRefused("impact-told-before") from None


HANDLER = Handler(KIND, tell, TOGETHER)
