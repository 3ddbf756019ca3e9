"""Pages of duty phones: the administrator's list, the member's suggestion, a lost phone."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.identity.factor_models import DutyPhone
from portal.identity.models import Account
from portal.organisations.models import Organisation
from tests.makers.identity import a_telephone, sign_in_browser
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

NUMBER = "+46701740607"


@pytest.fixture
def operator(production: None) -> Organisation:
    """An operator."""
    return an_operator("Fret Exemple")


@pytest.fixture
def chief(operator: Organisation) -> Account:
    """Its administrator."""
    return a_member(operator, administrator=True)


def listed(browser: PageClient) -> Page:
    """A duty phone put on the list."""
    page = browser.get("/production/duty-phones").click("Add a duty phone for Fret Exemple")
    return page.press("Add", by_label={"Mobile phone number": NUMBER, "Place": "Duty room"})


def test_the_administrator_keeps_the_list(visitor: PageClient, chief: Account) -> None:
    page = listed(sign_in_browser(visitor, chief))
    assert "Duty room" in page.text
    assert "Number ending in 07" in page.text
    changed = page.click("Edit").press("Save", by_label={"Place": "Import hall 2"})
    assert "Import hall 2" in changed.text
    assert "No duty phone yet" in changed.click("Take off the list").press("Take off the list").text


def test_a_landline_and_a_number_twice_are_refused_at_the_field(visitor: PageClient, chief: Account) -> None:
    browser = sign_in_browser(visitor, chief)
    listed(browser)
    again = listed(browser)
    assert (again.status, again.errors) == (422, ["This number is on the list already."])
    page = browser.get("/production/duty-phones").click("Add a duty phone for Fret Exemple")
    assert (
        page.press("Add", by_label={"Mobile phone number": "+33 1 99 00 12 34", "Place": "x"}).status == 422
    )


def test_a_member_picks_it_and_still_has_to_prove_it(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    listed(sign_in_browser(PageClient(visitor.app), chief))
    member = sign_in_browser(visitor, a_member(operator))
    page = member.get("/account/telephones/add").click("+46 70 174 06 07")
    assert page.field("Mobile phone number").get("value") == NUMBER
    assert page.press("Add").path == "/account/telephones/challenge"


def test_a_member_sees_the_list_and_changes_nothing(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    listed(sign_in_browser(PageClient(visitor.app), chief))
    row = db.session.query(DutyPhone).one()
    member = sign_in_browser(visitor, a_member(operator))
    assert "Duty room" in member.get("/production/duty-phones").text
    for act in ("edit", "remove", "lost"):
        assert member.get(f"/production/duty-phones/phones/{row.id}/{act}").status == 403
    assert member.get(f"/production/duty-phones/{operator.id}/add").status == 403
    assert member.get("/training/duty-phones/phones/1/lost").status == 404


def test_a_lost_phone_is_withdrawn_from_everybody(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    browser = sign_in_browser(visitor, chief)
    page = listed(browser)
    a_telephone(a_member(operator), NUMBER)
    done = page.click("Lost or stolen").press("Withdraw the phone from everybody")
    assert "The phone was withdrawn from 1 account." in done.text
    assert "No duty phone yet" in done.text
