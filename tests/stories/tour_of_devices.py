"""A walk past the pages of telephones with the app, of security keys, and of another e-mail address."""

from __future__ import annotations

from collections.abc import Iterator

from portal.identity import queries
from tests.makers.phones import a_phone
from tests.stories.acts import gives_the_name, mail_to, signs_in_with_sms, signs_out
from tests.stories.hands import Someone, fills, goes_to, is_on, presses, ticks
from tests.stories.people import Meet, somebody
from tests.stories.test_security_keys import USB, adds_a_key, plugs_in

Stations = Iterator[tuple[str, Someone]]
NEW_ADDRESS = "nouvelle.adresse@agri.example"


def pages_of_devices(meet: Meet, language: str) -> Stations:
    """What one does with a telephone, a key, an address; and signing in with the telephone's approval."""
    who = somebody(meet, language, "+46701740671", email="appareils@agri.example", last_name="Appareil")
    with who.site.inside():
        account = queries.account_by_email(who.email)
        assert account is not None
        a_phone(account)
    signs_in_with_sms(who, "/account/devices")
    yield "devices-with-a-phone", who
    yield from _pages_of_a_list(who, "devices")
    yield from _pages_of_adding(who)
    plugs_in(who, **USB)
    adds_a_key(who, "Clé bleue")
    yield "keys-with-a-key", who
    yield from _pages_of_a_list(who, "keys")
    goes_to(who, "/account")
    signs_out(who)
    yield from _pages_of_an_approval(who)
    signs_in_with_sms(who, "/account/email")
    yield from _pages_of_an_address(who)


def _pages_of_a_list(who: Someone, name: str) -> Stations:
    for place, act in enumerate(("rename", "remove")):
        goes_to(who, f"/account/{name}")
        who.page.locator("tbody").get_by_role("link").nth(place).click()
        yield f"{name}-{act}", who


def _pages_of_adding(who: Someone) -> Stations:
    goes_to(who, "/account/devices/add")
    fills(who, "Your device name", "Autre téléphone")
    fills(who, "Your 4 digit PIN code", "4071")
    fills(who, "Confirm your PIN code", "4071")
    presses(who, "Submit")
    is_on(who, "Scan the QR code with your phone")
    yield "devices-wait", who
    address = who.page.url
    presses(who, "Cancel")
    who.page.goto(address)
    yield "devices-ended", who


def _pages_of_an_address(who: Someone) -> Stations:
    fills(who, "New e-mail address", NEW_ADDRESS)
    fills(who, "Confirm your e-mail address", NEW_ADDRESS)
    who.page.locator("main form button").first.click()
    yield "own-email-asked", who
    address = who.site.messages(NEW_ADDRESS)[0]["links"][0]
    who.page.goto(address)
    yield "own-email-confirm", who
    who.page.locator("main form button").first.click()
    yield "own-email-changed", who
    who.page.goto(address)
    yield "own-email-dead", who
    who.page.goto(mail_to(who)["links"][0])
    yield "own-email-undo", who
    who.page.locator("main form button").first.click()
    yield "own-email-undone", who


def _pages_of_an_approval(who: Someone) -> Stations:
    goes_to(who, "/sign-in")
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, "EU Login Mobile App PIN Code")
    presses(who, "Sign in")
    is_on(who, "Confirm on your phone")
    yield "sign-in-approval", who
