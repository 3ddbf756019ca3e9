"""Pages of control bodies: the Commission keeps them, authorities and their own people read them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.organisations.models import Organisation
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import Country, a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
LIST = "/production/registers/control-bodies"


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


@pytest.fixture
def body(country: Country) -> Organisation:
    """A control body with one scope."""
    row = a_control_body("Kontrolle Exemple")
    a_scope(row, "BE-BIO-77", supervisor=country.central)
    return row


@pytest.fixture
def commission(app: Flask, country: Country) -> PageClient:
    """The browser of an administrator of the Commission."""
    return sign_in_browser(PageClient(app), a_member(country.commission, administrator=True))


def test_the_commission_creates_a_body_with_a_scope(commission: PageClient) -> None:
    form = commission.get(LIST).click("Create a control body")
    assert form.press("Create", by_label={"Name": "Nouvel organisme"}).status == 422
    made = form.press("Create", by_label={"Name": "Nouvel organisme", "Country": "FR"})
    assert made.heading == "Nouvel organisme"
    assert "nobody can ask for a role in it" in made.text
    added = made.click("Add a scope").press(
        "Add",
        by_label={"Code": "ID-BIO-1", "Country": "ID", "Whose code": "third-country"},
        categories=["C", "D"],
    )
    assert "C, D" in added.text
    assert "European Commission" in added.text
    again = added.click("Add a scope").press(
        "Add", by_label={"Code": "ID-BIO-1", "Country": "ID", "Whose code": "third-country"}
    )
    assert again.status == 422
    assert "Change or renew that scope." in again.errors[0]


def test_a_scope_is_ended_and_renewed(commission: PageClient, body: Organisation) -> None:
    page = commission.get(f"{LIST}/{body.id}")
    ended = page.click("End").press("End")
    assert "Ended" in ended.text
    late = ended.click("Renew").press("Renew", by_label={"Valid until": "2020-01-01"})
    assert late.status == 422
    renewed = late.press("Renew", by_label={"Valid until": ""})
    assert "No end" in renewed.text


def test_of_two_who_change_a_scope_the_second_sees_the_difference(
    commission: PageClient, body: Organisation
) -> None:
    address = f"{LIST}/scopes/{body.scopes[0].id}/edit"
    mine, theirs = commission.get(address), commission.get(address)
    assert theirs.press("Save", categories=["A", "B"]).status == 200
    met = mine.press("Save", categories=["C"])
    assert met.status == 409
    assert "Somebody else changed this meanwhile" in met.text
    assert "AB" in met.text
    assert "C" in met.press("Save", categories=["C"]).text


def test_the_record_is_changed_and_a_body_is_suspended(commission: PageClient, body: Organisation) -> None:
    edit = commission.get(f"{LIST}/{body.id}/edit")
    assert "Neupré" in edit.press("Save", by_label={"City": "Neupré"}).text
    assert edit.press("Save", by_label={"City": "Namur"}).status == 409
    page = commission.get(f"{LIST}/{body.id}").click("Suspend").press("Suspend")
    assert "Suspended" in page.text
    assert commission.get(f"{LIST}/{body.id}/delete").press("Delete").status == 200
    assert commission.get(f"{LIST}/{body.id}/edit").status == 409


def test_its_own_people_and_authorities_read_it(app: Flask, country: Country, body: Organisation) -> None:
    own = sign_in_browser(PageClient(app), a_member(body, scope=body.scopes[0]))
    page = own.get(f"{LIST}/{body.id}")
    assert "The Commission keeps this record." in page.text
    assert own.get(f"{LIST}/{body.id}/edit").status == 403
    assert own.get(LIST).status == 403
    authority = sign_in_browser(PageClient(app), a_member(country.local))
    assert "Kontrolle Exemple" in authority.get(LIST, query={"text": "kontrolle"}).text
    stranger = sign_in_browser(PageClient(app), a_member(an_operator()))
    assert stranger.get(f"{LIST}/{body.id}").status == 403
