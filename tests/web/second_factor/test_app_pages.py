"""Sign-in with the phone app (D7 to D10): by QR code with the telephone offline, by PIN code with a request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.identity import approvals
from portal.identity.factor_models import FactorChallenge
from portal.identity.models import SignIn
from tests.makers.identity import PASSWORD, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.phones import HOME, Phone, a_phone, answer_to
from tests.page import Page, PageClient

QR, PIN = "app-qr", "app-pin"


def begun(client: PageClient, email: str, method: str) -> Page:
    """The right password with that method."""
    page = client.get("/sign-in").press("Next", name=email)
    return page.press("Sign in", by_label={"Password": PASSWORD}, method=method)


def newest() -> FactorChallenge:
    """The challenge made last."""
    db.session.rollback()
    found = db.session.query(FactorChallenge).order_by(FactorChallenge.id.desc()).first()
    assert found is not None
    return found


def a_person(email: str = "camille@agri.example") -> Phone:
    """Somebody with the app on a telephone."""
    return a_phone(a_user_with_telephone(email=email))


def test_the_code_of_the_offline_telephone_signs_in(visitor: PageClient) -> None:
    phone = a_person()
    page = begun(visitor, "camille@agri.example", QR)
    assert page.heading == "Scan the QR code with the app"
    assert page.tree.xpath("//img[@class='qr' and @alt]/@src")[0].startswith("data:image/svg+xml")
    nonce = newest().nonce
    assert f"{nonce[:5]}-{nonce[5:]}" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "on this page alone, at localhost," in page.text
    done = page.press("Sign in", by_label={"One-time code": phone.code(nonce)})
    assert done.heading == "Successful login"


def test_a_code_is_not_reusable_in_another_sign_in(visitor: PageClient, app: Flask) -> None:
    phone = a_person()
    page = begun(visitor, "camille@agri.example", QR)
    code = phone.code(newest().nonce)
    page.press("Sign in", by_label={"One-time code": code})
    other = begun(PageClient(app), "camille@agri.example", QR)
    again = other.press("Sign in", by_label={"One-time code": code})
    assert again.status == 422
    assert "This code is not right." in again.errors[0]


def test_the_screen_is_the_same_for_people_without_a_telephone(visitor: PageClient) -> None:
    account = a_user()
    page = begun(visitor, account.email, QR)
    assert page.heading == "Scan the QR code with the app"
    refused = page.press("Sign in", by_label={"One-time code": "12345678"})
    assert (refused.status, "This code is not right." in refused.errors[0]) == (422, True)


@pytest.mark.parametrize("typed", ["1234567", "123456789", "abcdefgh", "١٢٣٤٥٦٧٨"])
def test_a_text_that_is_no_code_costs_no_try(visitor: PageClient, typed: str) -> None:
    a_person()
    page = begun(visitor, "camille@agri.example", QR).press("Sign in", by_label={"One-time code": typed})
    assert page.status == 422
    assert newest().tries == 0


def test_after_two_minutes_a_new_qr_code_is_asked_for(visitor: PageClient) -> None:
    phone = a_person()
    begun(visitor, "camille@agri.example", QR)
    clock.advance(timedelta(minutes=2, seconds=1))
    over = visitor.get("/sign-in/app")
    assert (over.status, over.heading) == (410, "This QR code no longer works")
    page = over.press("Show a new QR code")
    done = page.press("Sign in", by_label={"One-time code": phone.code(newest().nonce)})
    assert done.heading == "Successful login"


def test_five_wrong_codes_end_the_qr_code(visitor: PageClient) -> None:
    a_person()
    page = begun(visitor, "camille@agri.example", QR)
    for _try in range(5):
        page = page.press("Sign in", by_label={"One-time code": "00000000"})
    assert (page.status, page.heading) == (410, "This QR code no longer works")


def test_opening_the_page_again_changes_nothing(visitor: PageClient) -> None:
    a_person()
    begun(visitor, "camille@agri.example", QR)
    before = newest().id
    visitor.get("/sign-in/app")
    assert newest().id == before


def test_the_request_is_accepted_on_the_telephone_and_the_computer_continues(visitor: PageClient) -> None:
    phone = a_person()
    page = begun(visitor, "camille@agri.example", PIN)
    assert page.heading == "Confirm on your phone"
    request = newest()
    assert request.number in page.text
    assert visitor.get("/sign-in/approval/state").response.json == {"state": "waiting"}
    assert page.press("Continue").heading == "Confirm on your phone"
    request = newest()
    approvals.answer(request.id, answer_to(phone, request), network=HOME)
    assert visitor.get("/sign-in/approval/state").response.json == {"state": "approved"}
    assert visitor.get("/sign-in/approval").press("Continue").heading == "Successful login"


def test_a_refusal_is_told_on_the_computer_with_other_methods(visitor: PageClient) -> None:
    phone = a_person()
    begun(visitor, "camille@agri.example", PIN)
    request = newest()
    approvals.answer(request.id, answer_to(phone, request, approves=False), network=HOME)
    page = visitor.get("/sign-in/approval")
    assert (page.status, page.heading) == (410, "The request was refused")
    assert page.click("Choose another method").path == "/sign-in/password"


def test_a_request_nobody_answers_is_over_after_five_minutes(visitor: PageClient) -> None:
    account = a_user()
    begun(visitor, account.email, PIN)
    clock.advance(timedelta(minutes=5, seconds=1))
    assert visitor.get("/sign-in/approval/state").response.json == {"state": "over"}
    page = visitor.get("/sign-in/approval")
    assert (page.status, page.heading) == (410, "The request is over")
    assert page.press("Send another request").heading == "Confirm on your phone"


def test_a_fourth_request_is_not_sent_and_the_page_says_why(visitor: PageClient) -> None:
    a_person()
    page = begun(visitor, "camille@agri.example", PIN)
    for _time in range(3):
        page = visitor.post_with_token("/sign-in/approval/again")
    assert (page.status, page.heading) == (429, "Too many requests are waiting")
    assert db.session.query(FactorChallenge).count() == 3
    assert page.click("Choose another method").path == "/sign-in/password"


def test_the_page_waits_without_script_too(visitor: PageClient) -> None:
    a_person()
    page = begun(visitor, "camille@agri.example", PIN)
    assert page.tree.xpath("//noscript/meta[@http-equiv='refresh']/@content") == ["5"]


@pytest.mark.parametrize(("path", "method"), [("/sign-in/app", PIN), ("/sign-in/approval", QR)])
def test_without_the_password_and_that_method_there_is_nothing_to_show(
    visitor: PageClient, path: str, method: str
) -> None:
    a_person()
    assert visitor.get(path, follow=False).response.headers["Location"] == "/sign-in"
    begun(visitor, "camille@agri.example", method)
    assert visitor.get(path, follow=False).response.headers["Location"] == "/sign-in"
    again = visitor.post_with_token(f"{path}/again", follow=False)
    assert again.response.headers["Location"] == "/sign-in"
    assert db.session.query(FactorChallenge).count() == 1


def test_the_state_of_nothing_is_gone(visitor: PageClient) -> None:
    assert visitor.get("/sign-in/approval/state").response.json == {"state": "gone"}


@pytest.mark.parametrize("method", [QR, PIN])
def test_both_methods_confirm_in_an_open_session(visitor: PageClient, method: str) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    phone = a_phone(account)
    sign_in_browser(visitor, account, second_factor=False)
    page = visitor.get("/step-up?next=/account/sessions").press("Go on", method=method)
    request = newest()
    if method == QR:
        done = page.press("Confirm", by_label={"One-time code": phone.code(request.nonce)})
    else:
        approvals.answer(request.id, answer_to(phone, request), network=HOME)
        done = visitor.get(page.path).press("Continue")
    assert done.path == "/account/sessions"
    newest_row = db.session.query(SignIn).order_by(SignIn.id.desc()).first()
    assert newest_row is not None
    assert newest_row.method == method
