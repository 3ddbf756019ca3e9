"""Security keys shown: after the password, in place, or alone as a passkey that verified its user."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal import clock, crypto
from portal.adapters import webauthn
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import factor_challenges, factors, queries, sign_in
from portal.identity.factor_models import SecurityKey
from portal.identity.models import Account, SignIn
from portal.identity.security_keys import CEREMONY_MINUTES, KIND, KeyRejected, new_challenge, party
from portal.identity.sign_in import Attempt
from portal.identity.states import AccountState, ChallengeState
from portal.limits import ledger, rates
from portal.messages import security_notices
from portal.vocabulary import Method

LIFE = timedelta(minutes=CEREMONY_MINUTES)


def ask(row: SignIn) -> dict[str, Any]:
    """The options for `navigator.credentials.get` in that browser; an account without keys gets a decoy."""
    challenge = new_challenge(row.account_id, row.id, sign_in.purpose_of(row), LIFE)
    db.session.commit()
    keys = queries.security_keys_of(row.account_id)
    allowed = [webauthn.descriptor(key.credential_id, key.transports) for key in keys]
    return webauthn.request_options(
        party(), challenge.nonce, allowed or [webauthn.descriptor(_decoy(row.account_id))], verify_user=False
    )


def _decoy(account_id: int) -> str:
    # The same one each time: whoever has the password cannot tell an account without keys.
    return crypto.as_address_part(bytes.fromhex(crypto.blind_indexes("webauthn-decoy", str(account_id))[0]))


def show(row: SignIn, answer: dict[str, Any], replacing: str | None = None) -> str:
    """The key's answer shows the factor; returns the browser's new token. Raises KeyRejected, webauthn.Malformed."""
    credential_id = webauthn.credential_id_in(answer)
    ledger.take(rates.KEY_ANSWERS_PER_NETWORK, row.network)
    challenge = factor_challenges.newest(row.id, Method.SECURITY_KEY, sign_in.purpose_of(row))
    if challenge is None or not factor_challenges.settle(challenge, ChallengeState.USED):
        raise KeyRejected
    own = queries.security_keys_of(row.account_id)
    key = next((one for one in own if one.credential_id == credential_id), None)
    handle = webauthn.user_handle_in(answer)
    if key is None or (handle and handle != row.account.webauthn_handle):
        _refuse(row.account_id, challenge.id)
    assert key is not None  # noqa: S101 - refused above
    _verify(key, answer, challenge.nonce, verify_user=key.verifies_user, challenge_id=challenge.id)
    return sign_in.factor_shown(row, Method.SECURITY_KEY, replacing=replacing)


def ask_for_passkey(nonce: str) -> dict[str, Any]:
    """The options for a passkey of anybody; `nonce` is kept in the visitor's sealed cookie."""
    return webauthn.request_options(party(), nonce, [], verify_user=True)


def sign_in_with_passkey(
    answer: dict[str, Any], nonce: str, attempt: Attempt, replacing: str | None = None
) -> str:
    """A passkey that verified its user is two factors at once: a whole sign-in; returns its token.

    Raises KeyRejected, webauthn.Malformed.
    """
    credential_id = webauthn.credential_id_in(answer)
    ledger.take(rates.KEY_ANSWERS_PER_NETWORK, attempt.network)
    if not ledger.spend(nonce, LIFE):
        raise KeyRejected
    wanted = SecurityKey.credential_hash == crypto.digest(credential_id), SecurityKey.stopped_at.is_(None)
    key = db.session.scalar(select(SecurityKey).where(*wanted))
    account = db.session.get(Account, key.account_id) if key else None
    handle = webauthn.user_handle_in(answer)
    known = account is not None and account.state == AccountState.ACTIVE and handle == account.webauthn_handle
    if key is None or account is None or not known:
        _refuse(key.account_id if key else 0, 0)
    assert key is not None and account is not None  # noqa: S101, PT018 - refused above
    _verify(key, answer, nonce, verify_user=True, challenge_id=0)
    return sign_in.open_whole(account, attempt, replacing)


def _refuse(account_id: int, challenge_id: int) -> None:
    trail.record(factor_events.FactorRejected(account_id, Method.SECURITY_KEY.value, challenge_id))
    db.session.commit()
    raise KeyRejected


def _verify(
    key: SecurityKey, answer: dict[str, Any], nonce: str, *, verify_user: bool, challenge_id: int
) -> None:
    try:
        shown = webauthn.verified_assertion(answer, nonce, party(), key.public_key, verify_user=verify_user)
    except webauthn.NotVerified as error:
        trail.record(factor_events.FactorRejected(key.account_id, Method.SECURITY_KEY.value, challenge_id))
        db.session.commit()
        raise KeyRejected(str(error)) from error
    if shown.backup_eligible != key.backup_eligible:
        _refuse(key.account_id, challenge_id)
    if not _counts_on(key, shown):
        _stop(key)
        raise KeyRejected("the counter went back")


def _counts_on(key: SecurityKey, shown: webauthn.Shown) -> bool:
    """Keep counter and flags by one conditional UPDATE; False where the counter did not grow: a copy answers."""
    both_zero = shown.sign_count == 0 and key.sign_count == 0
    grew = SecurityKey.sign_count == 0 if both_zero else SecurityKey.sign_count < shown.sign_count
    kept = db.session.execute(
        update(SecurityKey)
        .where(SecurityKey.id == key.id, SecurityKey.stopped_at.is_(None), grew)
        .values(
            sign_count=shown.sign_count,
            backed_up=shown.backed_up,
            verifies_user=key.verifies_user or shown.verified_user,
            last_used_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    return rows_changed(kept) > 0


def _stop(key: SecurityKey) -> None:
    account = factors.locked_account(key.account_id)
    living = SecurityKey.id == key.id, SecurityKey.stopped_at.is_(None)
    stopped = db.session.execute(update(SecurityKey).where(*living).values(stopped_at=clock.now()))
    if rows_changed(stopped) > 0:
        trail.record(factor_events.FactorStopped(account.id, KIND, key.id, "copied"), account_id=account.id)
        factors.tell(account, security_notices.SecurityKeyStoppedNotice, key.name)
    db.session.commit()
