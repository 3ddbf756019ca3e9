"""Codes and passwords against guessing: tries, purposes, browsers, delays, limits of SMS, and what is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import challenges, enrolment, queries, sessions, sign_in, text_codes
from portal.identity.challenges import CodeRejected
from portal.identity.models import Account, Challenge, SignIn
from portal.identity.sign_in import Attempt, PasswordRejected
from portal.identity.states import ChallengePurpose
from portal.limits.ledger import TooMany
from portal.messages.models import OutgoingMessage
from portal.vocabulary import Method
from tests.makers.identity import (
    NUMBER,
    PASSWORD,
    a_sign_in,
    a_user,
    a_user_with_telephone,
    an_actor,
    submitted,
)
from tests.makers.mail import code_to


def attempt(account: Account, method: Method = Method.SMS, **changed: str) -> Attempt:
    """The right name, password and number, unless changed."""
    facts = {"name": account.email, "password": PASSWORD, "number": NUMBER, "network": "network", **changed}
    return Attempt(method=method, browser="Firefox, Linux", environment_key="", **facts)


def events_named(name: str) -> int:
    """How many audit events have that name."""
    return db.session.query(AuditEvent).filter_by(name=name).count()


def test_a_right_code_completes_the_sign_in_once(app: Flask) -> None:
    account = a_user_with_telephone()
    half = sign_in.begin(attempt(account))
    code = code_to(NUMBER)
    token = submitted(half, code)
    assert queries.sign_in_by_token(half) is None
    assert queries.sign_in_by_token(token) is not None
    with pytest.raises(CodeRejected):
        submitted(token, code)
    assert (events_named("PasswordAccepted"), events_named("SignedIn")) == (1, 1)


def test_wrong_codes_count_for_the_account_over_all_its_sign_ins(app: Flask) -> None:
    account = a_user_with_telephone()
    wrong = 0
    for _sign_in in range(4):
        token = sign_in.begin(attempt(account))
        for _time in range(4):
            with pytest.raises(CodeRejected):
                submitted(token, "AAAABBBB")
            wrong += 1
    assert wrong == 16
    assert sum(row.tries for row in db.session.query(Challenge)) == 10
    with pytest.raises(CodeRejected) as dead:
        submitted(token, code_to(NUMBER))
    assert dead.value.is_dead
    clock.advance(timedelta(minutes=61))
    assert submitted(sign_in.begin(attempt(account)), code_to(NUMBER))


def test_asking_again_renews_neither_tries_nor_life(app: Flask) -> None:
    token = sign_in.begin(attempt(a_user_with_telephone()))
    for _time in range(3):
        with pytest.raises(CodeRejected):
            submitted(token, "AAAABBBB")
    before = db.session.query(Challenge).one().expires_at
    clock.advance(timedelta(minutes=5))
    text_codes.send_code_again(sign_in.half_sign_in(token))  # type: ignore[arg-type]
    challenge = db.session.query(Challenge).one()
    assert (challenge.tries, challenge.expires_at, challenge.sent_count) == (3, before, 2)


def test_a_code_of_one_purpose_and_browser_is_worth_nothing_in_another(app: Flask) -> None:
    account = a_user_with_telephone()
    first, second = sign_in.begin(attempt(account)), None
    code = code_to(NUMBER)
    second = sign_in.begin(attempt(account))
    with pytest.raises(CodeRejected):
        submitted(second, code)
    half = queries.sign_in_by_token(first)
    assert half is not None
    with pytest.raises(CodeRejected):
        challenges.use_code(half.id, ChallengePurpose.ADD_TELEPHONE, code)
    assert submitted(first, code)


def test_the_code_rests_nowhere(app: Flask) -> None:
    sign_in.begin(attempt(a_user_with_telephone()))
    code = code_to(NUMBER).replace("-", "")
    rows = [*db.session.query(Challenge), *db.session.query(OutgoingMessage), *db.session.query(AuditEvent)]
    assert not [row for row in rows if code in str(vars(row)) or NUMBER in str(vars(row))]


def test_a_wrong_number_makes_a_decoy_that_no_code_opens(app: Flask) -> None:
    account = a_user_with_telephone()
    token = sign_in.begin(attempt(account, number="+46701740705"))
    decoy = db.session.query(Challenge).one()
    assert decoy.number_sealed is None
    assert db.session.query(OutgoingMessage).count() == 0
    with pytest.raises(CodeRejected):
        submitted(token, challenges.code_of(decoy.id))


def test_a_wrong_password_sends_nothing_and_waits_longer_each_time(app: Flask) -> None:
    account = a_user_with_telephone()
    refused = waited = 0
    for _time in range(8):
        try:
            sign_in.begin(attempt(account, password="wrong"))
        except PasswordRejected:
            refused += 1
        except TooMany:
            waited += 1
            db.session.rollback()
    assert refused >= 2
    assert waited >= 1
    assert db.session.query(OutgoingMessage).count() == 0
    assert sign_in.begin(attempt(account, Method.PASSWORD, network="the owner's network"))
    assert events_named("SignInFailed") == refused


def test_the_right_password_starts_the_count_anew(app: Flask) -> None:
    account = a_user()
    for _round in range(6):
        with pytest.raises(PasswordRejected):
            sign_in.begin(attempt(account, Method.PASSWORD, password="wrong"))
        assert sign_in.begin(attempt(account, Method.PASSWORD))


def test_unknown_names_wait_like_known_ones(app: Flask) -> None:
    account = a_user()
    outcomes = []
    for name in (account.email, "nobody@agri.example"):
        seen = []
        for _time in range(6):
            try:
                sign_in.begin(attempt(account, Method.PASSWORD, name=name, password="wrong", network=name))
            except (PasswordRejected, TooMany) as error:
                db.session.rollback()
                seen.append(type(error).__name__)
        outcomes.append(seen)
    assert outcomes[0] == outcomes[1]


def test_an_account_causes_a_bounded_number_of_sms(app: Flask) -> None:
    account = a_user(email="camille@agri.example")
    row, _token = a_sign_in(account, second_factor=False)
    actor = an_actor(account.id, second_factor=False, has_factor=False, session_id=row.id)
    for last in range(10):
        enrolment.ask_to_add_telephone(f"+467017406{last:02d}", actor)
    with pytest.raises(TooMany):
        enrolment.ask_to_add_telephone("+46701740699", actor)


def test_signing_in_replaces_the_old_sign_in_of_that_browser(app: Flask) -> None:
    account = a_user()
    old = sign_in.begin(attempt(account, Method.PASSWORD))
    sign_in.begin(attempt(account, Method.PASSWORD), replacing=old)
    assert queries.sign_in_by_token(old) is None
    assert [row.end_reason for row in db.session.query(SignIn).order_by(SignIn.id)] == ["replaced", None]


def test_a_sign_in_ends_after_its_idle_time(app: Flask) -> None:
    token = sign_in.begin(attempt(a_user(), Method.PASSWORD))
    clock.advance(timedelta(minutes=29, seconds=50))
    assert queries.sign_in_by_token(token) is not None
    clock.advance(timedelta(seconds=11))
    assert queries.sign_in_by_token(token) is None


def test_a_sign_in_ends_after_its_total_time_however_much_it_is_used(app: Flask) -> None:
    token = sign_in.begin(attempt(a_user(), Method.PASSWORD))
    for step in [timedelta(minutes=29, seconds=50)] * 24 + [timedelta(minutes=5)]:
        row = queries.sign_in_by_token(token)
        assert row is not None
        sessions.touch(row)
        clock.advance(step)
    assert queries.sign_in_by_token(token) is None
