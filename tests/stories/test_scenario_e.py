"""Scenario E: an INTRA is blocked without a second factor, drafted, signed by the veterinarian, checked by anybody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stories.acts import signs_in_with_the_password
from tests.stories.consignments import Cast, the_cast
from tests.stories.hands import (
    Someone,
    chooses,
    follows,
    goes_to,
    is_on,
    link,
    presses,
    reads,
    sees,
)
from tests.stories.people import Meet, member_of, somebody

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "en"])]
LIST = "/production/certificates"
OPERATOR = "demo/FR/named-5"
SECONDS_TO_SIGN = 90_000


def test_e4_without_a_second_factor_no_intra_is_begun(meet: Meet, language: str) -> None:
    camille = member_of(somebody(meet, language), OPERATOR)
    signs_in_with_the_password(camille)
    goes_to(camille, f"{LIST}/new?document=INTRA")
    is_on(camille, "A second factor is needed here")
    reads(
        camille,
        "The certificate for movements within the Union (INTRA) and every other certificate cannot be created until a "
        "second factor is active.",
    )
    expect(link(camille, "My Account")).to_be_visible()


def test_e5_to_e9_from_the_draft_to_the_public_check(meet: Meet, language: str) -> None:
    cast = the_cast(meet, language)
    begins_an_intra(cast.sender)
    finds_the_place_of_destination(cast)
    number = cast.prepares("draft")
    submits(cast.sender, number)
    signs(cast.officer, number)
    downloads_the_same_bytes_twice(cast.officer, number)
    is_valid_for_a_visitor(cast, meet(language), number)


def begins_an_intra(who: Someone) -> None:
    """A draft number before anything is filled in."""
    follows(who, "New certificate")
    who.page.locator("input[name=model]").first.check()
    chooses(who, "Country of destination", "DE")
    presses(who, "Begin the draft")
    sees(who, "DEMO.DRAFT-")


def finds_the_place_of_destination(cast: Cast) -> None:
    """A search inside the box, a choice, and it is kept."""
    who, page = cast.sender, cast.sender.page
    goes_to(who, f"{LIST}/{cast.number()}/boxes/places")
    box = page.locator("[id='box-I.12']")
    box.locator("[name='box-I.12-in']").select_option("DE")
    box.locator("[name='box-I.12-text']").fill("Hof")
    box.locator("button[name=find]").click()
    page.locator(f"input[name='box-I.12-id'][value='{cast.journey.receiver.id}']").check()
    presses(who, "Save")
    reads(who, "What you typed was saved.")


def submits(who: Someone, number: int) -> None:
    """The operator's declaration."""
    goes_to(who, f"{LIST}/{number}")
    follows(who, "Submit")
    who.page.locator("input[name=declared]").check()
    presses(who, "Submit")
    reads(who, "The certificate was submitted. Whoever certifies it was told.")


def signs(who: Someone, number: int) -> None:
    """The page with hash and name, the press, and the page that looks again until it is signed."""
    goes_to(who, f"{LIST}/{number}")
    follows(who, "Sign")
    sees(who, f"{who.first_name} {who.last_name}")
    sees(who, "INTRA.FR.2026.")
    presses(who, "Sign")
    expect(who.page.locator(".banner--success")).to_be_visible(timeout=SECONDS_TO_SIGN)


def downloads_the_same_bytes_twice(who: Someone, number: int) -> None:
    """The first version, the same at each download."""
    address = f"{who.site.address}{LIST}/{number}/file"
    files: list[Any] = [who.page.request.get(address).body() for _each in range(2)]
    assert files[0].startswith(b"%PDF-")
    assert files[0] == files[1]


def is_valid_for_a_visitor(cast: Cast, visitor: Someone, number: int) -> None:
    """The address of the QR code, without an account."""
    goes_to(cast.officer, f"{LIST}/{number}")
    address = link(cast.officer, "Check this certificate").get_attribute("href")
    assert address is not None
    goes_to(visitor, address)
    sees(visitor, "DEMO.INTRA.FR.2026.")
    sees(visitor, "Office FR")
    goes_to(visitor, address.replace("code=", "code=2"))
    expect(visitor.page.get_by_text("Office FR")).to_have_count(0)
