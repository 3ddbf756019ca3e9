"""Recovery codes and PANIC: one use, a session that only adds, a day of rest; everything gone (M-13, M-14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import panic, queries, recovery, registration, sign_in, standing
from portal.identity.challenges import CodeRejected, failures_in_the_last_hour
from portal.identity.factor_models import RecoveryCode, Suspension
from portal.identity.links import LinkNotGood
from portal.identity.models import Account, SignIn
from portal.identity.sign_in import Attempt
from portal.identity.states import ChallengePurpose
from portal.vocabulary import Method
from tests.makers.identity import PASSWORD, a_sign_in, a_user_with_telephone, an_actor
from tests.makers.keys import a_key
from tests.makers.mail import messages_to

OLD = "camille@agri.example"


def acting(account: Account, *, second_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=second_factor)
    return an_actor(account.id, second_factor=second_factor, session_id=row.id)


def half(account: Account) -> SignIn:
    """The right password, and «I have lost my second factor»."""
    attempt = Attempt(account.email, PASSWORD, Method.RECOVERY_CODE, "", "network", "Firefox, Linux", "")
    row = sign_in.half_sign_in(sign_in.begin(attempt))
    assert row is not None
    return row


def token_of(words: list[str], path: str) -> str:
    """The token of the link with that path."""
    return next(word for word in words if path in word).rsplit("/", 1)[1]


def test_ten_codes_of_a_hundred_bits_are_kept_as_digests(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    codes = recovery.make(acting(account))
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 20 for code in codes)
    kept = {row.code_hash for row in db.session.query(RecoveryCode)}
    assert not any(code.replace("-", "") in digest for code in codes for digest in kept)
    assert "new recovery codes" in messages_to(OLD)[0].subject


def test_new_codes_replace_all_earlier_ones(app: Flask) -> None:
    account = a_user_with_telephone()
    actor = acting(account)
    old = recovery.make(actor)
    recovery.make(actor)
    with pytest.raises(CodeRejected):
        recovery.submit(half(account), old[0])
    assert recovery.left(account.id) == 10


def test_a_code_opens_a_session_that_rests_and_works_once_however_it_is_typed(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    code = recovery.make(acting(account))[3]
    opened = queries.sign_in_by_token(recovery.submit(half(account), f" {code.lower()} "))
    assert opened is not None
    assert (opened.assurance, opened.second_factor_at) == ("recovery", None)
    assert standing.of_people([account.id], "production")[account.id].is_resting
    assert "a recovery code was used" in messages_to(OLD)[0].subject
    with pytest.raises(CodeRejected):
        recovery.submit(half(account), code)
    assert recovery.left(account.id) == 9


def test_wrong_codes_stop_at_five_and_count_for_the_account(app: Flask) -> None:
    account = a_user_with_telephone()
    code = recovery.make(acting(account))[0]
    waiting = half(account)
    for count in range(5):
        with pytest.raises(CodeRejected) as refused:
            recovery.submit(waiting, "AAAA-BBBB-CCCC-DDDD-EEEE")
        assert refused.value.is_dead is (count == 4)
    with pytest.raises(CodeRejected):
        recovery.submit(waiting, code)


def test_a_right_code_sent_twice_costs_no_try(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # The second window of the same browser saw the sign-in while it was half.
    monkeypatch.setattr(sign_in, "purpose_of", lambda row: ChallengePurpose.SIGN_IN)
    account = a_user_with_telephone()
    code = recovery.make(acting(account))[0]
    waiting = half(account)
    recovery.submit(waiting, code)
    with pytest.raises(CodeRejected) as refused:
        recovery.submit(waiting, code)
    assert refused.value.is_dead
    assert failures_in_the_last_hour(account.id) == 0


def test_the_code_of_another_account_opens_nothing(app: Flask) -> None:
    code = recovery.make(acting(a_user_with_telephone()))[0]
    with pytest.raises(CodeRejected):
        recovery.submit(half(a_user_with_telephone()), code)


def test_a_code_is_typed_within_ten_minutes(app: Flask) -> None:
    account, start = a_user_with_telephone(), clock.now()
    code = recovery.make(acting(account))[0]
    waiting = half(account)
    with clock.frozen(start + timedelta(minutes=11)), pytest.raises(CodeRejected):
        recovery.submit(waiting, code)


def test_panic_with_a_factor_removes_everything_at_once(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    a_key(account)
    recovery.make(acting(account))
    row, _token = a_sign_in(account)
    assert panic.press("192.0.2.0/24", "Firefox, Linux", acting(account))
    assert not queries.has_factor(account.id)
    assert recovery.left(account.id) == 0
    assert queries.open_sign_ins(account.id) == []
    suspensions = db.session.query(Suspension).filter_by(account_id=account.id).all()
    assert {(one.environment_key, one.factors_removed) for one in suspensions} == {
        ("production", 2), ("acceptance", 2), ("training", 2)
    }  # fmt: skip
    assert "are deleted" in messages_to(OLD)[0].subject
    assert db.session.query(AuditEvent).filter_by(name="PanicPressed").count() == 1
    assert row.id


def test_panic_with_the_password_alone_goes_through_the_mailbox(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    assert not panic.press("network", "Firefox, Linux", acting(account, second_factor=False))
    assert queries.has_factor(account.id)
    mail = messages_to(OLD)[0]
    links = [word for word in mail.body.split() if "/panic/" in word or "/not-me/" in word]
    assert len(links) == 2
    token = token_of(links, "/panic/")
    panic.follow(token, "network", "Firefox, Linux", "browser")
    assert not queries.has_factor(account.id)
    with pytest.raises(LinkNotGood):
        panic.follow(token, "network", "Firefox, Linux", "browser")


def test_who_did_not_press_panic_stops_it_from_the_same_mail(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    panic.press("network", "Firefox, Linux", acting(account, second_factor=False))
    links = messages_to(OLD)[0].body.split()
    registration.disown(token_of(links, "/not-me/"), "browser")
    with pytest.raises(LinkNotGood):
        panic.follow(token_of(links, "/panic/"), "network", "Firefox, Linux", "browser")
    assert queries.has_factor(account.id)
    assert queries.open_sign_ins(account.id) == []


def test_an_old_factor_is_not_enough_for_panic_at_once(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    actor = acting(account)
    clock.advance(timedelta(minutes=16))
    assert not panic.press("network", "Firefox, Linux", actor)
    assert queries.has_factor(account.id)
