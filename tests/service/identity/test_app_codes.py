"""Codes of the phone app: good for one QR code of one browser, once and in time; wrong PINs are recognised."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from portal import clock, crypto
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import app_codes, authenticators, device_codes, factor_challenges
from portal.identity.challenges import CodeRejected
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import Account, SignIn
from portal.identity.states import ChallengePurpose
from portal.vocabulary import Method
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone
from tests.makers.mail import messages_to
from tests.makers.phones import OTHER_PIN, Phone, a_phone, acting, half_signed_in

QR = Method.APP_QR


def asked(account: Account) -> tuple[SignIn, FactorChallenge]:
    """A browser with the right password that shows a QR code."""
    row = half_signed_in(account, QR.value)
    return row, asked_again(row)


def asked_again(row: SignIn) -> FactorChallenge:
    """A new QR code in that browser."""
    app_codes.ask(row, QR)
    challenge = app_codes.challenge_of(row, QR)
    assert challenge is not None
    return challenge


def is_dead(row: SignIn, typed: str) -> bool:
    """The code is rejected; whether the QR code takes no further try."""
    with pytest.raises(CodeRejected) as rejected:
        app_codes.submit(row, typed)
    return rejected.value.is_dead


def a_person_with_a_phone(email: str = "camille@agri.example") -> tuple[Account, Phone]:
    """Somebody who signs in with the app."""
    account = a_user_with_telephone(email=email)
    return account, a_phone(account)


def test_the_code_of_the_telephone_completes_the_sign_in(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    token = app_codes.submit(row, phone.code(challenge.nonce))
    assert token
    assert (row.state, row.assurance) == ("open", "second-factor")
    assert (challenge.state, challenge.tries, challenge.factor_id) == ("used", 0, phone.device)
    assert db.session.get_one(MobileDevice, phone.device).last_used_at is not None


def test_blanks_and_hyphens_in_the_code_do_not_matter(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    code = phone.code(challenge.nonce)
    assert app_codes.submit(row, f" {code[:4]} {code[4:]} ")


def test_a_code_is_not_good_twice(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    code = phone.code(challenge.nonce)
    app_codes.submit(row, code)
    other, _challenge = asked(account)
    assert not is_dead(other, code)
    assert is_dead(row, code)


def test_a_code_is_good_for_two_minutes(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    clock.advance(timedelta(seconds=121))
    assert is_dead(row, phone.code(challenge.nonce))
    fresh = asked_again(row)
    clock.advance(timedelta(seconds=100))
    assert app_codes.submit(row, phone.code(fresh.nonce))


def test_the_code_of_another_browser_of_the_same_person_is_worth_nothing(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, _challenge = asked(account)
    _other, theirs = asked(account)
    assert not is_dead(row, phone.code(theirs.nonce))


def test_the_telephone_of_another_person_is_worth_nothing(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    _stranger, theirs = a_person_with_a_phone("other@agri.example")
    row, challenge = asked(account)
    assert not is_dead(row, theirs.code(challenge.nonce))


def test_a_code_for_a_sign_in_confirms_nothing_in_place_and_the_other_way_round(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    code = phone.code(challenge.nonce)
    row.state = "open"
    db.session.commit()
    assert is_dead(row, code)
    app_codes.ask_to_step_up(QR, acting(account))
    stepping = db.session.query(FactorChallenge).filter_by(purpose="step-up").one()
    half = db.session.get_one(SignIn, stepping.sign_in_id)
    half.state = "half"
    db.session.commit()
    assert is_dead(half, phone.code(stepping.nonce))


def test_the_code_steps_up_an_open_session(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    actor = acting(account)
    app_codes.ask_to_step_up(QR, actor)
    row = db.session.get_one(SignIn, actor.session_id)
    challenge = factor_challenges.newest(row.id, QR, ChallengePurpose.STEP_UP)
    assert challenge is not None
    before = row.token_hash
    assert app_codes.submit(row, phone.code(challenge.nonce))
    assert (row.method, row.token_hash == before) == ("app-qr", False)


def test_a_new_qr_code_replaces_the_earlier_one_of_the_browser(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    code = phone.code(challenge.nonce)
    asked_again(row)
    assert not is_dead(row, code)


def test_after_five_wrong_codes_the_qr_code_takes_none(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    assert [is_dead(row, "00000000") for _try in range(5)] == [False] * 4 + [True]
    assert is_dead(row, phone.code(challenge.nonce))


def test_after_ten_wrong_codes_in_an_hour_no_browser_has_a_try_left(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    for _browser in range(2):
        row, _challenge = asked(account)
        for _try in range(5):
            is_dead(row, "00000000")
    row, challenge = asked(account)
    assert is_dead(row, phone.code(challenge.nonce))
    clock.advance(timedelta(minutes=61))
    row, challenge = asked(account)
    assert app_codes.submit(row, phone.code(challenge.nonce))


def test_wrong_codes_are_recorded_without_the_code(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    row, _challenge = asked(account)
    is_dead(row, "12121212")
    event = db.session.query(AuditEvent).filter_by(name="FactorRejected").one()
    assert "12121212" not in event.facts


def test_a_code_made_with_a_wrong_pin_is_recognised_and_the_fifth_stops_the_telephone(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    for _try in range(5):
        is_dead(row, phone.code(challenge.nonce, OTHER_PIN))
    assert db.session.get_one(MobileDevice, phone.device).state == "stopped"
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile device was stopped"
    row, challenge = asked(account)
    assert not is_dead(row, phone.code(challenge.nonce))


def test_any_other_wrong_code_costs_the_telephone_nothing(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    possible = {phone.code(challenge.nonce, f"{number:04}") for number in range(10_000)}
    impossible = next(code for code in (f"{number:08}" for number in range(100_000)) if code not in possible)
    is_dead(row, impossible)
    assert db.session.get_one(MobileDevice, phone.device).pin_failures == 0


def test_the_right_pin_forgets_the_wrong_ones(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, challenge = asked(account)
    is_dead(row, phone.code(challenge.nonce, OTHER_PIN))
    assert db.session.get_one(MobileDevice, phone.device).pin_failures == 1
    app_codes.submit(row, phone.code(challenge.nonce))
    assert db.session.get_one(MobileDevice, phone.device).pin_failures == 0


def test_people_without_a_telephone_get_the_same_challenge_and_no_code_opens_it(app: Flask) -> None:
    row, challenge = asked(a_user())
    assert len(challenge.nonce) == 10
    assert not is_dead(row, "00000000")


def test_a_wrong_code_is_the_same_work_for_every_account(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[str] = []
    search = device_codes._is_of_another_pin

    def counted(key: bytes, question: str, code: str) -> bool:
        searches.append(code)
        return search(key, question, code)

    monkeypatch.setattr(device_codes, "_is_of_another_pin", counted)
    for account in (a_user(), a_person_with_a_phone()[0]):
        searches.clear()
        row, _challenge = asked(account)
        is_dead(row, "00000000")
        assert len(searches) == 5


def test_six_digits_of_an_authenticator_app_answer_the_same_screen_once(app: Flask) -> None:
    account = a_user_with_telephone()
    actor = acting(account)
    entry = authenticators.begin("my phone", actor)
    clocked = pyotp.TOTP(crypto.unseal("totp", entry.secret_sealed))
    authenticators.finish(entry.id, clocked.at(clock.now()), actor)
    clock.advance(timedelta(seconds=31))
    row, _challenge = asked(account)
    code = clocked.at(clock.now())
    assert app_codes.submit(row, code)
    other, _challenge = asked(account)
    assert not is_dead(other, code)


def test_a_fourth_qr_code_of_an_account_waits_until_one_is_over(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    for _browser in range(3):
        asked(account)
    row = half_signed_in(account, QR.value)
    app_codes.ask(row, QR)
    assert app_codes.challenge_of(row, QR) is None
    clock.advance(timedelta(minutes=3))
    asked_again(row)


def test_the_qr_code_names_the_challenge_and_the_masked_account_alone(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    row, challenge = asked(account)
    text = app_codes.qr_text(challenge, row)
    assert text == f"TRACES-APP:C1:localhost:5000:{challenge.nonce}:ca***@agri.example"


def test_a_challenge_is_made_where_the_sign_in_by_app_begins(app: Flask) -> None:
    row, _token = a_sign_in(a_user(), state="half")
    assert factor_challenges.begin(row, QR, ChallengePurpose.SIGN_IN)
