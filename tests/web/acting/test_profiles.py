"""Several profiles, one acted as: chosen in the menu, shown in the header, and the only one that gives rights."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.states import RoleState
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_person, a_request, a_role
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
MEMBERS, QUEUE, CHOICE = (
    f"/production/{word}" for word in ("administration/members", "validation", "acting-as")
)


@dataclass
class Both:
    """A person who administers two operators, each with a colleague."""

    person: Account
    first: Organisation
    second: Organisation


@pytest.fixture
def both(production: None) -> Both:
    """The person with both profiles."""
    found = Both(a_person(), an_operator("Premier Exemple"), an_operator("Second Exemple"))
    for place, last_name in ((found.first, "Ami"), (found.second, "Voisin")):
        a_role(found.person, place, administrator=True)
        a_member(place, first_name="Camille", last_name=last_name)
    return found


def test_lists_show_what_the_chosen_profile_is_responsible_for(visitor: PageClient, both: Both) -> None:
    browser = sign_in_browser(visitor, both.person)
    page = browser.get(MEMBERS)
    assert "You act as Premier Exemple." in page.text
    assert "Camille Ami" in page.text
    assert "Camille Voisin" not in page.text
    changed = page.press("Second Exemple")
    assert "You act as another profile now" in changed.text
    page = browser.get(MEMBERS)
    assert "You act as Second Exemple." in page.text
    assert "Camille Voisin" in page.text
    assert "Camille Ami" not in page.text


def test_what_another_profile_may_open_says_so_and_opens_after_one_press(
    visitor: PageClient, both: Both
) -> None:
    request = a_request(both.second)
    address = f"{QUEUE}/{request.id}"
    browser = sign_in_browser(visitor, both.person)
    assert "0" in browser.get(QUEUE).text
    refused = browser.get(address)
    assert refused.status == 403
    assert refused.heading == "This belongs to another of your profiles"
    refused.press("Act as Second Exemple")
    assert browser.get(address).status == 200


def test_nobody_acts_as_a_profile_of_somebody_else_or_one_not_valid(visitor: PageClient, both: Both) -> None:
    foreign, asked = an_operator("Ailleurs Exemple"), an_operator("Bientot Exemple")
    a_role(both.person, asked, RoleState.REQUESTED)
    browser = sign_in_browser(visitor, both.person)
    for place in (foreign, asked):
        assert browser.post_with_token(CHOICE, {"organisation": str(place.id)}).status == 403
    assert browser.post_with_token(CHOICE, {"organisation": "²"}).status == 403
    assert "You act as Premier Exemple." in browser.get(MEMBERS).text


def test_own_roles_of_every_profile_stay_in_the_profile(visitor: PageClient, both: Both) -> None:
    page = sign_in_browser(visitor, both.person).get("/production/profile")
    assert "Premier Exemple" in page.text
    assert "Second Exemple" in page.text


def test_with_one_profile_nothing_is_to_choose(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_member(an_operator("Fret Exemple"))).get("/production/profile")
    assert "You act as" not in page.text
