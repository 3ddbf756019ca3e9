"""The pages of the three searches: filters, columns, what can be ticked, pages, who may open which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.environments.environment import Environment, using
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import Page, PageClient, squeezed

pytestmark = pytest.mark.usefixtures("production")
SEARCH = "/production/role-requests/new/"


@pytest.fixture
def newcomer(visitor: PageClient) -> PageClient:
    """A person without any role."""
    return sign_in_browser(visitor, a_user_with_telephone())


def headings(page: Page) -> list[str]:
    """The heads of the columns."""
    return [squeezed(node.text_content()) for node in page.tree.xpath("//thead//th")]


def rows(page: Page) -> list[str]:
    """The first words of each row."""
    return [squeezed(node.text_content()) for node in page.tree.xpath("//tbody//th")]


def ticked(page: Page) -> list[str]:
    """Values of the boxes of the rows that can be ticked."""
    return list(page.tree.xpath("//tbody//input[@type='checkbox'][not(@disabled)]/@value"))


def test_operators_are_found_by_country_and_words(newcomer: PageClient) -> None:
    an_operator("ABC test Operator", eori="BED479168518", street="Street 1", postcode="3294", city="Diest")
    an_operator("Somebody else")
    page = newcomer.get(SEARCH + "operator")
    assert page.heading == "Select an existing operator"
    assert not page.has_button("Request authorisation")

    found = page.press("Show results", by_label={"Country": "BE", "Search": "TEST"})

    assert headings(found) == ["Name", "Address", "Activities", "Select all"]
    assert rows(found) == ["ABC test Operator EORI: BED479168518"]
    assert "Street 1 3294 Diest Belgium" in found.text
    assert found.has_button("Request authorisation")
    assert found.field("Country").value == "BE"


def test_authorities_show_role_competence_and_code(newcomer: PageClient) -> None:
    country = a_country()
    from portal.vocabulary import AuthorityRole

    an_authority("Aalst", AuthorityRole.BCP, above=country.central, competences=["ORGANIC"], code="BE0001")
    found = newcomer.get(SEARCH + "authority?country=BE&role=BCP&competence=ORGANIC&text=aal")
    assert headings(found) == ["Name", "Full address", "Role", "Competence", "Code", "Select all"]
    assert rows(found) == ["Aalst"]
    assert "Border Control Post" in found.text
    assert "BE0001" in found.text


def test_expired_rows_of_control_bodies_are_shown_and_cannot_be_ticked(newcomer: PageClient) -> None:
    body = a_control_body("Quality Partner")
    good = a_scope(body, "ID-BIO-168", country="ID", categories="CD")
    over = a_scope(body, "ID-BIO-001", country="ID", valid_until=clock.now().date() - timedelta(days=1))
    found = newcomer.get(SEARCH + "control-body?country=ID&text=quality")
    assert headings(found) == ["Name", "Address", "Code", "Select all"]
    assert ticked(found) == [str(good.id)]
    assert "Expired on" in found.text
    forced = found.press("Request authorisation", row=str(over.id))
    assert forced.status == 422


def test_nothing_ticked_is_an_error_at_the_table_and_keeps_the_filters(newcomer: PageClient) -> None:
    an_operator("ABC test Operator")
    refused = newcomer.get(SEARCH + "operator?country=BE&text=abc").press("Request authorisation")
    assert refused.status == 422
    assert "Tick at least one row." in refused.text
    assert refused.field("Search").get("value") == "abc"
    assert rows(refused) == ["ABC test Operator"]


def test_select_all_means_every_row_of_the_page_without_script(newcomer: PageClient) -> None:
    for number in range(27):
        an_operator(f"Operator {number:02}")
    confirm = newcomer.get(SEARCH + "operator?country=BE").press("Request authorisation", all="1")
    assert confirm.heading == "Confirm the authorisation request for 25 rows"
    assert "Operator 24" in confirm.text
    assert "Operator 25" not in confirm.text


def test_pages_lead_on_and_back(newcomer: PageClient) -> None:
    for number in range(27):
        an_operator(f"Operator {number:02}")
    first = newcomer.get(SEARCH + "operator?country=BE&text=operator")
    second = first.click("Next page")
    assert rows(second) == ["Operator 25", "Operator 26"]
    assert second.field("Search").get("value") == "operator"
    assert rows(second.click("Previous page")) == rows(first)


def test_two_characters_seek_beginnings_and_the_page_says_so(newcomer: PageClient) -> None:
    an_operator("The Abbey")
    page = newcomer.get(SEARCH + "operator?country=BE&text=ab")
    assert "only names that begin with them" in page.text
    assert "Nothing was found" in page.text


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("fr-BE,fr;q=0.9,en;q=0.5", "BE"),
        ("fr", "FR"),
        ("de-AT", "AT"),
        ("en", "IE"),
        ("en, de-DE;q=0.4", "DE"),
    ],
)
def test_the_country_is_preset_from_the_browser(newcomer: PageClient, languages: str, country: str) -> None:
    newcomer.headers["Accept-Language"] = languages
    page = newcomer.get(SEARCH + "operator")
    assert page.tree.xpath("//select[@name='country']/option[@selected]/@value") == [country]


@pytest.mark.parametrize(
    "query", ["country=", "country=ZZZ", "country=BE&section=NOPE", f"country=BE&text={'a' * 300}"]
)
def test_a_filter_nobody_offered_is_refused_at_its_field(newcomer: PageClient, query: str) -> None:
    assert newcomer.get(SEARCH + f"operator?{query}").status == 422


def test_the_activities_offered_are_those_of_the_section(newcomer: PageClient) -> None:
    page = newcomer.get(SEARCH + "operator?country=BE&section=RFL&activity=establishment")
    assert page.status == 200
    assert page.tree.xpath("//select[@name='activity']/option/@value") == ["", "responsible"]


@pytest.mark.parametrize(
    "arguments", ["_external=1", "environment=nowhere", "_anchor=x&_scheme=ftp", "kind=1&name=x"]
)
def test_foreign_arguments_of_the_address_mean_nothing(newcomer: PageClient, arguments: str) -> None:
    an_operator("ABC test Operator")
    page = newcomer.get(SEARCH + f"operator?country=BE&{arguments}")
    assert page.press("Request authorisation").status == 422


def test_people_search_organisations_of_their_own_kind_only(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    with_role = sign_in_browser(visitor, a_member(an_operator()))
    assert with_role.get(SEARCH + "operator").status == 200
    assert [with_role.get(SEARCH + kind).status for kind in ("authority", "control-body")] == [403, 403]
    waiting = a_user_with_telephone()
    a_request(an_authority(), waiting)
    browser = sign_in_browser(browser_of(), waiting)
    assert [browser.get(SEARCH + kind).status for kind in ("operator", "authority")] == [403, 200]


def test_the_commission_looks_at_all_and_asks_for_nothing(visitor: PageClient) -> None:
    an_operator("ABC test Operator")
    page = sign_in_browser(visitor, a_member(a_country().commission)).get(SEARCH + "operator?country=BE")
    assert rows(page) == ["ABC test Operator"]
    assert not page.has_button("Request authorisation")
    assert ticked(page) == []


def test_the_password_alone_opens_no_search(visitor: PageClient) -> None:
    browser = sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    assert browser.get(SEARCH + "operator", follow=False).status in (302, 403)


def test_another_environment_has_other_organisations(newcomer: PageClient) -> None:
    with using(Environment.TRAINING):
        an_operator("Only for training")
    assert "Nothing was found" in newcomer.get(SEARCH + "operator?country=BE").text
    assert rows(newcomer.get("/training/role-requests/new/operator?country=BE")) == ["Only for training"]
