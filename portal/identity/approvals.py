"""The second factor by PIN code: the open app shows the request, its answer lets the computer continue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity import addresses, challenges, device_codes, factor_challenges, sign_in
from portal.identity.device_codes import PhoneRefused
from portal.identity.factor_challenges import MANY, OVER, WAITING
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import SignIn
from portal.identity.states import APP_REQUEST_MINUTES, CODE_TRIES, ChallengeState, FactorState, SignInState
from portal.limits import ledger, rates
from portal.vocabulary import Method

CLOCK_SECONDS = 60
APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True)
class Answer:
    """What the telephone sends; `number` and `code` are empty where the person refuses."""

    device_id: int
    approves: bool
    signature: str
    number: str = ""
    code: str = ""

    def signed_text(self, request: FactorChallenge) -> str:
        """The text its signature stands for, without the beginning that all have."""
        word = "approve" if self.approves else "refuse"
        return f"answer {request.id} {word} {self.number or '-'} {request.nonce}"


def standing(challenge: FactorChallenge | None) -> str:
    """What the computer says of its newest request: waiting, approved, refused, over, or many (three wait already, so
    none was made)."""
    if challenge is None:
        return MANY
    if challenge.state in (ChallengeState.APPROVED, ChallengeState.REFUSED):
        return challenge.state
    return WAITING if factor_challenges.is_open(challenge) else OVER


def newest_of(row: SignIn) -> FactorChallenge | None:
    """The newest request of that browser, in whatever state."""
    return factor_challenges.newest(row.id, Method.APP_PIN, sign_in.purpose_of(row))


def waiting_for(device_id: int, at: int, signature: str) -> list[dict[str, object]]:
    """The requests that wait for an answer of that telephone, as docs/phone-app.md has them; changes nothing.

    `at` are the telephone's seconds since 1970. Raises PhoneRefused."""
    device = db.session.get(MobileDevice, device_id)
    is_now = abs(clock.now().timestamp() - at) <= CLOCK_SECONDS
    if not is_now or not device_codes.has_signed(device, f"requests {device_id} {at}", signature):
        raise PhoneRefused("refused")
    _check_works(device)
    query = (
        select(FactorChallenge, SignIn)
        .join(SignIn, SignIn.id == FactorChallenge.sign_in_id)
        .where(
            FactorChallenge.account_id == device.account_id, FactorChallenge.method == Method.APP_PIN.value
        )
        .where(FactorChallenge.state == ChallengeState.OPEN, FactorChallenge.expires_at > clock.now())
        .where(FactorChallenge.tries < CODE_TRIES, SignIn.state != SignInState.ENDED)
    )
    return [_shown(*found) for found in db.session.execute(query.order_by(FactorChallenge.id))]


def _shown(challenge: FactorChallenge, row: SignIn) -> dict[str, object]:
    return {
        "id": challenge.id,
        "account": addresses.masked(row.account.email),
        "purpose": challenge.purpose,
        "place": row.network,
        "browser": row.browser,
        "time": challenge.created_at.isoformat(timespec="seconds"),
        "expires": challenge.expires_at.isoformat(timespec="seconds"),
        "environment": row.environment_key,
        "nonce": challenge.nonce,
    }


def _check_works(device: MobileDevice) -> None:
    if device.state == FactorState.STOPPED:
        raise PhoneRefused("stopped")
    if device.state != FactorState.ACTIVE:
        raise PhoneRefused("refused")


def answer(request_id: int, given: Answer, *, network: str) -> str:
    """The telephone's answer; returns `approved` or `refused`. One answer wins; raises PhoneRefused."""
    ledger.take(rates.PHONE_ANSWERS_PER_NETWORK, network)
    try:
        word = _answered(request_id, given)
    except PhoneRefused:
        db.session.commit()  # what was counted stays counted
        raise
    db.session.commit()
    return word


def _answered(request_id: int, given: Answer) -> str:
    challenge = db.session.get(FactorChallenge, request_id)
    device = db.session.get(MobileDevice, given.device_id)
    if challenge is None or device is None or challenge.account_id != device.account_id:
        raise PhoneRefused("refused")
    is_request = challenge.method == Method.APP_PIN.value
    if not is_request or not device_codes.has_signed(device, given.signed_text(challenge), given.signature):
        raise PhoneRefused("refused")
    _check_works(device)
    if not factor_challenges.is_open(challenge):
        raise PhoneRefused(OVER)
    if given.approves:
        return _approved(challenge, device, given)
    return _refuse(challenge, device)


def _refuse(challenge: FactorChallenge, device: MobileDevice) -> str:
    if not factor_challenges.settle(challenge, ChallengeState.REFUSED, factor_id=device.id):
        raise PhoneRefused(OVER)
    _record(challenge)
    return REFUSED


def _approved(challenge: FactorChallenge, device: MobileDevice, given: Answer) -> str:
    if not factor_challenges.count_try(challenge):
        raise PhoneRefused(OVER)
    if given.number != challenge.number:
        _refuse(challenge, device)
        raise PhoneRefused("number")
    if not device_codes.is_right(device, challenge.nonce, given.code):
        _record(challenge)
        left = device_codes.count_wrong_pin(device)
        raise PhoneRefused("pin", left) if left else PhoneRefused("stopped")
    if not factor_challenges.settle(challenge, ChallengeState.APPROVED, factor_id=device.id):
        raise PhoneRefused(OVER)
    factor_challenges.take_back_try(challenge)
    device_codes.note_use(device)
    return APPROVED


def _record(challenge: FactorChallenge) -> None:
    rejected = factor_events.FactorRejected(challenge.account_id, Method.APP_PIN.value, challenge.id)
    trail.record(rejected, account_id=challenge.account_id)


def complete(row: SignIn, replacing: str | None = None) -> str:
    """The computer continues after the approval, once; returns the browser's new token. Raises CodeRejected."""
    challenge = newest_of(row)
    since = clock.now() - timedelta(minutes=APP_REQUEST_MINUTES)
    if challenge is None or not factor_challenges.use_approved(challenge, since):
        raise challenges.CodeRejected(is_dead=True)
    return sign_in.factor_shown(row, Method.APP_PIN, replacing=replacing)
