"""Pages of a new operator: after a search, both panels, likely duplicates, one step with the own request."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.models import Role
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_country, an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

SEARCH = "/production/role-requests/new/operator"
TYPED = {
    "Name": "Ferme Exemple SA", "Street and number": "Rue du Test 1", "Postcode": "4120", "City": "Neupré",
    "Phone": "+32 4 555 01 02",
}  # fmt: skip
ANIMALS = "IMP|animal_importer"
CREATE = "Create the operator and request authorisation"


@pytest.fixture
def country(production: None) -> Country:
    """A whole tree."""
    return a_country()


@pytest.fixture
def person(country: Country) -> Account:
    """Somebody without any role."""
    return a_user_with_telephone()


def the_page(browser: PageClient) -> Page:
    """«Create operator to join», reached through the search."""
    return browser.get(SEARCH, query={"country": "BE", "text": "ferme"}).click("Create a new operator")


def named(page: Page, activity: str = ANIMALS) -> Page:
    """The same page after the activity was chosen and who answers for it was asked."""
    typed = {**TYPED, "Chapter or activity": activity}
    return page.press("Show the responsible authorities", by_label=typed)


def test_the_button_opens_only_once_a_search_was_run(visitor: PageClient, person: Account) -> None:
    browser = sign_in_browser(visitor, person)
    before = browser.get(SEARCH)
    assert before.tree.xpath("//button[@disabled and normalize-space()='Create a new operator']")
    assert not before.tree.xpath("//a[normalize-space()='Create a new operator']")
    assert the_page(browser).heading == "Create operator to join"


def test_without_a_search_the_address_leads_to_the_search(visitor: PageClient, person: Account) -> None:
    browser = sign_in_browser(visitor, person)
    for address in ("/production/operators/new", "/production/operators/new?search=forged"):
        page = browser.get(address)
        assert (page.path, page.heading) == (SEARCH, "Select an existing operator")
        assert "Search first" in page.text


def test_a_person_creates_an_operator_and_asks_for_a_role_in_it(
    visitor: PageClient, country: Country, person: Account
) -> None:
    page = named(the_page(sign_in_browser(visitor, person)))
    assert page.status == 200
    assert page.field("Name").get("value") == "Ferme Exemple SA"
    done = page.press(CREATE, by_label={"Responsible authority": str(country.local.id)})
    assert (done.status, done.heading) == (200, "My profile")
    assert "Ferme Exemple SA" in done.text
    role = db.session.query(Role).filter_by(account_id=person.id).one()
    assert (role.state, role.organisation.state) == ("requested", "new")


def test_what_is_missing_is_said_at_its_field_and_nothing_is_created(
    visitor: PageClient, country: Country, person: Account
) -> None:
    page = the_page(sign_in_browser(visitor, person)).press(CREATE)
    assert page.status == 422
    assert page.errors.count("This field is required.") == 3
    assert "Choose an activity." in page.errors
    without = named(page).press(CREATE, by_label={"Phone": "", "EORI number": "12"})
    assert without.errors == [
        "Give a phone, a fax, an e-mail address or a web site: one of the four.",
        "An EORI number begins with two letters of a country, then up to 15 letters and digits.",
    ]
    unnamed = named(page).press(CREATE)
    assert unnamed.errors == ["Choose the authority: without it the activity cannot be validated."]
    assert db.session.query(Organisation).filter_by(kind="operator").count() == 0


def test_records_like_it_are_shown_before_it_is_created(
    visitor: PageClient, country: Country, person: Account
) -> None:
    an_operator("FERME EXEMPLE", responsible=country.local)
    page = named(the_page(sign_in_browser(visitor, person)))
    likely = page.press(CREATE, by_label={"Responsible authority": str(country.local.id)})
    assert likely.status == 422
    assert "Same name" in likely.text
    assert db.session.query(Organisation).filter_by(kind="operator").count() == 1
    assert likely.click("Request authorisation for FERME EXEMPLE").status == 200
    done = likely.press(CREATE, by_label={"It is none of these: create a new operator": True})
    assert done.heading == "My profile"


def test_an_officer_creates_master_data_after_a_search(visitor: PageClient, country: Country) -> None:
    officer = a_member(country.local)
    browser = sign_in_browser(visitor, officer)
    found = browser.get("/production/operators/find", query={"country": "BE", "text": "ferme"})
    page = named(found.click("Create a new operator"))
    done = page.press("Create the operator", by_label={"Responsible authority": str(country.local.id)})
    assert (done.status, done.heading) == (200, "Ferme Exemple SA")
    assert "Somebody else validates its activity." in done.text
    assert "Delete" in done.text
    assert not done.tree.xpath("//a[normalize-space()='Validate']")
    assert db.session.query(Role).filter_by(account_id=officer.id, kind="operator").count() == 0


@pytest.mark.parametrize("place", ["customs", "commission"])
def test_customs_and_the_commission_are_offered_no_button(
    visitor: PageClient, country: Country, place: str
) -> None:
    browser = sign_in_browser(visitor, a_member(getattr(country, place)))
    assert browser.get("/production/operators/new?search=x").status == 403
