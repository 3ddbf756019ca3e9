"""What every change of a certificate has in common: held, allowed, not frozen, and one conditional UPDATE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see, may
from portal.access.rules_certificates import CertificateTarget
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.rights import target_of
from portal.certificates.states import OPEN_INTENTS, CertificateState
from portal.database import db, rows_changed
from portal.organisations.states import EFFECTIVE
from portal.workflow import NotThere, Transition


class CertificateMoved(Exception):
    """Somebody was faster, or the certificate is in another state by now; nothing was changed."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(certificate.id)
        self.certificate_id: int = certificate.id
        self.state = CertificateState(certificate.state)
        self.by, self.at = last_step(certificate)


class Frozen(Exception):
    """Nothing can be changed for now: `signing` while a signature is being made, `suspended` while its maker is."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def last_step(certificate: Certificate) -> tuple[int | None, datetime | None]:
    """Who brought the certificate into its state, and when."""
    state = CertificateState(certificate.state)
    if state is CertificateState.DRAFT:
        return certificate.created_by, certificate.created_at
    if state is CertificateState.SUBMITTED:
        return certificate.submitted_by, certificate.submitted_at
    if state is CertificateState.IN_PROGRESS:
        return certificate.opened_by, certificate.opened_at
    if state is CertificateState.VALID:
        return certificate.signed_by, certificate.signed_at
    return certificate.decided_by, certificate.decided_at


def held(certificate_id: int) -> Certificate:
    """The certificate, held until the commit: what is done to it comes one after the other. Raises NotThere."""
    query = select(Certificate).where(Certificate.id == certificate_id).with_for_update(of=Certificate)
    certificate = db.session.scalar(query.execution_options(populate_existing=True))
    if certificate is None or certificate.state == CertificateState.DELETED:
        raise NotThere
    return certificate


def held_for(certificate_id: int, action: Action, actor: Actor) -> Certificate:
    """The certificate, held, on which the actor may do that now.

    Raises NotThere, Hidden, Refused, StepUpNeeded, and CertificateMoved for whom a colleague was faster."""
    certificate = held(certificate_id)
    target = target_of(certificate, actor)
    authorise_to_see(actor, Action.CERTIFICATE_READ, target)
    authorise_now(certificate, target, action, actor)
    return certificate


def authorise_now(certificate: Certificate, target: CertificateTarget, action: Action, actor: Actor) -> None:
    """Authorise; raise CertificateMoved for its makers where it is no draft any more: editing is asked of the state,
    and who comes second to a colleague's submission did nothing to be refused. The caller has authorised reading."""
    as_draft = replace(target, state=CertificateState.DRAFT.value)
    if action is Action.CERTIFICATE_EDIT and not may(actor, action, target) and may(actor, action, as_draft):
        raise CertificateMoved(certificate)
    authorise(actor, action, target)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """What was begun inside is undone where it is refused."""
    try:
        yield
    except Exception:
        db.session.rollback()
        raise


def check_not_frozen(certificate: Certificate) -> None:
    """Raise Frozen while a signature is being made, or while the organisation that began it is suspended (Z-12)."""
    check_not_being_signed(certificate)
    check_not_suspended(certificate)


def check_not_suspended(certificate: Certificate) -> None:
    """Raise Frozen while the organisation that began it is suspended (Z-12)."""
    if certificate.creator.state not in EFFECTIVE:
        raise Frozen("suspended")


def check_not_being_signed(certificate: Certificate) -> None:
    """Raise Frozen while a signature is being made: what was confirmed is what is signed."""
    open_intent = select(SigningIntent.id).where(
        SigningIntent.certificate_id == certificate.id, SigningIntent.state.in_(OPEN_INTENTS)
    )
    if db.session.scalar(open_intent.limit(1)) is not None:
        raise Frozen("signing")


def move(certificate: Certificate, row: Transition, **values: Any) -> None:
    """One conditional UPDATE along a row of the table of states; raises CertificateMoved. Commits nothing."""
    changed = db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.state.in_(row.sources))
        .values(state=row.target, version=Certificate.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        certificate_id = certificate.id
        db.session.rollback()
        raise CertificateMoved(db.session.get_one(Certificate, certificate_id, populate_existing=True))
    db.session.refresh(certificate)
