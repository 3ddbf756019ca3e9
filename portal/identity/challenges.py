"""Codes sent by SMS: made, sent again, checked; a code is good for one account, purpose and browser."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import func, select, update

from portal import clock, config, crypto
from portal.adapters import phone_numbers
from portal.audit import events, trail
from portal.database import db, rows_changed
from portal.identity import addresses, queries
from portal.identity.factor_models import FactorChallenge
from portal.identity.models import Account, Challenge, SignIn, Telephone
from portal.identity.states import (
    CODE_FAILURES_PER_HOUR,
    CODE_MINUTES,
    CODE_TRIES,
    ChallengePurpose,
    ChallengeState,
)
from portal.limits import ledger, rates
from portal.messages import catalogue, outbox, security_notices
from portal.messages.catalogue import Message

EUROPE_AND_NEIGHBOURS = frozenset({
    "AD", "AL", "AM", "AT", "AZ", "BA", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FO", "FR", "GB", "GE", "GF", "GG", "GI", "GP", "GR", "HR", "HU", "IE", "IL", "IM", "IS",
    "IT", "JE", "LI", "LT", "LU", "LV", "MA", "MC", "MD", "ME", "MK", "MQ", "MT", "NC", "NL", "NO",
    "PF", "PL", "PM", "PT", "RE", "RO", "RS", "SE", "SI", "SK", "SM", "TN", "TR", "UA", "VA", "XK",
    "YT",
})  # fmt: skip
"""Where SMS go by default: the Member States with their regions overseas, and the countries around."""
DAY = timedelta(days=1)


class CodeRejected(Exception):
    """Wrong, late, used or foreign code: one message for all; `is_dead` says that no try is left."""

    def __init__(self, *, is_dead: bool) -> None:
        super().__init__("code rejected")
        self.is_dead = is_dead


class CountryNotServed(Exception):
    """SMS do not go to the country of that number."""


def check_country(number: str) -> None:
    """Raise CountryNotServed unless SMS may go to the number's country."""
    served = frozenset(config.current().sms_countries) or EUROPE_AND_NEIGHBOURS
    if phone_numbers.country_of(number) not in served:
        raise CountryNotServed


def send_challenge(
    sign_in: SignIn,
    purpose: ChallengePurpose,
    *,
    number: str | None,
    telephone: Telephone | None = None,
    occasion: str = "",
) -> Challenge:
    """A new code for that browser; without a number the row is a decoy that no code opens. Commits nothing."""
    challenge = Challenge(
        account_id=sign_in.account_id,
        sign_in_id=sign_in.id,
        purpose=purpose.value,
        telephone_id=telephone.id if telephone else None,
        number_sealed=crypto.seal("telephone", number) if number else None,
        salt=secrets.token_hex(16),
        key_id=crypto.newest_key_id(),
        state=ChallengeState.OPEN.value, tries=0, sent_count=0, created_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=CODE_MINUTES),
    )  # fmt: skip
    db.session.add(challenge)
    db.session.flush()
    _send(challenge, sign_in, occasion)
    return challenge


def send_again(challenge: Challenge, sign_in: SignIn) -> None:
    """The same code once more: neither its life nor its tries begin anew."""
    _send(challenge, sign_in)
    db.session.commit()


def _send(challenge: Challenge, sign_in: SignIn, occasion: str = "") -> None:
    ledger.take(rates.SMS_PER_ACCOUNT, f"account:{challenge.account_id}")
    ledger.take(rates.SMS_PER_ACCOUNT_DAY, f"account:{challenge.account_id}")
    ledger.take(rates.SMS_PER_NETWORK, sign_in.network)
    challenge.sent_count += 1
    if challenge.number_sealed is None:
        return
    number = crypto.unseal("telephone", challenge.number_sealed)
    # Counted for each purpose: whoever adds strange numbers cannot keep their owners from signing in.
    if queries.duty_phone_with(number) is not None:
        ledger.take(rates.SMS_PER_DUTY_NUMBER, f"{challenge.purpose}:{number}")
    else:
        ledger.take(rates.SMS_PER_NUMBER, f"{challenge.purpose}:{number}")
        ledger.take(rates.SMS_PER_PREFIX, f"{challenge.purpose}:{number[:-3]}")
    ledger.take(rates.Rate("sms-all-day", config.current().sms_per_day, DAY), "all")
    account = sign_in.account or db.session.get_one(Account, challenge.account_id)
    recipient = outbox.Recipient(number, account.language, account.id)
    outbox.put(_message(challenge, sign_in, account, occasion), recipient)
    event = events.TelephoneChallengeSent(account.id, challenge.purpose, challenge.id)
    trail.record(event, account_id=account.id)


