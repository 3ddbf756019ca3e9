"""Pages about the people of an organisation: the list, one person, vouching; what nobody else sees."""

from __future__ import annotations

import pytest

from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import standing
from portal.identity.models import Account
from portal.organisations.models import Organisation
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member
from tests.page import PageClient
from tests.service.roles.test_lifting import suspended

pytestmark = pytest.mark.usefixtures("production")
LIST = "/production/administration/members"


@pytest.fixture
def operator(production: None) -> Organisation:
    """An operator."""
    return an_operator("Fret Exemple")


@pytest.fixture
def chief(operator: Organisation) -> Account:
    """Its administrator."""
    return a_member(operator, administrator=True)


def test_the_administrator_sees_people_and_no_number(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    person = a_member(operator, first_name="Camille", last_name="Exemple")
    page = sign_in_browser(visitor, chief).get(LIST)
    assert page.heading == "Members"
    assert "Camille Exemple" in page.text
    assert "Text messages only" in page.text
    assert person.email not in page.text
    assert "+46" not in page.text


def test_a_suspended_person_is_stopped_at_the_gate_and_let_in_by_the_administrator(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    person = suspended(a_member(operator, first_name="Camille", last_name="Exemple"))
    shut_out = sign_in_browser(PageClient(visitor.app), person)
    assert shut_out.get("/production/profile").heading == "Your access here is suspended"
    page = sign_in_browser(visitor, chief).get(LIST, query={"which": "suspended"}).click("Open")
    assert "PANIC was pressed" in page.text
    assert "3 second factors were removed." in page.text
    assert "Firefox, Linux" in page.text
    assert page.press("Lift the suspension").status == 422
    done = page.press("Lift the suspension", by_label={"The person stood before me.": True})
    assert "The suspension is lifted" in done.text
    assert standing.open_suspension(person.id, "production") is None
    assert shut_out.get("/production/profile").status == 200
    assert db.session.query(AuditEvent).filter_by(name="StandingRead").count() >= 1


def test_the_suspended_person_reads_who_can_lift_it_nearest_first(visitor: PageClient) -> None:
    country = a_country()
    place = an_operator("Fret Exemple", responsible=country.local)
    person = suspended(a_member(place, administrator=True))
    alone = sign_in_browser(visitor, person).get("/production/profile")
    assert "the nearest first: Local authority, Regional authority, Central authority." in alone.text
    a_member(place, administrator=True)
    assert "the nearest first: Fret Exemple, Local authority" in visitor.get("/production/profile").text


def test_an_administrator_is_let_in_by_two(
    visitor: PageClient, operator: Organisation, chief: Account
) -> None:
    person = suspended(a_member(operator, administrator=True))
    address = f"{LIST}/{person.id}"
    called = {"I called the number on file back, and the person answered.": True}
    first = sign_in_browser(visitor, chief)
    page = first.get(address).press("Vouch for this person", by_label=called)
    assert "A second person must lift the suspension." in page.text
    assert not page.has_button("Lift the suspension")
    second = sign_in_browser(PageClient(visitor.app), a_member(operator, administrator=True))
    assert (
        "The suspension is lifted" in second.get(address).press("Lift the suspension", by_label=called).text
    )


def test_strangers_do_not_know_of_the_person(visitor: PageClient, operator: Organisation) -> None:
    person = suspended(a_member(operator))
    stranger = sign_in_browser(visitor, a_member(an_operator(), administrator=True))
    assert stranger.get(f"{LIST}/{person.id}").status == 404
    sent = stranger.post_with_token(f"{LIST}/{person.id}/lift", {"recognised": "in-person"})
    assert sent.status == 403
    assert stranger.post_with_token(f"{LIST}/{person.id}/lift").status == 404
    for act in ("confirm-name", "vouch"):
        assert stranger.post_with_token(f"{LIST}/{person.id}/{act}").status == 403
    assert standing.open_suspension(person.id, "production") is not None
