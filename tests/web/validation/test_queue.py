"""The queue of a validator: who has one, what stands in it, in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import Page, PageClient, squeezed

pytestmark = pytest.mark.usefixtures("production")
QUEUE = "/production/validation"


def people(page: Page) -> list[str]:
    """The persons of the table, in its order."""
    return [squeezed(node.text_content()) for node in page.tree.xpath("//tbody//th")]


def test_requests_stand_oldest_first_with_their_organisation_and_wait(visitor: PageClient) -> None:
    country = a_country()
    operator = an_operator("Fret Exemple", responsible=country.local)
    for name, days in (("Younger", 1), ("Older", 3)):
        asked = clock.now() - timedelta(days=days, hours=1)
        a_request(operator, a_user_with_telephone(name, "Person"), requested_at=asked)
    page = sign_in_browser(visitor, a_member(country.local)).get(QUEUE)
    assert page.heading == "Pending requests"
    assert people(page) == ["Older Person", "Younger Person"]
    assert "Waiting for 3 days" in page.text
    named = page.tree.xpath("//td[@data-label='Organisation'][contains(., 'Fret Exemple')]")
    assert len(named) == 2
    assert page.click("Open").heading == "Request of Older Person"


def test_ones_own_request_is_not_in_the_own_queue(visitor: PageClient) -> None:
    country = a_country()
    officer = a_member(country.central)
    a_request(country.local, officer)
    assert "No request waits for your decision" in sign_in_browser(visitor, officer).get(QUEUE).text


def test_people_who_decide_nothing_have_no_queue(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    plain = sign_in_browser(visitor, a_member(an_operator()))
    newcomer = sign_in_browser(browser_of(), a_user_with_telephone())
    assert [browser.get(QUEUE).status for browser in (plain, newcomer)] == [403, 403]
    assert "Pending requests" not in plain.get("/production/profile").text


def test_the_commission_sees_central_authorities_and_third_country_bodies_only(visitor: PageClient) -> None:
    country, body = a_country(), a_control_body()
    a_member(country.central)
    a_request(country.central, a_user_with_telephone("Central", "One"))
    a_request(body, a_user_with_telephone("Abroad", "Two"), scope=a_scope(body, country="ID"))
    a_request(
        body, a_user_with_telephone("National", "Three"), scope=a_scope(body, supervisor=country.central)
    )
    a_request(country.local, a_user_with_telephone("Local", "Four"))
    a_request(an_operator(responsible=country.local), a_user_with_telephone("Operator", "Five"))
    page = sign_in_browser(visitor, a_member(country.commission, administrator=True)).get(QUEUE)
    assert people(page) == ["Central One", "Abroad Two"]


def test_the_queue_is_paged(visitor: PageClient) -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    for number in range(27):
        a_request(operator, a_user_with_telephone("Person", f"{chr(97 + number % 26)}{number}"))
    first = sign_in_browser(visitor, a_member(country.local)).get(QUEUE)
    second = first.click("Next page")
    assert (len(people(first)), len(people(second))) == (25, 2)
    assert people(second.click("Previous page")) == people(first)


def test_the_menu_says_how_many_wait(visitor: PageClient) -> None:
    country = a_country()
    a_request(an_operator(responsible=country.local))
    page = sign_in_browser(visitor, a_member(country.local)).get("/production/profile")
    assert page.click("Pending requests 1").heading == "Pending requests"


def test_the_queue_of_one_environment_is_empty_in_another(visitor: PageClient) -> None:
    country = a_country()
    a_request(an_operator(responsible=country.local))
    browser = sign_in_browser(visitor, a_member(country.local))
    assert browser.get("/training/validation").status == 403


@pytest.mark.parametrize(("waiting", "shown"), [(99, "99"), (100, "99+more than 99")])
def test_the_menu_says_more_than_99_instead_of_a_longer_number(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch, waiting: int, shown: str
) -> None:
    officer = a_member(a_country().central)
    monkeypatch.setattr("portal.roles.queue.queue_count", lambda _actor: waiting)
    page = sign_in_browser(visitor, officer).get(QUEUE)
    count = page.tree.xpath("string(//nav[contains(@class,'header__menu')]//*[@class='count'])")
    assert squeezed(count) == shown
