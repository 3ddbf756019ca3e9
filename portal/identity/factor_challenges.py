"""Challenges of the phone app: begun for one browser, method and purpose, counted and used once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from portal import clock, crypto
from portal.database import db, rows_changed
from portal.identity import challenges
from portal.identity.factor_models import FactorChallenge
from portal.identity.models import Account, SignIn
from portal.identity.states import (
    APP_CHALLENGE_MINUTES,
    APP_REQUEST_MINUTES,
    APP_REQUESTS_AT_ONCE,
    CODE_FAILURES_PER_HOUR,
    CODE_TRIES,
    RECOVERY_MINUTES,
    ChallengePurpose,
    ChallengeState,
)
from portal.vocabulary import Method

LIVES = {
    Method.APP_QR: timedelta(minutes=APP_CHALLENGE_MINUTES),
    Method.APP_PIN: timedelta(minutes=APP_REQUEST_MINUTES),
    Method.RECOVERY_CODE: timedelta(minutes=RECOVERY_MINUTES),
}
WAITING, OVER, MANY = "waiting", "over", "many"
"""How the newest challenge of a browser stands: none was made because three wait already, or it is too late."""
REQUESTS_WINDOW = timedelta(minutes=10)
CHALLENGE_LETTERS = 10


def begin(row: SignIn, method: Method, purpose: ChallengePurpose) -> FactorChallenge | None:
    """A fresh challenge for that browser, with or without a telephone on the account; the browser's earlier one dies.

    None when three wait already: then one of this browser that is still open stays so. Commits nothing."""
    own = select(Account.id).where(Account.id == row.account_id)
    db.session.scalar(own.with_for_update(key_share=True))
    if _waiting(row, method) >= APP_REQUESTS_AT_ONCE:
        return None
    earlier = FactorChallenge.sign_in_id == row.id, FactorChallenge.state == ChallengeState.OPEN
    _change(*earlier, FactorChallenge.method == method.value, state=ChallengeState.DEAD.value)
    challenge = FactorChallenge(
        account_id=row.account_id, sign_in_id=row.id, method=method.value, purpose=purpose.value,
        nonce=crypto.as_code(secrets.token_bytes(32), CHALLENGE_LETTERS),
        number=f"{secrets.randbelow(100):02}" if method is Method.APP_PIN else "",
        state=ChallengeState.OPEN.value, tries=0, created_at=clock.now(), expires_at=clock.now() + LIVES[method],
    )  # fmt: skip
    db.session.add(challenge)
    db.session.flush()
    return challenge


def _waiting(row: SignIn, method: Method) -> int:
    own = FactorChallenge.account_id == row.account_id, FactorChallenge.method == method.value
    query = select(func.count()).select_from(FactorChallenge).where(*own)
    if method is not Method.APP_PIN:
        others = FactorChallenge.state == ChallengeState.OPEN, FactorChallenge.sign_in_id != row.id
        query = query.where(*others, *_in_time())
    else:
        # Those that nobody accepted count until ten minutes are over, answered or not.
        accepted = [ChallengeState.APPROVED.value, ChallengeState.USED.value]
        recent = FactorChallenge.created_at > clock.now() - REQUESTS_WINDOW
        query = query.where(FactorChallenge.state.not_in(accepted), recent)
    return db.session.scalar(query) or 0


def _in_time() -> tuple[ColumnElement[bool]]:
    return (FactorChallenge.expires_at > clock.now(),)


def newest(sign_in_id: int, method: Method, purpose: ChallengePurpose) -> FactorChallenge | None:
    """The newest challenge of that browser for method and purpose, in whatever state."""
    own = FactorChallenge.sign_in_id == sign_in_id, FactorChallenge.method == method.value
    query = select(FactorChallenge).where(*own, FactorChallenge.purpose == purpose.value)
    return db.session.scalar(query.order_by(FactorChallenge.id.desc()).limit(1))


def is_open(challenge: FactorChallenge | None) -> bool:
    """Whether it can still be answered."""
    if challenge is None or challenge.state != ChallengeState.OPEN:
        return False
    return challenge.expires_at > clock.now() and challenge.tries < CODE_TRIES


def count_try(challenge: FactorChallenge) -> bool:
    """Count a try before anything is compared; False when none is left. Guesses of an account wait for one another,
    because the failures of an hour are counted over all its browsers. Commits nothing."""
    own = select(Account.id).where(Account.id == challenge.account_id)
    db.session.scalar(own.with_for_update(key_share=True))
    if challenges.failures_in_the_last_hour(challenge.account_id) >= CODE_FAILURES_PER_HOUR:
        return False
    left = FactorChallenge.tries < CODE_TRIES
    tried: dict[str, object] = {"tries": FactorChallenge.tries + 1, "last_tried_at": clock.now()}
    return _change(*_answerable(challenge), left, **tried)


def settle(challenge: FactorChallenge, state: ChallengeState, **values: object) -> bool:
    """Answer an open challenge; of two answers one wins, the other gets False. Commits nothing."""
    return _change(*_answerable(challenge), state=state.value, answered_at=clock.now(), **values)


def take_back_try(challenge: FactorChallenge) -> None:
    """The answer was right: the try that was counted beforehand is none. Commits nothing."""
    _change(FactorChallenge.id == challenge.id, tries=FactorChallenge.tries - 1)


def use_approved(challenge: FactorChallenge, since: datetime) -> bool:
    """Use a challenge that a telephone approved after `since`; once. Commits nothing."""
    approved = FactorChallenge.state == ChallengeState.APPROVED, FactorChallenge.answered_at > since
    return _change(FactorChallenge.id == challenge.id, *approved, state=ChallengeState.USED.value)


def _answerable(challenge: FactorChallenge) -> tuple[ColumnElement[bool], ...]:
    return FactorChallenge.id == challenge.id, FactorChallenge.state == ChallengeState.OPEN, *_in_time()


def _change(*conditions: ColumnElement[bool], **values: object) -> bool:
    statement = update(FactorChallenge).where(*conditions).values(**values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()  # the rows at hand are read anew: what holds is what the database decided
    return rows_changed(done) > 0
