"""Showing keys: every check of WebAuthn 7.2, replay, copies, downgrade, decoy, passkeys alone (M-20, M-21)."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.identity import key_assertions, queries, sign_in
from portal.identity.factor_models import SecurityKey
from portal.identity.models import Account, SignIn
from portal.identity.security_keys import KeyRejected
from portal.identity.sign_in import Attempt
from portal.vocabulary import Method
from tests.makers.identity import PASSWORD, a_sign_in, a_user_with_telephone
from tests.makers.keys import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, SoftKey, a_key
from tests.makers.mail import messages_to

MUTATIONS: dict[str, Any] = {
    "another ceremony": {"client": {"type": "webauthn.create"}},
    "another challenge": {"client": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
    "another origin": {"client": {"origin": "https://evil.example"}},
    "a frame of another origin": {"client": {"crossOrigin": True}},
    "another host": {"host": "evil.example"},
    "nobody present": {"flags": VERIFIED},
    "nobody verified by a key that can": {"flags": PRESENT},
    "suddenly eligible for backup": {"flags": PRESENT | VERIFIED | ELIGIBLE},
    "another person's handle": {"handle": "AAAA"},
    "another signature": {"signature": b"0" * 70},
    "an unknown identifier": {"id": "AAAA", "rawId": "AAAA"},
}


def attempt(method: Method = Method.SECURITY_KEY, name: str = "") -> Attempt:
    """The second screen."""
    return Attempt(name, PASSWORD, method, "", "127.0.0.0/24", "Firefox, Linux", "")


def half(account: Account) -> SignIn:
    """The right password was given, the key is awaited."""
    row = sign_in.half_sign_in(sign_in.begin(attempt(name=account.email)))
    assert row is not None
    return row


def test_the_right_key_completes_the_sign_in_and_its_answer_works_once(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    waiting = half(account)
    answer = soft.show(key_assertions.ask(waiting))
    token = key_assertions.show(waiting, answer)
    opened = queries.sign_in_by_token(token)
    assert opened is not None
    assert (opened.method, opened.assurance) == ("security-key", "second-factor")
    with pytest.raises(KeyRejected):
        key_assertions.show(half(account), answer)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_an_answer_with_one_thing_wrong_opens_nothing(app: Flask, mutation: str) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    waiting = half(account)
    answer = soft.show(key_assertions.ask(waiting), **MUTATIONS[mutation])
    with pytest.raises(KeyRejected):
        key_assertions.show(waiting, answer)
    assert waiting.state == "half"
    assert queries.security_keys_of(account.id)[0].stopped_at is None


def test_the_key_of_another_account_opens_nothing(app: Flask) -> None:
    account, other = a_user_with_telephone(), a_user_with_telephone()
    a_key(account)
    _row, foreign = a_key(other)
    waiting = half(account)
    with pytest.raises(KeyRejected):
        key_assertions.show(waiting, foreign.show(key_assertions.ask(waiting)))


def test_a_copy_is_found_by_its_counter_and_the_key_is_stopped_and_the_owner_told(app: Flask) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    _row, soft = a_key(account)
    for _ in range(2):
        waiting = half(account)
        key_assertions.show(waiting, soft.show(key_assertions.ask(waiting)))
    waiting = half(account)
    with pytest.raises(KeyRejected):
        key_assertions.show(waiting, soft.show(key_assertions.ask(waiting), count=1))
    assert queries.security_keys_of(account.id) == []
    assert queries.has_factor(account.id)
    assert "stopped" in messages_to("camille@agri.example")[0].subject


def test_a_forged_low_counter_stops_nothing(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account, SoftKey(count=5))
    waiting = half(account)
    forged = soft.show(key_assertions.ask(waiting), count=1, signature=b"0" * 70)
    with pytest.raises(KeyRejected):
        key_assertions.show(waiting, forged)
    assert len(queries.security_keys_of(account.id)) == 1


def test_keys_that_never_count_are_taken(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account, SoftKey(steps=0, flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP))
    for _ in range(2):
        waiting = half(account)
        assert key_assertions.show(waiting, soft.show(key_assertions.ask(waiting)))


def test_an_account_without_keys_gets_the_same_decoy_each_time(app: Flask) -> None:
    account = a_user_with_telephone()
    asked = [key_assertions.ask(half(account))["allowCredentials"] for _ in range(2)]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 1


def test_a_key_steps_up_an_open_session(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    row, _token = a_sign_in(account, second_factor=False)
    token = key_assertions.show(row, soft.show(key_assertions.ask(row)))
    opened = queries.sign_in_by_token(token)
    assert opened is not None
    assert opened.second_factor_at is not None


def passkey(soft: SoftKey, **changed: Any) -> str:
    """Signed in with the passkey alone."""
    nonce = secrets.token_urlsafe(32)
    answer = soft.show(key_assertions.ask_for_passkey(nonce), **changed)
    return key_assertions.sign_in_with_passkey(answer, nonce, attempt())


def test_a_passkey_that_verified_its_user_is_a_whole_sign_in(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    opened = queries.sign_in_by_token(passkey(soft))
    assert opened is not None
    assert (opened.account_id, opened.assurance) == (account.id, "second-factor")


@pytest.mark.parametrize("changed", [{"flags": PRESENT}, {"handle": ""}, {"handle": "AAAA"}])
def test_a_passkey_without_its_user_opens_nothing(app: Flask, changed: dict[str, Any]) -> None:
    _row, soft = a_key(a_user_with_telephone())
    with pytest.raises(KeyRejected):
        passkey(soft, **changed)


def test_a_passkey_answer_works_once_and_not_for_a_closed_account(app: Flask) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    nonce = secrets.token_urlsafe(32)
    answer = soft.show(key_assertions.ask_for_passkey(nonce))
    key_assertions.sign_in_with_passkey(answer, nonce, attempt())
    with pytest.raises(KeyRejected):
        key_assertions.sign_in_with_passkey(answer, nonce, attempt())
    account.state = "disabled"
    db.session.commit()
    with pytest.raises(KeyRejected):
        passkey(soft)


def test_a_stopped_key_opens_nothing(app: Flask) -> None:
    row, soft = a_key(a_user_with_telephone())
    kept = db.session.get_one(SecurityKey, row.id)
    kept.stopped_at = kept.added_at
    db.session.commit()
    with pytest.raises(KeyRejected):
        passkey(soft)
