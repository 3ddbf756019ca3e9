"""The calls of the phone app over HTTP: their shapes, their refusals, and that no cookie gives them any right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal import clock
from portal.database import db
from portal.identity import app_codes, approvals, devices
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import Account
from portal.limits.rates import Rate
from portal.vocabulary import Method
from tests.makers.identity import a_sign_in, a_user_with_telephone, an_actor
from tests.makers.phones import PIN, Phone, a_phone, acting, half_signed_in
from tests.page import PageClient

BODY = {
    "/app/api/enrol": {"token": "A" * 22, "code_key": "A" * 87, "approval_key": "A" * 87},
    "/app/api/enrol/pin": {"device": 1, "code": "12345678", "signature": "A" * 86},
    "/app/api/enrol/accept": {"device": 1, "signature": "A" * 86},
    "/app/api/requests": {"device": 1, "at": 1, "signature": "A" * 86},
    "/app/api/requests/1/answer": {
        "device": 1, "answer": "approve", "number": "42", "code": "12345678", "signature": "A" * 86,
    },
}  # fmt: skip


def called(client: PageClient, path: str, body: Any, **headers: str) -> TestResponse:
    """The answer to a call, sent as the app sends it."""
    db.session.remove()
    address = f"http://localhost/app/api/{path}"
    return client.http.post(address, json=body, headers=headers)


def begun(account: Account) -> tuple[MobileDevice, Phone, str]:
    """A telephone to be added, and one that read the QR code."""
    device = devices.begin("Duty phone", PIN, acting(account))
    phone = Phone()
    return device, phone, phone.read(devices.qr_text(device))


def a_request(account: Account) -> FactorChallenge:
    """A browser that waits for the telephone."""
    row = half_signed_in(account, "app-pin")
    app_codes.ask(row, Method.APP_PIN)
    request = approvals.newest_of(row)
    assert request is not None
    return request


def test_three_calls_add_a_telephone(visitor: PageClient) -> None:
    account = a_user_with_telephone(email="camille@agri.example", language="fr")
    device, phone, token = begun(account)
    number = device.id
    first = called(visitor, "enrol", {"token": token, **phone.keys()}).json
    assert first == {
        "device": number, "account": "ca***@agri.example", "name": "Duty phone", "language": "fr",
        "challenge": first["challenge"],
    }  # fmt: skip
    assert len(first["challenge"]) == 10
    code = phone.code(first["challenge"])
    shown = {"device": number, "code": code, "signature": phone.sign(f"pin {number} {code}")}
    nonce = called(visitor, "enrol/pin", shown).json["accept"]
    accepted = {"device": number, "signature": phone.sign(f"accept {number} {nonce}")}
    assert called(visitor, "enrol/accept", accepted).json == {"state": "active"}
    assert db.session.get_one(MobileDevice, number).state == "active"


def test_a_wrong_pin_says_how_many_tries_are_left(visitor: PageClient) -> None:
    device, phone, token = begun(a_user_with_telephone())
    number = device.id
    challenge = called(visitor, "enrol", {"token": token, **phone.keys()}).json["challenge"]
    code = phone.code(challenge, "9302")
    shown = {"device": number, "code": code, "signature": phone.sign(f"pin {number} {code}")}
    answer = called(visitor, "enrol/pin", shown)
    assert (answer.status_code, answer.json) == (403, {"error": "pin", "tries_left": 4})


def test_the_browser_that_shows_the_qr_code_is_refused_by_its_cookie(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    row, cookie = a_sign_in(account)
    visitor.set_cookie({"sign_in": cookie})
    device = devices.begin("Duty phone", PIN, an_actor(account.id, session_id=row.id))
    phone = Phone()
    token = phone.read(devices.qr_text(device))
    answer = called(visitor, "enrol", {"token": token, **phone.keys()})
    assert (answer.status_code, answer.json) == (403, {"error": "same-browser"})


def test_a_request_is_seen_and_answered(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    phone = a_phone(account)
    request = a_request(account)
    number, digits, nonce = request.id, request.number, request.nonce
    at = int(clock.now().timestamp())
    asking = {"device": phone.device, "at": at, "signature": phone.sign(f"requests {phone.device} {at}")}
    (seen,) = called(visitor, "requests", asking).json["requests"]
    assert (seen["id"], seen["nonce"]) == (number, nonce)
    given = {"device": phone.device, "answer": "approve", "number": digits, "code": phone.code(nonce),
             "signature": phone.sign(f"answer {number} approve {digits} {nonce}")}  # fmt: skip
    assert called(visitor, f"requests/{number}/answer", given).json == {"state": "approved"}
    again = called(visitor, f"requests/{number}/answer", given)
    assert (again.status_code, again.json) == (403, {"error": "over"})


def test_a_refusal_carries_neither_number_nor_code(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    phone = a_phone(account)
    request = a_request(account)
    number = request.id
    signature = phone.sign(f"answer {number} refuse - {request.nonce}")
    given = {"device": phone.device, "answer": "refuse", "signature": signature}
    assert called(visitor, f"requests/{number}/answer", given).json == {"state": "refused"}


@pytest.mark.parametrize("path", BODY)
def test_whatever_is_malformed_is_a_400_and_changes_nothing(visitor: PageClient, path: str) -> None:
    whole = BODY[path]
    bodies: list[Any] = [[], "text", 1, None, {}]
    bodies += [{name: value for name, value in whole.items() if name != gone} for gone in whole]
    bodies += [
        {**whole, name: value} for name in whole for value in (None, [], {}, "\u0000", True, -1, 2**70, 1.5)
    ]
    for body in bodies:
        answer = called(visitor, path.removeprefix("/app/api/"), body)
        assert (answer.status_code, answer.json) == (400, {"error": "malformed"}), body
    text = visitor.http.post(f"http://localhost{path}", data="not json", content_type="text/plain")
    assert (text.status_code, text.json) == (400, {"error": "malformed"})


@pytest.mark.parametrize("path", sorted(set(BODY) - {"/app/api/enrol"}))
def test_whatever_is_unknown_is_refused_in_one_word(visitor: PageClient, path: str) -> None:
    answer = called(visitor, path.removeprefix("/app/api/"), BODY[path])
    assert (answer.status_code, answer.json) == (403, {"error": "refused"})


def test_an_unknown_token_is_refused_in_the_same_word(visitor: PageClient) -> None:
    answer = called(visitor, "enrol", {"token": "A" * 22, **Phone().keys()})
    assert (answer.status_code, answer.json) == (403, {"error": "refused"})


def test_a_limit_says_when_to_try_again(visitor: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    none = Rate("phone-enrolment-network", 0, timedelta(hours=1))
    monkeypatch.setattr("portal.limits.rates.PHONE_ENROLMENTS_PER_NETWORK", none)
    answer = called(visitor, "enrol", {"token": "A" * 22, **Phone().keys()})
    assert answer.status_code == 429
    assert answer.json["error"] == "wait"
    assert answer.headers["Retry-After"] == str(answer.json["retry_after"])


@pytest.mark.parametrize("path", BODY)
def test_another_site_cannot_make_a_browser_call(visitor: PageClient, path: str) -> None:
    foreign = called(visitor, path.removeprefix("/app/api/"), BODY[path], Origin="https://elsewhere.example")
    assert foreign.status_code == 400
    assert foreign.mimetype == "text/html"


def test_only_these_calls_are_spared_the_token_of_forms(app: Flask) -> None:
    spared = {name for name in app.extensions["csrf"]._exempt_views if name.startswith("portal.")}
    assert spared == {
        f"portal.web.phone_app.routes.{name}" for name in ("enrol", "enrol_pin", "enrol_accept", "waiting", "answer")
    }  # fmt: skip


@pytest.mark.parametrize("path", BODY)
def test_reading_a_call_is_not_possible(visitor: PageClient, path: str) -> None:
    assert visitor.http.get(f"http://localhost{path}").status_code == 405
