"""A national eID at a real OpenID Connect provider (npm oidc-provider): linked, signed in with, too low, cancelled."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import config
from portal.adapters import oidc
from portal.config_providers import Provider
from tests.service.messages.gateways import free_port
from tests.stories.acts import gives_the_name, signs_in_with_sms, signs_out
from tests.stories.hands import Someone, follows, goes_to, is_on, presses, reads, sees, ticks
from tests.stories.people import Meet, somebody
from tests.stories.site import Site

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
MOBILE = "+46701740605"
SECRET, HIGH, LOW = "the-provider-and-the-portal-know-it", "urn:level:high", "urn:level:low"
CARD = "FR-4711"


@pytest.fixture
def provider(site: Site) -> Iterator[Provider]:
    """The provider on loopback, and the portal configured for it."""
    port = free_port()
    node, program = Path(sys.executable).with_name("node"), Path(__file__).with_name("eid_provider.mjs")
    command = [node, program, str(port), f"{site.address}/eid/callback", SECRET, HIGH]
    # The command starts node as a child of its own: both are ended together.
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        issuer = f"http://127.0.0.1:{port}"
        one = Provider("fr", "FranceIdentité (test)", issuer, "portal", SECRET, (HIGH,))
        config.activate(dataclasses.replace(config.current(), oidc_providers=(one,)))
        oidc.forget()
        yield one
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(10)


@pytest.fixture
def camille(meet: Meet, provider: Provider) -> Someone:
    """A person with a telephone, signed in."""
    who = somebody(meet, "en", MOBILE)
    signs_in_with_sms(who, "/account/eids")
    return who


def identifies(who: Someone, card: str = CARD, level: str = HIGH) -> None:
    """On the page of the provider."""
    page = who.page
    page.get_by_role("heading", name="National eID").wait_for()
    page.get_by_label("Card").fill(card)
    page.get_by_label("Level").fill(level)
    page.get_by_role("button", name="Identify").click()


def links_the_eid(who: Someone) -> None:
    """From «Manage my eIDs» to the provider and back."""
    follows(who, "Link my eID")
    presses(who, "Go on")
    identifies(who)
    is_on(who, "Link this eID to your account?")
    sees(who, who.email)
    presses(who, "Link my eID")
    is_on(who, "Manage my eIDs")
    sees(who, HIGH)


def goes_to_the_provider(who: Someone) -> None:
    """The way in without a password, up to the page of the provider."""
    goes_to(who, "/sign-in?next=/production/profile")
    gives_the_name(who)
    ticks(who, "Electronic ID (eID)")
    presses(who, "Sign in")
    presses(who, "Go on")


def test_an_eid_is_linked_opens_an_environment_without_password_and_is_removed(camille: Someone) -> None:
    links_the_eid(camille)
    assert "eID" in camille.site.messages(camille.email)[0]["subject"]
    signs_out(camille)
    goes_to_the_provider(camille)
    identifies(camille)
    presses(camille, "Go on")
    camille.page.wait_for_url("**/production/profile")
    goes_to(camille, "/account/eids")
    follows(camille, "Remove")
    presses(camille, "Remove")
    reads(camille, "The eID is no longer linked to your account.")


def test_a_low_level_another_card_and_a_cancel_open_nothing(camille: Someone) -> None:
    links_the_eid(camille)
    signs_out(camille)
    goes_to_the_provider(camille)
    identifies(camille, level=LOW)
    presses(camille, "Go on")
    is_on(camille, "The level of this eID is not enough")
    goes_to_the_provider(camille)
    identifies(camille, card="FR-0000")
    presses(camille, "Go on")
    is_on(camille, "This eID is not linked to an account")
    goes_to_the_provider(camille)
    camille.page.get_by_role("button", name="Cancel").click()
    is_on(camille, "The provider did not identify you")
    follows(camille, "Choose another method")
    reads(camille, "Welcome")


def test_a_callback_opened_in_another_browser_opens_nothing_there(camille: Someone, meet: Meet) -> None:
    links_the_eid(camille)
    signs_out(camille)
    goes_to_the_provider(camille)
    identifies(camille)
    is_on(camille, "You are back from your eID")
    stranger = meet("en")
    stranger.page.goto(camille.page.url)
    is_on(stranger, "This attempt has ended")
    presses(camille, "Go on")
    camille.page.wait_for_url("**/production/profile")
