"""Requests on the telephone: shown to the own one, answered once with number and PIN, used once by the computer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import app_codes, approvals, devices, sign_in
from portal.identity.approvals import Answer
from portal.identity.challenges import CodeRejected
from portal.identity.device_codes import PhoneRefused
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import Account, SignIn
from portal.identity.states import EndReason
from portal.limits import rates
from portal.limits.ledger import TooMany
from portal.vocabulary import Method
from tests.makers.identity import a_user, a_user_with_telephone
from tests.makers.mail import messages_to
from tests.makers.phones import HOME, OTHER_PIN, Phone, a_phone, acting, answer_to, half_signed_in

PIN_METHOD = Method.APP_PIN


def asked(account: Account) -> tuple[SignIn, FactorChallenge]:
    """A browser with the right password that waits for the telephone."""
    row = half_signed_in(account, PIN_METHOD.value)
    return row, asked_again(row)


def asked_again(row: SignIn) -> FactorChallenge:
    """Another request of that browser."""
    app_codes.ask(row, PIN_METHOD)
    challenge = approvals.newest_of(row)
    assert challenge is not None
    return challenge


def a_person_with_a_phone(email: str = "camille@agri.example") -> tuple[Account, Phone]:
    """Somebody who signs in with the app."""
    account = a_user_with_telephone(email=email)
    return account, a_phone(account)


def answered(request: FactorChallenge, given: Answer) -> str:
    """The word of the portal's answer, a refusal's too."""
    try:
        return approvals.answer(request.id, given, network=HOME)
    except PhoneRefused as refused:
        return refused.word


def seen_by(phone: Phone, *, after: int = 0) -> list[dict[str, object]]:
    """The requests that telephone is shown; its clock is `after` seconds wrong."""
    at = int(clock.now().timestamp()) + after
    return approvals.waiting_for(phone.device, at, phone.sign(f"requests {phone.device} {at}"))


def test_the_telephone_sees_the_request_without_its_number(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, request = asked(account)
    (seen,) = seen_by(phone)
    assert (seen["id"], seen["nonce"], seen["account"]) == (request.id, request.nonce, "ca***@agri.example")
    assert (seen["place"], seen["browser"], seen["purpose"]) == (row.network, row.browser, "sign-in")
    assert "number" not in seen
    assert len(request.number) == 2


def test_number_and_pin_approve_and_the_computer_continues_once(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, request = asked(account)
    assert approvals.standing(request) == "waiting"
    assert answered(request, answer_to(phone, request)) == "approved"
    assert approvals.standing(request) == "approved"
    assert approvals.complete(row)
    assert (row.state, row.assurance, request.factor_id) == ("open", "second-factor", phone.device)
    with pytest.raises(CodeRejected):
        approvals.complete(row)


def test_without_an_approval_the_computer_does_not_continue(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    row, _request = asked(account)
    with pytest.raises(CodeRejected):
        approvals.complete(row)
    assert row.state == "half"


def test_an_approval_continues_only_the_browser_that_asked(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    other, _theirs = asked(account)
    answered(request, answer_to(phone, request))
    with pytest.raises(CodeRejected):
        approvals.complete(other)


def test_an_approval_is_worth_nothing_five_minutes_later(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, request = asked(account)
    answered(request, answer_to(phone, request))
    clock.advance(timedelta(minutes=5, seconds=1))
    with pytest.raises(CodeRejected):
        approvals.complete(row)


def test_a_refusal_needs_no_pin_and_is_final(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    assert answered(request, answer_to(phone, request, approves=False)) == "refused"
    assert approvals.standing(request) == "refused"
    assert answered(request, answer_to(phone, request)) == "over"
    assert db.session.query(AuditEvent).filter_by(name="FactorRejected").count() == 1


def test_a_wrong_number_ends_the_request(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    wrong = f"{(int(request.number) + 1) % 100:02}"
    assert answered(request, answer_to(phone, request, number=wrong)) == "number"
    assert approvals.standing(request) == "refused"


def test_a_wrong_pin_leaves_the_request_open_and_the_fifth_stops_the_telephone(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    wrong = answer_to(phone, request, pin=OTHER_PIN)
    assert [answered(request, wrong) for _try in range(5)] == ["pin"] * 4 + ["stopped"]
    assert db.session.get_one(MobileDevice, phone.device).state == "stopped"
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile device was stopped"
    assert answered(request, answer_to(phone, request)) == "stopped"
    with pytest.raises(PhoneRefused, match="stopped"):
        seen_by(phone)


def test_after_a_wrong_pin_the_right_one_approves(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    assert answered(request, answer_to(phone, request, pin=OTHER_PIN)) == "pin"
    assert answered(request, answer_to(phone, request)) == "approved"
    assert (request.tries, db.session.get_one(MobileDevice, phone.device).pin_failures) == (1, 0)


def test_an_answer_after_five_minutes_is_too_late(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    clock.advance(timedelta(minutes=5, seconds=1))
    assert answered(request, answer_to(phone, request)) == "over"
    assert approvals.standing(request) == "over"
    assert seen_by(phone) == []


def test_the_telephone_of_another_person_neither_sees_nor_answers(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    _stranger, theirs = a_person_with_a_phone("other@agri.example")
    _row, request = asked(account)
    assert seen_by(theirs) == []
    assert answered(request, answer_to(theirs, request)) == "refused"
    assert approvals.standing(request) == "waiting"


def test_an_answer_that_was_changed_on_its_way_is_refused(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    given = answer_to(phone, request, approves=False)
    forged = replace(given, approves=True, number=request.number, code=phone.code(request.nonce))
    assert answered(request, forged) == "refused"
    assert approvals.standing(request) == "waiting"


def test_an_answer_to_one_request_answers_no_other(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, first = asked(account)
    _other, second = asked(account)
    assert answered(second, answer_to(phone, first)) == "refused"


def test_a_qr_challenge_cannot_be_answered_as_a_request(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row = half_signed_in(account, "app-qr")
    app_codes.ask(row, Method.APP_QR)
    challenge = app_codes.challenge_of(row, Method.APP_QR)
    assert challenge is not None
    assert answered(challenge, answer_to(phone, challenge, number="00")) == "refused"
    assert challenge.state == "open"


@pytest.mark.parametrize("after", [-61, 90])
def test_a_question_from_another_minute_is_refused(app: Flask, after: int) -> None:
    _account, phone = a_person_with_a_phone()
    with pytest.raises(PhoneRefused, match="refused"):
        seen_by(phone, after=after)


def test_a_removed_telephone_sees_and_answers_nothing(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    devices.remove(phone.device, acting(account))
    with pytest.raises(PhoneRefused, match="refused"):
        seen_by(phone)
    assert answered(request, answer_to(phone, request)) == "refused"


def test_three_requests_in_ten_minutes_and_no_fourth_until_they_are_over(app: Flask) -> None:
    account, _phone = a_person_with_a_phone()
    row, _first = asked(account)
    asked_again(row)
    third = asked_again(row)
    assert not app_codes.ask(row, PIN_METHOD)
    assert approvals.standing(third) == "waiting"
    other = half_signed_in(account, PIN_METHOD.value)
    assert not app_codes.ask(other, PIN_METHOD)
    assert approvals.standing(approvals.newest_of(other)) == "many"
    clock.advance(timedelta(minutes=10, seconds=1))
    assert app_codes.ask(row, PIN_METHOD)
    assert approvals.standing(approvals.newest_of(row)) == "waiting"


def test_accepted_requests_do_not_count_among_the_three(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    for _time in range(4):
        row, request = asked(account)
        assert answered(request, answer_to(phone, request)) == "approved"
        approvals.complete(row)


def test_people_without_a_telephone_get_a_request_that_nobody_answers(app: Flask) -> None:
    row, request = asked(a_user())
    assert (approvals.standing(request), len(request.number)) == ("waiting", 2)
    clock.advance(timedelta(minutes=6))
    assert approvals.standing(approvals.newest_of(row)) == "over"


def test_requests_of_an_ended_sign_in_are_not_shown(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    row, _request = asked(account)
    sign_in.end(row, EndReason.SIGNED_OUT)
    db.session.commit()
    assert seen_by(phone) == []


def test_answers_from_one_network_are_limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "PHONE_ANSWERS_PER_NETWORK", replace(rates.PHONE_ANSWERS_PER_NETWORK, count=1))
    account, phone = a_person_with_a_phone()
    _row, request = asked(account)
    answered(request, answer_to(phone, request, pin=OTHER_PIN))
    with pytest.raises(TooMany):
        answered(request, answer_to(phone, request))


def test_an_approval_steps_up_an_open_session(app: Flask) -> None:
    account, phone = a_person_with_a_phone()
    actor = acting(account)
    app_codes.ask_to_step_up(PIN_METHOD, actor)
    row = db.session.get_one(SignIn, actor.session_id)
    request = approvals.newest_of(row)
    assert request is not None
    assert seen_by(phone)[0]["purpose"] == "step-up"
    answered(request, answer_to(phone, request))
    assert approvals.complete(row)
    assert row.method == "app-pin"
