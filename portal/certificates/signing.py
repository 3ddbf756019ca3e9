"""An officer confirms what the portal then signs: checked, numbered, and kept as an intent in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal import clock, config, crypto
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import signing_events, trail
from portal.certificates import changing, confirming, numbers, queries
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.confirming import BeingSigned, DataChanged, ModelNotVerified, NoSealKey, ToSign
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.rights import target_of
from portal.certificates.states import OPEN_INTENTS, IntentFailure, IntentState
from portal.certificates.submitting import Incomplete
from portal.database import db
from portal.workflow import NotThere

__all__ = ["BeingSigned", "DataChanged", "ModelNotVerified", "NoSealKey", "ToSign"]
AT_ONCE = 50
KEY_BYTES = 32
REFUSALS = (BeingSigned, CertificateMoved, DataChanged, Frozen, Incomplete, ModelNotVerified)


class SeveralRefused(Exception):
    """Of several confirmed at once some cannot be signed, each for its own reason; none was begun."""

    def __init__(self, refusals: dict[int, Exception]) -> None:
        super().__init__(", ".join(f"{number}: {error!r}" for number, error in refusals.items()))
        self.refusals = refusals


class TooManyAtOnce(Exception):
    """Nobody looks at more than AT_ONCE certificates before one press; or none was chosen."""


@dataclass(frozen=True)
class Progress:
    """How far one of a round is: `state` of its intent, `failure` where it came to nothing; the official number."""

    certificate_id: int
    number: str
    state: IntentState
    failure: IntentFailure | None


def to_sign(certificate_id: int, actor: Actor) -> ToSign:
    """What the page of a signature shows, with the SHA-256 that `confirm` wants back.

    Raises as `confirm` does, DataChanged excepted; changes nothing.
    """
    certificate = queries.readable(certificate_id, actor)
    authorise(actor, Action.CERTIFICATE_SIGN, target_of(certificate, actor))
    confirming.check_key()
    return confirming.ready(certificate, actor)


def confirm(ids: Collection[int], hashes: Mapping[int, str], actor: Actor) -> str:
    """Begin to sign certificates whose data have the SHA-256 the page showed; the key of the round for `progress`.

    All or none. For one certificate raises NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved, Frozen,
    BeingSigned, Incomplete, DataChanged, ModelNotVerified, NoSealKey; for several SeveralRefused with the reasons.
    """
    if not 0 < len(set(ids)) <= AT_ONCE:
        raise TooManyAtOnce
    round_key = secrets.token_urlsafe(KEY_BYTES)
    with changing.all_or_nothing():
        confirming.check_key()
        # Numbers come last and in one order: two rounds at once must not hold what the other one waits for.
        ready = sorted(_checked(sorted(set(ids)), hashes, actor), key=_series)
        for one in ready:
            _begin(one, round_key, actor)
    db.session.info["signing_begun"] = True
    db.session.commit()
    return round_key


def _checked(ids: list[int], hashes: Mapping[int, str], actor: Actor) -> list[ToSign]:
    ready: list[ToSign] = []
    refusals: dict[int, Exception] = {}
    for certificate_id in ids:
        try:
            certificate = changing.held_for(certificate_id, Action.CERTIFICATE_SIGN, actor)
            one = confirming.ready(certificate, actor)
            if not crypto.same(one.data_hash, hashes.get(certificate_id, "")):
                raise DataChanged(certificate, one.data_hash)
            ready.append(one)
        except REFUSALS as error:
            refusals[certificate_id] = error
    if refusals:
        raise next(iter(refusals.values())) if len(ids) == 1 else SeveralRefused(refusals)
    return ready


def _series(one: ToSign) -> tuple[str, str, int]:
    return one.certificate.document, _country(one.certificate), one.certificate.id


def _country(certificate: Certificate) -> str:
    assert certificate.issuer is not None  # noqa: S101 - the rule asks for a role in it
    return certificate.issuer.country


def _begin(one: ToSign, round_key: str, actor: Actor) -> None:
    certificate, now = one.certificate, clock.now()
    year = now.astimezone(ZoneInfo(config.current().time_zone)).year
    intent = SigningIntent(
        certificate_id=certificate.id, round_key=round_key,
        number=numbers.next_number(certificate.document, _country(certificate), year),
        account_id=actor.account_id, sign_in_id=actor.session_id, profile_id=actor.acting_as,
        assurance=actor.assurance.value, method=actor.method.value, factor_at=actor.second_factor_at,
        data_hash=one.data_hash, signatory_name=one.signatory.name, state=IntentState.WAITING.value, made_at=now,
    )  # fmt: skip
    db.session.add(intent)
    db.session.flush()
    event = signing_events.SigningConfirmed(
        certificate.id, actor.acting_as or 0, intent.id, actor.method.value, one.data_hash
    )
    trail.record(event, actor)


def progress(round_key: str, actor: Actor) -> list[Progress]:
    """How far each certificate of an own round is, in the order of their numbers; raises NotThere for others'."""
    authorise(actor, Action.CERTIFICATE_LIST)
    own = select(SigningIntent).where(
        SigningIntent.round_key == round_key, SigningIntent.account_id == actor.account_id
    )
    found = db.session.scalars(own.order_by(SigningIntent.id).execution_options(populate_existing=True)).all()
    if not found:
        raise NotThere
    return [_progress(one) for one in found]


def attempts(certificate_id: int) -> list[Progress]:
    """Every intent of a certificate, oldest first: the numbers it used up and why. The caller has authorised it."""
    own = select(SigningIntent).where(SigningIntent.certificate_id == certificate_id)
    return [_progress(one) for one in db.session.scalars(own.order_by(SigningIntent.id))]


def is_over(found: Collection[Progress]) -> bool:
    """Whether nothing of a round is still to come."""
    return all(one.state not in OPEN_INTENTS for one in found)


def _progress(intent: SigningIntent) -> Progress:
    failure = IntentFailure(intent.failure) if intent.failure else None
    return Progress(intent.certificate_id, intent.number, IntentState(intent.state), failure)
