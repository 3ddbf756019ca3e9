"""A validator's day with the keyboard alone: one request validated, one refused with its reason, several at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, button, goes_to, is_on, link, reads, sees_nothing_of
from tests.stories.people import Meet
from tests.stories.test_the_walk import types_into, walks_to
from tests.stories.tour_of_work import waits_for_the_end
from tests.stories.words import part

pytestmark = pytest.mark.browser
QUEUE = "/production/validation"


@pytest.fixture
def dominique(meet: Meet) -> Someone:
    """A user of the central authority, signed in and at the queue."""
    who = meet("fr", "national-authority")
    signs_in_with_sms(who, QUEUE)
    return who


def enters(who: Someone, target: Locator) -> None:
    """Walk there and press Enter."""
    walks_to(who, target)
    who.page.keyboard.press("Enter")


def opens(who: Someone, person: str) -> None:
    """The request of that person, from the queue."""
    enters(who, who.page.get_by_role("row").filter(has_text=person).get_by_role("link"))
    is_on(who, "Request of %(person)s", person=person)


def test_a_request_is_validated_and_another_refused_without_a_mouse(dominique: Someone) -> None:
    opens(dominique, "Maxime Essai")
    enters(dominique, button(dominique, "Validate"))
    reads(dominique, "The role in %(organisation)s is valid now.", organisation="Élevage Exemple GAEC")
    opens(dominique, "Charlie Prototype")
    enters(dominique, link(dominique, "Reject"))
    is_on(dominique, "Reject the request")
    walks_to(dominique, dominique.page.locator("main input[type=radio]").first)
    dominique.page.keyboard.press("Space")
    types_into(dominique, "Explanation", "Adressez-vous au siège.")
    enters(dominique, button(dominique, "Reject the request"))
    reads(dominique, "The request for %(organisation)s was rejected.", organisation="Fret Exemple SAS")
    sees_nothing_of(dominique, "Charlie Prototype")


def test_a_refused_form_takes_the_focus_to_what_is_wrong(dominique: Someone) -> None:
    opens(dominique, "Charlie Prototype")
    enters(dominique, link(dominique, "Reject"))
    enters(dominique, button(dominique, "Reject the request"))
    expect(dominique.page.locator(".error-summary")).to_be_focused()
    enters(dominique, dominique.page.locator(".error-summary a").first)
    focused = dominique.page.locator("main fieldset :focus")
    expect(focused).to_have_count(1)


def test_several_requests_are_decided_at_once_without_a_mouse(dominique: Someone) -> None:
    for name in ("Maxime Essai", "Charlie Prototype"):
        row = dominique.page.get_by_role("row").filter(has_text=name)
        walks_to(dominique, row.get_by_role("checkbox"))
        dominique.page.keyboard.press("Space")
    enters(dominique, button(dominique, "Validate those ticked…"))
    reads(dominique, "Nothing has been done yet")
    green = dominique.page.get_by_role("main").locator("form button.button--green")
    expect(green).to_have_text(part("2"))
    enters(dominique, green)
    waits_for_the_end(dominique)
    goes_to(dominique, QUEUE)
    sees_nothing_of(dominique, "Maxime Essai")
