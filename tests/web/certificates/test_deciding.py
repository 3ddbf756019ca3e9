"""The pages on which a certificate is opened, refused, cancelled, copied and controlled, and who may open them."""

from __future__ import annotations

import pytest

from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.certificates import (
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    an_officer,
    now_valid,
    somebody_of,
)
from tests.makers.identity import a_user, sign_in_browser
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member
from tests.page import PageClient

LIST = "/production/certificates"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


@pytest.fixture
def office(visitor: PageClient, journey: Journey) -> PageClient:
    """A person of the office that certifies."""
    return sign_in_browser(PageClient(visitor.app), a_member(journey.origin))


def submitted(journey: Journey) -> int:
    """A submitted INTRA."""
    with using(Environment.PRODUCTION):
        return a_submitted(journey, somebody_of(journey.sender)).id


def valid(journey: Journey) -> int:
    """A valid INTRA."""
    with using(Environment.PRODUCTION):
        certificate = a_submitted(journey, somebody_of(journey.sender))
        return now_valid(certificate, an_officer(journey.origin)).id


def state_of(number: int) -> str:
    """Its state now."""
    with using(Environment.PRODUCTION):
        return db.session.get_one(Certificate, number, populate_existing=True).state


def test_the_office_opens_it_and_refuses_it_with_the_reason_that_the_maker_reads(
    visitor: PageClient, office: PageClient, journey: Journey
) -> None:
    number = submitted(journey)
    page = office.get(f"{LIST}/{number}").press("Open for certification")
    assert "You took it up" in page.text
    form = page.click("Refuse")
    assert form.press("Refuse").status == 422
    unexplained = form.press("Refuse", reason="other")
    assert unexplained.errors == ["Explain the reason."]
    assert "was refused" in form.press("Refuse", reason="incorrect", text="The ear tag is wrong.").text
    maker = sign_in_browser(visitor, a_member(journey.sender))
    assert "The ear tag is wrong." in maker.get(f"{LIST}/{number}").text


def test_who_comes_too_late_reads_how_it_stands(
    visitor: PageClient, office: PageClient, journey: Journey
) -> None:
    number = submitted(journey)
    maker = sign_in_browser(visitor, a_member(journey.sender))
    stale = maker.get(f"{LIST}/{number}")
    office.get(f"{LIST}/{number}").press("Open for certification")
    late = stale.press("Take back")
    assert late.status == 409
    assert "Being certified" in late.text
    assert state_of(number) == "in_progress"


def test_the_office_cancels_a_valid_one_and_begins_one_replacement(
    visitor: PageClient, journey: Journey
) -> None:
    number = valid(journey)
    with using(Environment.PRODUCTION):
        officer = an_officer(journey.origin)
        account = a_member(journey.origin)
    browser = sign_in_browser(visitor, account)
    assert officer.account_id != account.id
    copy = browser.get(f"{LIST}/{number}").press("Copy as replacement")
    assert "Look through every box." in copy.text
    again = browser.get(f"{LIST}/{number}").press("Copy as replacement")
    assert "A replacement was begun already" in again.text
    assert browser.get(f"{LIST}/{number}/cancellation").status == 403
    chief = sign_in_browser(PageClient(visitor.app), a_member(journey.origin_centre))
    done = chief.get(f"{LIST}/{number}/cancellation").press("Cancel the certificate", reason="mistake")
    assert "was cancelled" in done.text
    assert state_of(number) == "cancelled"


def test_the_office_of_destination_adds_what_it_found_and_changes_nothing_else(
    visitor: PageClient, journey: Journey
) -> None:
    number = valid(journey)
    browser = sign_in_browser(visitor, a_member(journey.destination))
    page = browser.get(f"{LIST}/{number}").click("Add to part III")
    wrong = page.press("Record", **{"box-III.1": "yesterday"})
    assert wrong.errors == ["Type a date."]
    empty = page.press("Record")
    assert empty.status == 422
    done = page.press("Record", **{"box-III.1": "2026-11-24", "box-III.3": "Satisfactory"})
    assert "Added by Office DE" in done.text
    assert "Satisfactory" in done.text
    assert state_of(number) == "valid"
    assert browser.get(f"{LIST}/{number}/edit").status == 404
    assert browser.get(f"{LIST}/{number}/boxes/parties").status == 403