def _message(challenge: Challenge, sign_in: SignIn, account: Account, occasion: str) -> Message:
    masked = addresses.masked(account.email)
    if challenge.purpose == ChallengePurpose.ADD_TELEPHONE:
        return catalogue.TelephoneCode(masked, challenge.id)
    if challenge.purpose == ChallengePurpose.STEP_UP:
        return security_notices.StepUpCode(masked, sign_in.environment_key, occasion, challenge.id)
    return catalogue.SignInCode(masked, sign_in.environment_key, challenge.id)


def code_of(challenge_id: int) -> str:
    """The code of a challenge, eight characters; raises CodeRejected when its key is gone."""
    challenge = db.session.get(Challenge, challenge_id)
    raw = None
    if challenge is not None:
        purpose = f"code/{challenge.purpose}/{challenge.account_id}"
        raw = crypto.derived_token(purpose, challenge.id, challenge.salt, challenge.key_id)
    if raw is None:
        raise CodeRejected(is_dead=True)
    return crypto.as_code(raw)


def plain(typed: str) -> str:
    """What was typed, as the code is kept: capitals, without blanks and hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())[:20]


def use_code(sign_in_id: int, purpose: ChallengePurpose, typed: str) -> Challenge:
    """Use the open code of that browser; every try counts before it is compared. Success commits nothing."""
    challenge = _of_locked_account(sign_in_id, purpose)
    if challenge is None or failures_in_the_last_hour(challenge.account_id) >= CODE_FAILURES_PER_HOUR:
        raise CodeRejected(is_dead=True)
    counted = _conditional(challenge, tries=Challenge.tries + 1, last_tried_at=clock.now())
    right = counted and challenge.number_sealed and crypto.same(code_of(challenge.id), plain(typed))
    if right and _conditional(challenge, state=ChallengeState.USED.value, tries=Challenge.tries - 1):
        return challenge
    trail.record(events.CodeRejected(challenge.account_id, purpose.value, challenge.id))
    db.session.commit()
    raise CodeRejected(is_dead=not counted or challenge.tries + 1 >= CODE_TRIES)


def _of_locked_account(sign_in_id: int, purpose: ChallengePurpose) -> Challenge | None:
    # The failures of an hour are counted over all sign-ins of the account: guesses wait for one another.
    challenge = queries.challenge_by_sign_in(sign_in_id, purpose.value)
    if challenge is not None:
        own = select(Account.id).where(Account.id == challenge.account_id)
        db.session.scalar(own.with_for_update(key_share=True))
    return challenge


def _conditional(challenge: Challenge, **values: object) -> bool:
    in_use = Challenge.tries < CODE_TRIES + (1 if "state" in values else 0)
    done = db.session.execute(
        update(Challenge)
        .where(Challenge.id == challenge.id, Challenge.state == ChallengeState.OPEN, in_use)
        .where(Challenge.expires_at > clock.now())
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(done) > 0


def failures_in_the_last_hour(account_id: int) -> int:
    """Wrong codes of every kind, over all browsers of the account."""
    since = clock.now() - timedelta(hours=1)
    each = [
        select(func.coalesce(func.sum(table.tries), 0))
        .where(table.account_id == account_id, table.last_tried_at > since)
        .scalar_subquery()
        for table in (Challenge, FactorChallenge)
    ]
    return int(sum(db.session.execute(select(*each)).one()))


def is_spent(challenge: Challenge) -> bool:
    """Whether no try is left."""
    return challenge.tries >= CODE_TRIES


def check_is_open(challenge: Challenge | None) -> None:
    """Raise CodeRejected unless the challenge still takes a try."""
    if challenge is None or is_spent(challenge):
        raise CodeRejected(is_dead=True)
