"""Scenario A, the new operator: created after a search, decided with its first user in one step; three languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.stories.acts import (
    asks_for_a_role,
    chips,
    opens_the_request_of,
    searches,
    signs_in_with_sms,
    validates,
)
from tests.stories.hands import (
    Someone,
    button,
    chooses,
    fills,
    follows,
    goes_to,
    has_error,
    is_on,
    link,
    presses,
    reads,
    sees,
)  # fmt: skip
from tests.stories.people import Meet, somebody
from tests.stories.test_scenario_a_account import in_each_language
from tests.stories.words import say

pytestmark = [pytest.mark.browser, in_each_language]
NAME = "Laiterie Nouvelle Exemple SARL"
ORGANIC, ANIMALS = "ORGANIC IMPORTER|organic_importer", "IMP|animal_importer"
CREATE = "Create the operator and request authorisation"


@pytest.fixture
def camille(meet: Meet, language: str) -> Someone:
    """A person with an account and a second factor, without a role."""
    return somebody(meet, language, "+46701740605")


def comes_to_the_form(who: Someone) -> None:
    """The search first: before it the button cannot be pressed (A11, A12)."""
    signs_in_with_sms(who)
    follows(who, "Operator")
    expect(button(who, "Create a new operator")).to_be_disabled()
    searches(who, "operator", "FR", Search="Exemple")
    link(who, "Create a new operator").click()
    is_on(who, "Create operator to join")
    for panel in ("Operator Details", "Chapter or activity"):
        assert who.page.get_by_role("heading", level=2, name=who.says(panel)).is_visible()


def fills_in(who: Someone, activity: str) -> None:
    """Name, place, activity; then the first authority that may answer for it."""
    fills(who, "Name", NAME)
    fills(who, "Street and number", "4 quai du Test")
    fills(who, "Postcode", "08000")
    fills(who, "City", "Charleville-Mézières")
    chooses(who, "Chapter or activity", activity)
    presses(who, "Show the responsible authorities")


def chooses_the_authority(who: Someone, name: str) -> None:
    """One of those offered, by a part of its name."""
    offered = who.page.locator("select[name=responsible] option", has_text=name)
    chooses(who, "Responsible authority", offered.first.get_attribute("value") or "")


def test_a15_one_way_to_reach_the_operator_is_needed_and_a_web_site_will_do(camille: Someone) -> None:
    comes_to_the_form(camille)
    fills_in(camille, ANIMALS)
    chooses_the_authority(camille, "Charleville")
    presses(camille, CREATE)
    has_error(camille, "Phone")
    fills(camille, "Web site", "https://laiterie.example")
    presses(camille, CREATE)
    expect(camille.page.locator(".banner--success")).to_be_visible()


def test_a16_importers_of_organic_products_need_an_eori_number_and_others_do_not(camille: Someone) -> None:
    comes_to_the_form(camille)
    fills_in(camille, ORGANIC)
    fills(camille, "Web site", "https://laiterie.example")
    camille.page.locator("select[name=responsible]").select_option(index=1)
    presses(camille, CREATE)
    has_error(camille, "EORI number")
    chooses(camille, "Chapter or activity", ANIMALS)
    presses(camille, "Show the responsible authorities")
    chooses_the_authority(camille, "Charleville")
    presses(camille, CREATE)
    expect(camille.page.locator(".banner--success")).to_be_visible()


def test_a17_a23_operator_and_first_user_are_asked_for_together_and_decided_with_one_button(
    camille: Someone, meet: Meet, language: str
) -> None:
    comes_to_the_form(camille)
    fills_in(camille, ANIMALS)
    fills(camille, "Phone", "+33 3 53 01 01 01")
    chooses_the_authority(camille, "Charleville")
    presses(camille, CREATE)
    goes_to(camille, "/production/profile")
    sees(camille, NAME)
    assert chips(camille)[0] == f"1 {say(language, 'Requested')}"
    dominique = meet(language, "national-authority")
    signs_in_with_sms(dominique, "/production/validation")
    opens_the_request_of(dominique, f"{camille.first_name} {camille.last_name}", NAME)
    assert button(dominique, "Validate").count() == 0
    presses(dominique, "Validate the operator and the role")
    reads(dominique, "The role in %(organisation)s is valid now.", organisation=NAME)
    goes_to(camille, "/production/profile")
    assert chips(camille)[-1] == f"1 {say(language, 'Valid')}"
    second = somebody(meet, language, "+46701740606", email="second.user@agri.example", first_name="Sascha")
    signs_in_with_sms(second)
    asks_for_a_role(second, "FR", NAME)
    signs_in_again(camille)
    opens_the_request_of(camille, "Sascha Nouveau", NAME)
    validates(camille)
    reads(camille, "The role in %(organisation)s is valid now.", organisation=NAME)


def signs_in_again(who: Someone) -> None:
    """To the queue, which the first user has as administrator."""
    goes_to(who, "/production/validation")
    is_on(who, "Pending requests")
