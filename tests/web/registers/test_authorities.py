"""Pages of authorities: the tree, one authority with its people, and what is done to its record."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.organisations import authorities
from portal.vocabulary import AuthorityRole
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
LIST = "/production/registers/authorities"


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


@pytest.fixture
def commission(app: Flask, country: Country) -> PageClient:
    """The browser of an administrator of the Commission."""
    return sign_in_browser(PageClient(app), a_member(country.commission, administrator=True))


@pytest.fixture
def central(app: Flask, country: Country) -> PageClient:
    """The browser of a user of the central authority."""
    return sign_in_browser(PageClient(app), a_member(country.central))


def test_the_tree_unfolds_the_next_level_and_leads_further(country: Country, commission: PageClient) -> None:
    tree = commission.get(LIST)
    assert tree.heading == "Authorities"
    assert "Central authority" in tree.text
    assert "Regional authority" in tree.text
    assert "Local authority" not in tree.text
    assert "No user yet" in tree.text
    under = tree.click("1 authority under it")
    assert under.heading == "Authorities under Regional authority"
    assert "Local authority" in under.text


def test_the_tree_of_another_country_is_chosen(country: Country, commission: PageClient) -> None:
    an_authority("Autorité centrale", AuthorityRole.CCA, above=country.commission, country="FR")
    french = commission.get(LIST, query={"country": "FR"})
    assert "Autorité centrale" in french.text
    assert "Central authority" not in french.text


def test_a_long_level_is_read_page_by_page(country: Country, commission: PageClient) -> None:
    for number in range(27):
        an_authority(f"Office {number:02}", above=country.local)
    first = commission.get(LIST, query={"under": country.local.id})
    assert "Office 00" in first.text
    assert "Office 26" not in first.text
    second = first.click("Next page")
    assert "Office 26" in second.text
    assert "Office 00" in second.click("Previous page").text


def test_the_commission_creates_a_central_authority_and_finds_its_first_request(
    country: Country, commission: PageClient
) -> None:
    form = commission.get(f"{LIST}/{country.commission.id}").click("Create an authority under it")
    refused = form.press("Create", by_label={"Name": "Autorité centrale"})
    assert refused.status == 422
    made = form.press(
        "Create",
        by_label={
            "Name": "Autorité centrale",
            "Country": "FR",
            "Role": "CCA",
            "Code": "FR1",
            "City": "Paris",
        },
        competences=["ORGANIC"],
    )
    assert made.heading == "Autorité centrale"
    assert "The authority was created." in made.text
    assert "The Commission validates its first user." in made.text
    number = int(made.path.rpartition("/")[2])
    asking = a_request(authorities.authority_by_id(number))
    page = commission.get(made.path)
    assert "Requested" in page.text
    assert page.click("Open").path.endswith(f"/validation/{asking.id}")


def test_a_central_authority_creates_below_itself_in_its_own_country(
    country: Country, central: PageClient
) -> None:
    form = central.get(f"{LIST}/{country.regional.id}").click("Create an authority under it")
    assert "Country: Belgium" in form.text
    made = form.press("Create", by_label={"Name": "Office", "Role": "LAU"})
    assert made.heading == "Office"
    again = form.press("Create", by_label={"Name": "Office", "Role": "LAU", "Code": "BE 1"})
    assert again.errors == ["A code has no blanks."]


def test_a_taken_code_is_told_at_its_field(country: Country, central: PageClient) -> None:
    form = central.get(f"{LIST}/{country.regional.id}/new")
    refused = form.press("Create", by_label={"Name": "Office", "Role": "LAU", "Code": country.local.code})
    assert refused.status == 422
    assert refused.errors == ["Another authority of this country has this code."]


def test_two_who_edit_at_once_the_second_sees_the_difference_and_decides(
    country: Country, central: PageClient, commission: PageClient
) -> None:
    address = f"{LIST}/{country.local.id}/edit"
    mine, theirs = central.get(address), commission.get(address)
    assert theirs.press("Save", by_label={"City": "Namur"}).status == 200
    met = mine.press("Save", by_label={"City": "Neupré"})
    assert met.status == 409
    assert "Somebody else changed this meanwhile" in met.text
    assert "Namur" in met.text
    assert met.field("City").get("value") == "Neupré"
    assert "Neupré" in met.press("Save").text


def test_a_circle_is_refused_with_its_path(country: Country, commission: PageClient) -> None:
    below = an_authority("Second region", AuthorityRole.RCA, above=country.regional)
    form = commission.get(f"{LIST}/{country.regional.id}/move")
    refused = form.press("Move", by_label={"New superior authority": str(below.id)})
    assert refused.status == 422
    assert [node.text_content() for node in refused.tree.xpath("//ol/li")] == [
        "Regional authority",
        "Second region",
        "Regional authority",
    ]
    moved = commission.get(f"{LIST}/{below.id}/move").press(
        "Move", by_label={"New superior authority": str(country.central.id)}
    )
    assert "1 authority was moved." in moved.text


def test_suspending_says_what_it_means_and_deleting_what_is_in_the_way(
    country: Country, central: PageClient
) -> None:
    page = central.get(f"{LIST}/{country.local.id}")
    suspended = page.click("Suspend").press("Suspend")
    assert "the roles of its people have no effect" in suspended.text
    assert suspended.click("Lift the suspension").press("Lift the suspension").status == 200
    refused = central.get(f"{LIST}/{country.regional.id}/delete").press("Delete")
    assert refused.status == 422
    assert "1 authority under it" in refused.text
    assert central.get(f"{LIST}/{country.local.id}/delete").press("Delete").status == 200
    assert central.get(f"{LIST}/{country.local.id}/edit").status == 409


def test_people_are_named_only_to_those_who_decide_about_them(country: Country, app: Flask) -> None:
    person = a_member(country.local, first_name="Camille", last_name="Exemple")
    colleague = sign_in_browser(PageClient(app), a_member(country.customs))
    page = colleague.get(f"{LIST}/{country.local.id}")
    assert page.status == 200
    assert person.full_name not in page.text
    assert not page.has_button("Suspend")
    assert colleague.get(f"{LIST}/{country.local.id}/edit").status == 403
    superior = sign_in_browser(PageClient(app), a_member(country.regional))
    assert "Camille Exemple" in superior.get(f"{LIST}/{country.local.id}").text


def test_operators_do_not_open_the_tree(app: Flask, country: Country) -> None:
    stranger = sign_in_browser(PageClient(app), a_member(an_operator(), administrator=True))
    assert stranger.get(LIST).status == 403
    assert stranger.get(f"{LIST}/{country.local.id}").status == 403
