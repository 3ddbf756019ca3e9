"""Scenario D: the phone app is added, and signs in with «code QR» and «code PIN»; in French, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal import clock
from tests.stories.acts import gives_the_name, opens_my_account, signs_in_with_sms, signs_out
from tests.stories.hands import (
    Someone,
    fills,
    follows,
    goes_to,
    has_error,
    is_on,
    presses,
    reads,
    ticks,
)  # fmt: skip
from tests.stories.people import Meet, somebody
from tests.stories.phone import (
    FAR_ENOUGH,
    Phone,
    holds_before_the_screen,
    opens_the_app,
    shows,
    switched_on,
    tells,
    touches,
    types,
    types_the_pin,
)
from tests.stories.site import Site

pytestmark = pytest.mark.browser
PIN, WRONG = "4071", "9052"
QR, BY_PIN = "EU Login Mobile App QR Code", "EU Login Mobile App PIN Code"


@pytest.fixture
def camille(meet: Meet) -> Someone:
    """A person with a telephone number."""
    return somebody(meet, "fr", "+46701740605")


@pytest.fixture
def phone(browser: Browser, site: Site, tmp_path: Path) -> Iterator[Phone]:
    """Camille's telephone."""
    with switched_on(browser, site, "fr", tmp_path) as phone:
        yield phone


def begins_to_add(who: Someone, pin: str = PIN, again: str = "") -> None:
    """«ajouter un appareil mobile», its three fields, «soumettre»."""
    goes_to(who, "/account/devices/add")
    fills(who, "Your device name", "Téléphone de service")
    fills(who, "Your 4 digit PIN code", pin)
    fills(who, "Confirm your PIN code", again or pin)
    presses(who, "Submit")


def scans_the_enrolment(who: Someone, phone: Phone) -> None:
    """«initialiser», «continuer», and the camera before the computer."""
    is_on(who, "Scan the QR code with your phone")
    holds_before_the_screen(phone, who.page)
    opens_the_app(phone)
    shows(phone, "Welcome")
    touches(phone, "Initialise")
    shows(phone, "Add this phone")
    touches(phone, "Continue")
    shows(phone, "PIN code", within=FAR_ENOUGH)


def has_the_app(who: Someone, phone: Phone) -> None:
    """The telephone is on the account, and nobody is signed in."""
    signs_in_with_sms(who, "/account/devices")
    begins_to_add(who)
    scans_the_enrolment(who, phone)
    types_the_pin(phone, PIN)
    shows(phone, "Add this phone to your account?")
    touches(phone, "Accept")
    shows(phone, "This phone is active")
    touches(phone, "Continue")
    shows(phone, "Accounts on this phone")
    presses(who, "Continue")
    signs_out(who)


def asks_for(who: Someone, method: str, path: str = "/sign-in") -> None:
    """Name, password, and a method of the app."""
    goes_to(who, path)
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, method)
    presses(who, "Sign in")


def test_d1_and_d2_the_form_takes_a_name_and_a_pin_that_is_not_weak(camille: Someone) -> None:
    signs_in_with_sms(camille, "/production/profile")
    opens_my_account(camille)
    follows(camille, "Manage my mobile devices")
    is_on(camille, "Manage my mobile devices")
    follows(camille, "Add a mobile device")
    is_on(camille, "Add a mobile device")
    for refused in ("123", "12345", "abcd", "1234"):
        begins_to_add(camille, refused)
        has_error(camille, "Your 4 digit PIN code")
    begins_to_add(camille, PIN, WRONG)
    has_error(camille, "Confirm your PIN code")


def test_d3_the_qr_code_works_for_ten_minutes(camille: Someone) -> None:
    signs_in_with_sms(camille, "/account/devices")
    begins_to_add(camille)
    is_on(camille, "Scan the QR code with your phone")
    clock.advance(timedelta(minutes=11))
    is_on(camille, "This attempt has ended")


def test_d4_and_d6_scan_pin_and_accept_make_the_phone_active(camille: Someone, phone: Phone) -> None:
    signs_in_with_sms(camille, "/account/devices")
    begins_to_add(camille)
    scans_the_enrolment(camille, phone)
    is_on(camille, "Type your PIN code on the phone")
    types_the_pin(phone, PIN)
    shows(phone, "Add this phone to your account?")
    tells(phone, "Téléphone de service")
    is_on(camille, "Accept on the phone")
    touches(phone, "Accept")
    shows(phone, "This phone is active")
    is_on(camille, "The mobile device is active")
    presses(camille, "Continue")
    reads(camille, "Works")
    assert any("Téléphone de service" in mail["body"] for mail in camille.site.messages(camille.email))