def test_nobody_else_learns_that_it_exists(visitor: PageClient, journey: Journey) -> None:
    with using(Environment.PRODUCTION):
        number = a_draft(journey, somebody_of(journey.sender)).id
        strangers = [
            a_member(an_operator("Other", country="FR")),
            a_member(journey.receiver),
            a_member(journey.origin),
            a_member(an_authority("Elsewhere", country="ES", above=journey.commission)),
        ]
    for account in strangers:
        browser = sign_in_browser(PageClient(visitor.app), account)
        for path in (
            "",
            "/boxes/places",
            "/submit",
            "/refuse",
            "/cancellation",
            "/delete",
            "/file",
            "/control/III",
        ):
            assert browser.get(f"{LIST}/{number}{path}").status == 404, path
        assert f"{LIST}/{number}" not in browser.get(LIST).response.get_data(as_text=True)
    assert visitor.get(f"{LIST}/{number}", follow=False).status == 302
    colleague = sign_in_browser(PageClient(visitor.app), a_member(journey.sender))
    assert colleague.get(f"{LIST}/{number}").status == 200
    assert colleague.get(f"/acceptance/certificates/{number}").status in (403, 404)


def test_without_a_second_factor_no_certificate_is_begun_and_the_page_says_why(
    visitor: PageClient, journey: Journey
) -> None:
    alone = sign_in_browser(visitor, a_member(journey.sender), second_factor=False)
    for page in (alone.get(f"{LIST}/new"), alone.post_with_token(f"{LIST}/new", {"model": "BOV-INTRA-X"})):
        assert page.status == 403
        assert "cannot be created until a second factor is active" in page.text
        assert page.tree.xpath("//main//a[normalize-space()='My Account']")
    with using(Environment.PRODUCTION):
        assert db.session.query(Certificate).count() == 0


def test_who_may_only_read_a_document_has_no_button_and_begins_nothing(
    visitor: PageClient, journey: Journey
) -> None:
    with using(Environment.PRODUCTION):
        journey.sender.activities[0].state = "suspended"
        db.session.commit()
        account = a_member(journey.sender)
    browser = sign_in_browser(visitor, account)
    assert not browser.get(LIST).tree.xpath("//a[normalize-space()='New certificate']")
    assert browser.get(f"{LIST}/new?document=INTRA").status == 403
    assert browser.post_with_token(f"{LIST}/new?document=INTRA", {"model": "BOV-INTRA-X"}).status == 403


def test_the_list_is_filtered_and_leaves_as_a_file(visitor: PageClient, journey: Journey) -> None:
    number = submitted(journey)
    with using(Environment.PRODUCTION):
        draft = a_draft(journey, somebody_of(journey.sender)).id
    browser = sign_in_browser(visitor, a_member(journey.sender))
    both = browser.get(LIST).response.get_data(as_text=True)
    assert f"{LIST}/{number}" in both
    assert f"{LIST}/{draft}" in both
    narrowed = browser.get(f"{LIST}?state=draft").response.get_data(as_text=True)
    assert f"{LIST}/{draft}" in narrowed
    assert f'{LIST}/{number}"' not in narrowed
    file = browser.get(f"{LIST}?state=draft&export=csv")
    assert file.status == 200
    lines = file.response.get_data(as_text=True).strip().splitlines()
    assert len(lines) == 2
    assert "INTRA" in lines[1]


def test_a_person_without_a_role_sees_no_list(visitor: PageClient, production: None) -> None:
    browser = sign_in_browser(visitor, a_user())
    assert browser.get(LIST).status == 403
