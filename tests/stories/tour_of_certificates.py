"""A walk past certificates: the list, a new one, each screen of its boxes, what one decides, a signature."""

from __future__ import annotations

from collections.abc import Iterator

from tests.stories.consignments import Cast, the_cast
from tests.stories.hands import Someone, goes_to, presses
from tests.stories.people import Meet

Stations = Iterator[tuple[str, Someone]]
LIST = "/production/certificates"
SCREENS = ("parties", "places", "transport", "goods")


def pages_of_certificates(meet: Meet, language: str) -> Stations:
    """Every page of the journeys certificates, certificate_boxes, certificate_decisions and signing."""
    cast = the_cast(meet, language)
    yield "certificates-none", cast.sender
    yield from _pages_of_a_draft(cast)
    yield from _pages_of_the_office(cast, meet)
    yield from _pages_of_a_signature(cast)
    yield from _pages_of_two_windows(cast)


def _pages_of_a_draft(cast: Cast) -> Stations:
    who = cast.sender
    goes_to(who, f"{LIST}/new?document=INTRA&group=ungulates")
    yield "certificates-new", who
    presses(who, "Begin the draft")
    yield "certificates-new-refused", who
    number = cast.prepares("draft")
    for screen in SCREENS:
        goes_to(who, f"{LIST}/{number}/boxes/{screen}")
        yield f"certificates-{screen}", who
    for name in ("", "submit", "delete"):
        goes_to(who, f"{LIST}/{number}/{name}".rstrip("/"))
        yield f"certificates-draft-{name or 'show'}", who
    goes_to(who, LIST)
    yield "certificates-list", who


def _pages_of_the_office(cast: Cast, meet: Meet) -> Stations:
    who, submitted, valid = cast.officer, cast.prepares("submitted"), cast.prepares("valid")
    goes_to(who, f"{LIST}/{submitted}")
    yield "certificates-submitted", who
    goes_to(who, f"{LIST}/{submitted}/refuse")
    yield "certificates-refuse", who
    goes_to(who, f"{LIST}/{valid}")
    yield "certificates-valid", who
    goes_to(who, f"{LIST}/{valid}/cancellation")
    yield "certificates-cancel", who
    who = cast.at_destination(meet)
    goes_to(who, f"{LIST}/{valid}")
    yield "certificates-at-destination", who
    goes_to(who, f"{LIST}/{valid}/control/III")
    yield "certificates-control", who
    presses(who, "Record")
    yield "certificates-control-refused", who


def _pages_of_a_signature(cast: Cast) -> Stations:
    who = cast.officer
    numbers = [cast.prepares("submitted") for _each in range(2)]
    goes_to(who, LIST)
    yield "certificates-to-sign", who
    goes_to(who, f"{LIST}/sign?{'&'.join(f'certificate={number}' for number in numbers)}")
    yield "signing-confirm", who
    who.page.locator("main form .button--green").click()
    yield "signing-progress", who


def _pages_of_two_windows(cast: Cast) -> Stations:
    """The same box saved in two windows, and a certificate that was changed while it was looked at to be signed."""
    who = cast.sender
    number = cast.prepares("draft")
    goes_to(who, f"{LIST}/{number}/boxes/transport")
    cast.writes(number, who, "I.18", "Ambient")
    who.page.locator("[name='box-I.18']").fill("Chilled")
    presses(who, "Save")
    yield "certificates-clash", who
    who, number = cast.officer, cast.prepares("submitted")
    goes_to(who, f"{LIST}/sign?certificate={number}")
    cast.writes(number, who, "I.18", "Ambient")
    who.page.locator("main form .button--green").click()
    yield "signing-changed", who
