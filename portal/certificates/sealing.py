"""What a worker does for an intent in the database: takes it, judges it again, writes the result in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update

from portal import clock, config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.audit import signing_events, trail
from portal.certificates import changing, confirming, recognition, retention, telling
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.confirming import ModelNotVerified, ToSign
from portal.certificates.models import Certificate, CertificateFile, SigningIntent
from portal.certificates.rights import target_of
from portal.certificates.states import OPEN_INTENTS, REPLACE, SIGN, IntentFailure, IntentState
from portal.certificates.submitting import Incomplete
from portal.database import db, rows_changed
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.organisations.models import ControlBodyScope, Organisation
from portal.roles.models import Role
from portal.workflow import NotThere

LEASE = timedelta(minutes=3)
"""Longer than a paper, its seal and a slow time-stamp service take together, twice."""
TRIES = 3


class CannotSign(Exception):
    """What was confirmed may not, or cannot, be signed; `failure` is kept with the number."""

    def __init__(self, failure: IntentFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class TakenAway(Exception):
    """The lease ended and another worker has the intent: what was made here is thrown away."""


@dataclass(frozen=True)
class Claim:
    """An intent in the hands of one worker; `attempt` tells it from the claim of another one."""

    intent_id: int
    attempt: int


@dataclass(frozen=True)
class SealedFile:
    """A sealed file that lies in the store: see `CertificateFile`."""

    sha256: str
    size: int
    level: str
    stamp: str
    seal_key: str
    stamped_until: datetime | None


def due_ids() -> list[int]:
    """Intents of this environment that no worker has, oldest first."""
    query = select(SigningIntent.id).where(SigningIntent.state.in_(OPEN_INTENTS), _free())
    return list(db.session.scalars(query.order_by(SigningIntent.id)))


def _free() -> Any:
    return or_(SigningIntent.lease_until.is_(None), SigningIntent.lease_until < clock.now())


def claim(intent_id: int) -> Claim | None:
    """Take an intent by one conditional UPDATE; None when another worker has it. Commits.

    One that workers began TRIES times and never ended has failed.
    """
    taken = db.session.execute(
        update(SigningIntent)
        .where(SigningIntent.id == intent_id, SigningIntent.state.in_(OPEN_INTENTS), _free())
        .values(state=IntentState.CLAIMED, lease_until=clock.now() + LEASE, tries=SigningIntent.tries + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if rows_changed(taken) == 0:
        return None
    claimed = Claim(intent_id, intent(intent_id).tries)
    if claimed.attempt > TRIES:
        fail(claimed, IntentFailure.INTERRUPTED)
        return None
    return claimed


def intent(intent_id: int) -> SigningIntent:
    """The intent as the database has it now."""
    return db.session.get_one(SigningIntent, intent_id, populate_existing=True)


def judged(certificate: Certificate, wanted: SigningIntent, actor: Actor) -> ToSign:
    """What is signed, where everything still holds that held when it was confirmed; raises CannotSign.

    Role, flag, suspension, right, completeness and data are asked as they are now, and whether the owner disowned the
    sign-in meanwhile; how fresh the factor was, was judged at the press (F-15, Z-12).
    """
    if identity.was_taken_from(wanted.sign_in_id) or not may(
        actor, Action.CERTIFICATE_SIGN, target_of(certificate, actor)
    ):
        raise CannotSign(IntentFailure.ROLE)
    try:
        found = confirming.as_confirmed(certificate, actor)
    except Frozen:
        raise CannotSign(IntentFailure.SUSPENDED) from None
    except Incomplete as incomplete:
        raise CannotSign(_lost(incomplete)) from None
    except (CertificateMoved, ModelNotVerified):
        raise CannotSign(IntentFailure.CHANGED) from None
    if found.data_hash != wanted.data_hash:
        raise CannotSign(IntentFailure.CHANGED)
    return found


def _lost(incomplete: Incomplete) -> IntentFailure:
    is_recognition = any(one.word in recognition.WORDS for one in incomplete.refusals)
    return IntentFailure.RECOGNITION if is_recognition else IntentFailure.CHANGED


def finish(claimed: Claim, file: SealedFile, person: Any) -> None:
    """The certificate is valid: number, names, file, replaced one, event and notices in one transaction.

    `person` makes the actor of an intent, with the rights of this moment. Raises CannotSign, TakenAway.
    """
    db.session.rollback()
    with changing.all_or_nothing():
        wanted = _ended(claimed, IntentState.SEALED, "")
        certificate = _held(wanted)
        actor: Actor = person(wanted)
        found = judged(certificate, wanted, actor)
        try:
            changing.move(certificate, SIGN, **_facts(found, wanted))
            replaced = _replace(certificate, actor)
        except CertificateMoved:
            raise CannotSign(IntentFailure.CHANGED) from None
        row = add_version(certificate, file)
        event = signing_events.CertificateSigned(
            certificate.id,
            certificate.issuer_id or 0,
            wanted.id,
            row.id,
            wanted.method,
            wanted.data_hash,
            file.sha256,
        )
        trail.record(event, actor)
        telling.tell_signed(certificate, replaced)
    db.session.commit()


def _held(wanted: SigningIntent) -> Certificate:
    """The certificate, held with all that gives the right to sign it: who revokes a role, ends a scope, suspends the
    office or the person comes before or after this signature, never between its judgement and its commit."""
    try:
        certificate = changing.held(wanted.certificate_id)
    except NotThere:
        raise CannotSign(IntentFailure.CHANGED) from None
    for query in (
        select(Organisation).where(Organisation.id == wanted.profile_id),
        select(Role).where(Role.account_id == wanted.account_id, Role.organisation_id == wanted.profile_id),
        select(Account).where(Account.id == wanted.account_id),
        select(ControlBodyScope)
        .where(ControlBodyScope.organisation_id == wanted.profile_id)
        .order_by(ControlBodyScope.id),
    ):
        db.session.scalars(query.with_for_update(key_share=True)).all()
    db.session.expire_all()
    return certificate


def _facts(found: ToSign, wanted: SigningIntent) -> dict[str, Any]:
    return {
        "number": wanted.number, "signed_by": wanted.account_id, "signed_at": wanted.made_at,
        "signed_method": wanted.method, "signatory_name": found.signatory.name,
        "signatory_username": found.signatory.username, "signatory_office": found.signatory.office,
        "data_hash": found.data_hash, "keep_until": _kept_until(wanted.made_at),
    }  # fmt: skip


def _kept_until(moment: datetime) -> date:
    return retention.kept_until(moment.astimezone(ZoneInfo(config.current().time_zone)).date())


def _replace(certificate: Certificate, actor: Actor) -> Certificate | None:
    if certificate.replaces_id is None:
        return None
    replaced = changing.held(certificate.replaces_id)
    changing.move(replaced, REPLACE, replaced_by_id=certificate.id)
    event = signing_events.CertificateReplaced(replaced.id, certificate.issuer_id or 0, certificate.id)
    trail.record(event, actor)
    return replaced


def add_version(certificate: Certificate, file: SealedFile) -> CertificateFile:
    """The row of a file of the store, one version more of that certificate. Commits nothing."""
    row = CertificateFile(
        certificate_id=certificate.id, sha256=file.sha256, size=file.size, level=file.level, stamp=file.stamp,
        seal_key=file.seal_key, stamped_until=file.stamped_until,
        renew_at=retention.renewed_from(file.level, file.stamped_until), made_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def put_back(claimed: Claim, failure: IntentFailure) -> None:
    """This attempt came to nothing: another one may do better, but TRIES of them are enough. Commits."""
    if claimed.attempt >= TRIES:
        return fail(claimed, failure)
    db.session.rollback()
    db.session.execute(
        _mine(claimed)
        .values(state=IntentState.WAITING, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return None


def fail(claimed: Claim, failure: IntentFailure) -> None:
    """Nothing is signed; the number stays with the reason, and the officer is told. Commits."""
    db.session.rollback()
    try:
        wanted = _ended(claimed, IntentState.FAILED, failure.value)
    except TakenAway:
        db.session.rollback()
        return
    certificate = db.session.get_one(Certificate, wanted.certificate_id, populate_existing=True)
    event = signing_events.SigningFailed(certificate.id, wanted.profile_id, wanted.id, failure.value)
    trail.record(event, account_id=wanted.account_id)
    telling.tell_not_signed(certificate, wanted.account_id, failure)
    db.session.commit()


def _ended(claimed: Claim, state: IntentState, failure: str) -> SigningIntent:
    changed = db.session.execute(
        _mine(claimed)
        .values(state=state, failure=failure, ended_at=clock.now(), lease_until=None)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        raise TakenAway
    return intent(claimed.intent_id)


def _mine(claimed: Claim) -> Any:
    return update(SigningIntent).where(
        SigningIntent.id == claimed.intent_id,
        SigningIntent.state == IntentState.CLAIMED,
        SigningIntent.tries == claimed.attempt,
    )
