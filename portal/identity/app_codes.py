"""The second factor by QR code (the telephone needs no network), and how both methods of the phone app begin."""

from __future__ import annotations

from dataclasses import dataclass

from portal import config
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.adapters import qr_codes
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity import addresses, authenticators, challenges, device_codes, factor_challenges, sign_in
from portal.identity.factor_models import FactorChallenge
from portal.identity.models import SignIn
from portal.identity.states import CODE_TRIES, ChallengeState
from portal.vocabulary import Method

DEVICE_DIGITS, AUTHENTICATOR_DIGITS = 8, 6


def ask_to_step_up(method: Method, actor: Actor) -> None:
    """A challenge of that method in an open session; the page of the method says if too many wait."""
    authorise(actor, Action.STEP_UP, OwnAccount(actor.account_id))
    ask(db.session.get_one(SignIn, actor.session_id), method)


def ask(row: SignIn, method: Method) -> bool:
    """A fresh challenge for that browser, its earlier one dies; False, and nothing done, where too many wait."""
    made = factor_challenges.begin(row, method, sign_in.purpose_of(row))
    db.session.commit()
    return made is not None


def challenge_of(row: SignIn, method: Method) -> FactorChallenge | None:
    """The newest challenge of that browser, in whatever state."""
    return factor_challenges.newest(row.id, method, sign_in.purpose_of(row))


@dataclass(frozen=True)
class Shown:
    """What the page of a QR code shows; without picture and challenge where `standing` is not waiting."""

    standing: str
    picture: str = ""
    challenge: str = ""
    host: str = ""


def shown(row: SignIn) -> Shown:
    """The QR code of that browser as the address of a picture, and its challenge to type."""
    challenge = challenge_of(row, Method.APP_QR)
    if challenge is None:
        return Shown(factor_challenges.MANY)
    if not factor_challenges.is_open(challenge):
        return Shown(factor_challenges.OVER)
    picture = qr_codes.picture(qr_text(challenge, row))
    typed = f"{challenge.nonce[:5]}-{challenge.nonce[5:]}"
    return Shown(factor_challenges.WAITING, picture, typed, config.current().public_host)


def qr_text(challenge: FactorChallenge, row: SignIn) -> str:
    """What the QR code of a sign-in holds (docs/phone-app.md); no ordinary reader opens anything with it."""
    return f"TRACES-APP:C1:{device_codes.app_host()}:{challenge.nonce}:{addresses.masked(row.account.email)}"


def submit(row: SignIn, typed: str, replacing: str | None = None) -> str:
    """The app's eight digits, or an authenticator's six, show the factor; returns the browser's new token.

    Raises CodeRejected."""
    challenge = challenge_of(row, Method.APP_QR)
    if challenge is None or not factor_challenges.is_open(challenge):
        raise challenges.CodeRejected(is_dead=True)
    counted = factor_challenges.count_try(challenge)
    found = _factor_with(challenge, challenges.plain(typed)) if counted else None
    if found and factor_challenges.settle(challenge, ChallengeState.USED, factor_id=found):
        factor_challenges.take_back_try(challenge)
        return sign_in.factor_shown(row, Method.APP_QR, replacing=replacing)
    trail.record(factor_events.FactorRejected(row.account_id, Method.APP_QR.value, challenge.id))
    db.session.commit()
    raise challenges.CodeRejected(is_dead=not counted or challenge.tries >= CODE_TRIES)


def _factor_with(challenge: FactorChallenge, digits: str) -> int | None:
    """The id of the device or authenticator app whose code it is."""
    if not digits.isdecimal():
        return None
    if len(digits) == AUTHENTICATOR_DIGITS:
        return authenticators.use(challenge.account_id, digits)
    device = device_codes.answering_device(challenge.account_id, challenge.nonce, digits)
    if device is None:
        return None
    device_codes.note_use(device)
    return device.id
