"""Security keys, this device and passkeys with Chromium's virtual authenticators; in French, on SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession

from tests.stories.acts import gives_the_name, signs_in_with_sms, signs_out
from tests.stories.hands import Someone, fills, follows, goes_to, is_on, presses, reads, sees, ticks
from tests.stories.people import Meet, somebody

pytestmark = pytest.mark.browser
METHOD = "Security Key or Trusted Platform"
USB = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
OLD_USB = {"protocol": "u2f", "transport": "usb"}
PLATFORM = {**USB, "transport": "internal"}
SYNCED = {**PLATFORM, "defaultBackupEligibility": True, "defaultBackupState": True}


@dataclass
class Reader:
    """A virtual authenticator in somebody's browser."""

    browser: CDPSession
    number: str

    def tell(self, command: str, **facts: Any) -> Any:
        """One command of Chromium's WebAuthn domain."""
        return self.browser.send(f"WebAuthn.{command}", {"authenticatorId": self.number, **facts})

    def credentials(self) -> list[dict[str, Any]]:
        """What is kept on it."""
        return list(self.tell("getCredentials")["credentials"])


def plugs_in(who: Someone, **facts: Any) -> Reader:
    """A key in the person's machine that is touched, and knows its user, whenever it is asked."""
    browser = who.page.context.new_cdp_session(who.page)
    browser.send("WebAuthn.enable")
    options = {"isUserVerified": True, "automaticPresenceSimulation": True, **facts}
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Reader(browser, made["authenticatorId"])


def names_a_key(who: Someone, name: str) -> None:
    """The form is sent; what the key answers is for the story to see."""
    goes_to(who, "/account/keys/add")
    fills(who, "Name of your security key", name)
    presses(who, "Submit")


def adds_a_key(who: Someone, name: str) -> None:
    """All of it, to the list on which the key stands."""
    names_a_key(who, name)
    is_on(who, "Manage my Security Keys and Trusted Platforms")
    sees(who, name)


def comes_to_the_key(who: Someone) -> None:
    """Name, password, «Clé de sécurité ou plateforme de confiance»."""
    goes_to(who, "/sign-in")
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, METHOD)
    presses(who, "Sign in")
    is_on(who, "Use your security key")


def signs_in_with_the_key(who: Someone) -> None:
    """The button, and the key answers."""
    comes_to_the_key(who)
    presses(who, "Use my key")
    is_on(who, "Successful login")


@pytest.fixture
def camille(meet: Meet) -> Someone:
    """A person who signed in by SMS and is about to add a key."""
    who = somebody(meet, "fr", "+46701740605")
    signs_in_with_sms(who, "/account")
    return who


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (USB, "Security key"),
        (OLD_USB, "Security key"),
        (PLATFORM, "This device"),
        (SYNCED, "Passkey kept by your devices"),
    ],
)
def test_a_key_of_each_kind_is_added_and_signs_in(camille: Someone, key: dict[str, Any], kind: str) -> None:
    reader = plugs_in(camille, **key)
    follows(camille, "Manage my Security Keys and Trusted Platforms")
    reads(camille, "No key yet")
    adds_a_key(camille, "Clé bleue")
    reads(camille, kind)
    reads(camille, "Not used yet")
    signs_out(camille)
    reader.tell("setAutomaticPresenceSimulation", enabled=False)  # else the first screen signs in by itself
    comes_to_the_key(camille)
    reader.tell("setAutomaticPresenceSimulation", enabled=True)
    presses(camille, "Use my key")
    is_on(camille, "Successful login")


def test_the_same_key_is_not_registered_a_second_time(camille: Someone) -> None:
    plugs_in(camille, **USB)
    adds_a_key(camille, "Clé bleue")
    names_a_key(camille, "Clé encore")
    reads(camille, "This key is on your account already.")


def test_a_person_whom_the_key_does_not_know_is_refused(camille: Someone) -> None:
    reader = plugs_in(camille, **USB)
    adds_a_key(camille, "Clé bleue")
    signs_out(camille)
    comes_to_the_key(camille)
    reader.tell("setUserVerified", isUserVerified=False)
    presses(camille, "Use my key")
    reads(camille, "The key did not answer. Try again, or choose another method.")
    reader.tell("setUserVerified", isUserVerified=True)
    presses(camille, "Use my key")
    is_on(camille, "Successful login")


def test_a_copy_of_a_key_is_found_and_the_key_is_stopped(camille: Someone) -> None:
    reader = plugs_in(camille, **USB)
    adds_a_key(camille, "Clé bleue")
    (copied,) = reader.credentials()
    for _time in range(2):
        signs_out(camille)
        signs_in_with_the_key(camille)
    signs_out(camille)
    reader.tell("clearCredentials")
    reader.tell("addCredential", credential={**copied, "signCount": 1})
    comes_to_the_key(camille)
    presses(camille, "Use my key")
    reads(camille, "The key was not accepted. Try again, or choose another method.")
    (mail, *_earlier) = camille.site.messages(camille.email)
    assert "Clé bleue" in mail["body"]
    signs_in_with_sms(camille, "/account/keys")
    reads(camille, "Stopped: it answered as if a copy of it existed.")


def test_a_passkey_of_this_device_is_offered_under_the_name_and_signs_in(camille: Someone) -> None:
    plugs_in(camille, **SYNCED)
    adds_a_key(camille, "Clé d'accès")
    signs_out(camille)
    # Chromium's virtual device accepts the quiet offer by itself, as if the person had chosen it from the list.
    goes_to(camille, "/sign-in?next=/account/keys")
    is_on(camille, "Manage my Security Keys and Trusted Platforms")


def test_a_passkey_on_a_key_signs_in_by_the_button(camille: Someone) -> None:
    plugs_in(camille, **USB)
    adds_a_key(camille, "Clé bleue")
    signs_out(camille)
    goes_to(camille, "/sign-in?next=/account/keys")
    presses(camille, "Sign in with a passkey")
    is_on(camille, "Manage my Security Keys and Trusted Platforms")


def test_a_key_confirms_in_place(camille: Someone) -> None:
    plugs_in(camille, **USB)
    adds_a_key(camille, "Clé bleue")
    goes_to(camille, "/step-up?next=/account/keys")
    ticks(camille, METHOD)
    presses(camille, "Go on")
    is_on(camille, "Use your security key")
    presses(camille, "Use my key")
    is_on(camille, "Manage my Security Keys and Trusted Platforms")
