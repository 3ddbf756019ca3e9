"""Ask the requester, answer, and find both in one thread; where the own request is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.roles.models import Role
from portal.roles.queue_models import RequestMessage
from portal.roles.states import RoleState
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_country, an_operator
from tests.makers.roles import a_member, a_request, a_role
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")


@pytest.fixture
def country(production: object) -> Country:
    """Belgium's authorities."""
    return a_country()


def test_a_question_and_its_answer_stand_in_one_thread_on_both_sides(
    visitor: PageClient, browser_of: Callable[[], PageClient], country: Country
) -> None:
    person = a_user_with_telephone("Robin", "Modele")
    role = a_request(an_operator("Fret Exemple", responsible=country.local), person)
    officer = sign_in_browser(visitor, a_member(country.local, first_name="Dominique", last_name="Test"))
    requester = sign_in_browser(browser_of(), person)

    asking = officer.get(f"/production/validation/{role.id}").click("Ask the requester")
    assert asking.press("Send the question").status == 422
    queue = asking.press("Send the question", by_label={"Question": "Which site?\n<b>Please</b> answer."})
    assert "No request waits for your decision" in queue.text
    assert "Robin Modele" in officer.get("/production/validation?step=asked").text

    profile = requester.get("/production/profile")
    assert "A question waits for your answer" in profile.text
    mine = profile.click("Where is it?")
    assert "<b>Please</b> answer." in mine.text
    assert mine.press("Send the answer").status == 422
    done = mine.press("Send the answer", by_label={"Your answer": "Namur."})
    assert "Your answer was sent" in done.text
    assert not done.has_button("Send the answer")

    shown = officer.get("/production/validation").click("Open")
    assert "Which site?" in shown.text
    assert "Namur." in shown.text


def test_neither_page_is_open_to_others(
    visitor: PageClient, browser_of: Callable[[], PageClient], country: Country
) -> None:
    operator, person = an_operator(responsible=country.local), a_user_with_telephone()
    role = a_request(operator, person, awaits_since=clock.now())
    stranger = sign_in_browser(visitor, a_member(an_operator()))
    colleague = sign_in_browser(browser_of(), a_member(operator))
    words = {"text": "Words."}
    for browser, ask in ((stranger, 404), (colleague, 403)):
        assert browser.get(f"/production/validation/{role.id}").status == ask
        assert browser.get(f"/production/validation/{role.id}/ask").status == ask
        assert browser.post_with_token(f"/production/validation/{role.id}/ask", words).status == ask
        assert browser.get(f"/production/role-requests/{role.id}").status == 404
        assert browser.post_with_token(f"/production/role-requests/{role.id}/answer", words).status == 404
    requester = sign_in_browser(browser_of(), person)
    assert requester.post_with_token(f"/production/validation/{role.id}/ask", words).status == 403
    assert db.session.query(RequestMessage).count() == 0


def test_an_answer_that_comes_twice_is_kept_once_and_the_person_is_told(
    visitor: PageClient, country: Country
) -> None:
    person = a_user_with_telephone()
    role = a_request(an_operator(responsible=country.local), person, awaits_since=clock.now())
    page = sign_in_browser(visitor, person).get(f"/production/role-requests/{role.id}")
    page.press("Send the answer", by_label={"Your answer": "Namur."})
    again = page.press("Send the answer", by_label={"Your answer": "Namur."})
    assert "No question waits for an answer any more." in again.text
    assert db.session.query(RequestMessage).count() == 1


def test_the_page_of_the_own_request_names_the_office_the_place_and_the_next_reminder(
    visitor: PageClient, country: Country
) -> None:
    person = a_user_with_telephone()
    operator = an_operator(responsible=country.local)
    a_request(operator, requested_at=clock.now() - timedelta(days=1))
    role = a_request(operator, person)
    page = sign_in_browser(visitor, person).get(f"/production/role-requests/{role.id}")
    assert "Local authority" in page.text
    assert "1 request was made before yours." in page.text
    assert "Too few decisions lately to say." in page.text
    assert "Those who may decide are reminded on" in page.text
    assert page.click("Withdraw the request").heading == "Withdraw the request"


@pytest.mark.parametrize(
    ("reason", "words"),
    [("functional-mailbox", "from an account in your own name"), ("other", "Read the explanation.")],
)
def test_after_a_refusal_the_reason_says_what_to_do_and_one_button_asks_again(
    visitor: PageClient, country: Country, reason: str, words: str
) -> None:
    person = a_user_with_telephone()
    operator = an_operator("Fret Exemple", responsible=country.local)
    role = a_role(
        person,
        operator,
        RoleState.REJECTED,
        reason_code=reason,
        reason_text="Because.",
        decided_at=clock.now(),
    )
    page = sign_in_browser(visitor, person).get("/production/profile").click("What to do now")
    assert words in page.text
    assert "Because." in page.text
    page.click("Ask again").press("Send authorisation request")
    again = db.session.query(Role).filter(Role.account_id == person.id, Role.id != role.id).one()
    assert (again.state, again.organisation_id) == ("requested", operator.id)


def test_after_a_withdrawal_the_page_offers_to_ask_again(visitor: PageClient, country: Country) -> None:
    person = a_user_with_telephone()
    role = a_role(person, an_operator(responsible=country.local), RoleState.WITHDRAWN)
    page = sign_in_browser(visitor, person).get(f"/production/role-requests/{role.id}")
    assert "You withdrew this request." in page.text
    assert page.click("Ask again").status == 200