def test_d5_five_wrong_pins_end_the_attempt(camille: Someone, phone: Phone) -> None:
    signs_in_with_sms(camille, "/account/devices")
    begins_to_add(camille)
    scans_the_enrolment(camille, phone)
    for left in (4, 3, 2, 1, 0):
        types(phone, "Your 4 digit PIN code", WRONG)
        touches(phone, "Continue")
        if left:
            tells(phone, "This PIN code is wrong. Tries left: %(count)s.", count=left)
    tells(phone, "The PIN code was wrong five times. Begin again on the computer.")
    is_on(camille, "This attempt has ended")
    touches(phone, "Continue")
    shows(phone, "Welcome")


def test_d7_the_phone_answers_the_qr_code_without_network_even_after_a_restart(
    camille: Someone, browser: Browser, site: Site, tmp_path: Path
) -> None:
    with switched_on(browser, site, "fr", tmp_path) as phone:
        has_the_app(camille, phone)
        expect(phone.page.locator("html")).to_have_attribute("data-ready", "yes")
    asks_for(camille, QR)
    is_on(camille, "Scan the QR code with the app")
    with switched_on(browser, site, "fr", tmp_path) as phone:
        phone.page.context.set_offline(True)
        holds_before_the_screen(phone, camille.page)
        opens_the_app(phone)
        tells(phone, "No network. One-time codes work all the same; requests do not arrive.")
        touches(phone, "Scan the QR code of the computer")
        types_the_pin(phone, PIN)
        shows(phone, "Your one-time code")
        code = phone.page.locator(".code").inner_text()
    camille.page.locator("#code").fill(code)
    presses(camille, "Sign in")
    is_on(camille, "Successful login")
    signs_out(camille)
    asks_for(camille, QR)
    camille.page.locator("#code").fill(code)
    presses(camille, "Sign in")
    assert camille.page.locator("#code").get_attribute("aria-invalid") == "true"


def test_d7_the_challenge_may_be_typed_where_there_is_no_camera(camille: Someone, phone: Phone) -> None:
    has_the_app(camille, phone)
    asks_for(camille, QR)
    challenge = camille.page.locator("strong.code-shown").inner_text()
    touches(phone, "Type what the computer shows")
    types(phone, "Ten letters and digits under the QR code", "short")
    touches(phone, "Continue")
    tells(phone, "These are not ten letters and digits as they stand under the QR code of the computer.")
    types(phone, "Ten letters and digits under the QR code", challenge.lower())
    touches(phone, "Continue")
    types_the_pin(phone, PIN)
    camille.page.locator("#code").fill(phone.page.locator(".code").inner_text())
    presses(camille, "Sign in")
    is_on(camille, "Successful login")


def test_d8_a_request_is_accepted_with_the_number_and_the_pin(camille: Someone, phone: Phone) -> None:
    has_the_app(camille, phone)
    asks_for(camille, BY_PIN, "/production/profile")
    shows(phone, "Is this you?")
    for words in ("ca***@agri.example", "Linux", "127.0.0.0/24", "Production"):
        tells(phone, words)
    types(phone, "The number that the computer shows", camille.page.locator(".code-shown").inner_text())
    types(phone, "Your 4 digit PIN code", WRONG)
    touches(phone, "Accept")
    tells(phone, "This PIN code is wrong. Tries left: %(count)s.", count=4)
    types(phone, "Your 4 digit PIN code", PIN)
    touches(phone, "Accept")
    shows(phone, "Accepted")
    is_on(camille, "Request authorisation")


def test_d8_a_request_that_is_refused_leads_nowhere(camille: Someone, phone: Phone) -> None:
    has_the_app(camille, phone)
    asks_for(camille, BY_PIN)
    shows(phone, "Is this you?")
    touches(phone, "Refuse")
    shows(phone, "Refused")
    is_on(camille, "The request was refused")
    goes_to(camille, "/account")
    is_on(camille, "Sign in to continue")


def test_d9_and_d10_a_request_nobody_answers_expires_and_another_method_may_be_chosen(
    camille: Someone, phone: Phone
) -> None:
    has_the_app(camille, phone)
    phone.page.context.set_offline(True)
    asks_for(camille, BY_PIN)
    is_on(camille, "Confirm on your phone")
    clock.advance(timedelta(minutes=6))
    is_on(camille, "The request is over")
    goes_to(camille, "/account")
    is_on(camille, "Sign in to continue")
    asks_for(camille, QR)
    is_on(camille, "Scan the QR code with the app")
    goes_to(camille, "/production/profile")
    is_on(camille, "Sign in to continue")
