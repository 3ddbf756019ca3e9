"""The profile: the page without a role, chips with counts, who decides, the way to a new role and back from one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.database import db
from portal.environments.environment import Environment, using
from portal.roles.models import Role
from portal.roles.states import RoleState
from tests.makers.identity import a_user, a_user_with_telephone, sign_in_browser
from tests.makers.organisations import a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, a_request, a_role
from tests.page import Page, PageClient, squeezed

pytestmark = pytest.mark.usefixtures("production")
PROFILE = "/production/profile"


def chips(page: Page) -> list[str]:
    """The chips with their counts."""
    return [squeezed(node.text_content()) for node in page.tree.xpath("//a[contains(@class,'chip')]")]


def rows(page: Page) -> list[str]:
    """The organisations of the table, without the words on who decides."""
    return [
        squeezed(str(node.xpath("string(.//text()[normalize-space()][1])")))
        for node in page.tree.xpath("//tbody//th")
    ]


def test_without_a_role_the_page_offers_three_types_of_organisation(visitor: PageClient) -> None:
    person = a_user_with_telephone("Camille", "Exemple")
    page = sign_in_browser(visitor, person).get(PROFILE)
    assert page.heading == "Request authorisation"
    assert "You currently have no role that allows you to access the application." in page.text
    assert "Select the type of organisation for which you request access:" in page.text
    for words in (
        "Full name",
        "Camille Exemple",
        "Domain",
        "External",
        "Username",
        person.username,
        person.email,
    ):
        assert words in page.text
    assert page.click("Organic Control Body").heading == "Select an organic control body"
    assert page.click("Authority").heading == "Select an authority"
    assert page.click("Operator").heading == "Select an existing operator"
    assert page.click("Need help to find the type of organisation you belong to?").status == 200


def test_the_environments_own_address_leads_to_the_profile(visitor: PageClient) -> None:
    assert sign_in_browser(visitor, a_member(an_operator())).get("/production/").heading == "My profile"


def test_a_visitor_signs_in_first_and_comes_back(visitor: PageClient) -> None:
    answer = visitor.get(PROFILE, follow=False).response
    assert answer.headers["Location"].endswith("/sign-in?next=/production/profile")


def test_the_password_alone_opens_no_profile(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_user(), second_factor=False).get(PROFILE, follow=False)
    assert page.status == 403
    assert "My profile" not in page.heading


def test_a_role_is_shown_with_role_code_place_and_country(visitor: PageClient) -> None:
    post = an_authority(
        "Roissy", code="FRCDG4R", postcode="95701", city="Roissy Ch De Gaulle Cedex", country="FR"
    )
    page = sign_in_browser(visitor, a_member(post, administrator=True)).get(PROFILE)
    for words in ("Authority", "Local Authority Unit (LAU) FRCDG4R", "95701 Roissy Ch De Gaulle Cedex", "France (FR)",
                  "Administrator"):  # fmt: skip
        assert words in page.text
    assert chips(page) == ["0 Requested", "0 Suspended", "1 Valid"]


def test_a_row_of_a_control_body_shows_its_own_code_and_country(visitor: PageClient) -> None:
    body = a_control_body("Quality Partner")
    person = a_member(body, scope=a_scope(body, "ID-BIO-168", country="ID"))
    text = sign_in_browser(visitor, person).get(PROFILE).text
    assert "ID-BIO-168" in text
    assert "Indonesia (ID)" in text


def test_chips_filter_the_table_and_keep_their_counts(visitor: PageClient) -> None:
    person, waiting, valid = a_user_with_telephone(), an_operator("Waiting"), an_operator("Good")
    a_request(waiting, person)
    a_role(person, valid)
    page = sign_in_browser(visitor, person).get(PROFILE)
    assert rows(page) == ["Waiting", "Good"]

    without = page.click("1 Requested")
    none = without.click("1 Valid").click("0 Suspended")
    again = none.click("1 Requested")

    assert rows(without) == ["Good"]
    assert chips(without) == chips(none) == chips(page) == ["1 Requested", "0 Suspended", "1 Valid"]
    assert "No role has this status" in none.text
    assert rows(again) == ["Waiting"]


def test_the_rejected_chip_shows_only_when_there_is_one_with_its_reason(visitor: PageClient) -> None:
    person = a_user_with_telephone()
    a_role(
        person,
        an_operator("Refused one"),
        RoleState.REJECTED,
        reason_code="other",
        reason_text="Ask the office.",
    )
    page = sign_in_browser(visitor, person).get(PROFILE)
    assert chips(page)[-1] == "1 Rejected"
    assert "Another reason, explained below." in page.text
    assert "Ask the office." in page.text


def test_an_open_request_says_since_when_it_waits_and_who_decides(visitor: PageClient) -> None:
    country, person = a_country(), a_user_with_telephone()
    a_request(an_operator(responsible=country.local), person)
    text = sign_in_browser(visitor, person).get(PROFILE).text
    assert "Waiting since" in text
    assert "or by: Local authority, Regional authority, Central authority" in text


def test_a_new_role_is_asked_for_in_the_kind_that_is_held(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_member(a_control_body())).get(PROFILE)
    assert page.click("Request a new role").heading == "Select an organic control body"


def test_the_commission_is_offered_no_new_role(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_member(a_country().commission)).get(PROFILE)
    assert "Request a new role" not in page.text


def test_a_role_of_one_environment_is_unknown_in_the_others(visitor: PageClient) -> None:
    browser = sign_in_browser(visitor, a_member(an_operator("Only here")))
    assert rows(browser.get(PROFILE)) == ["Only here"]
    for other in ("acceptance", "training"):
        assert browser.get(f"/{other}/profile").heading == "Request authorisation"
    assert browser.get("/nowhere/profile").status == 404


def test_withdrawing_asks_first_and_frees_the_kind(visitor: PageClient) -> None:
    person = a_user_with_telephone()
    role = a_request(an_operator("Wrong one"), person)
    asked = sign_in_browser(visitor, person).get(PROFILE).click("Withdraw")
    assert asked.heading == "Withdraw the request"
    db.session.rollback()
    assert db.session.get_one(Role, role.id).state == "requested"

    after = asked.press("Withdraw the request")

    assert after.heading == "Request authorisation"
    assert "Your request for Wrong one was withdrawn." in after.text
    db.session.rollback()
    assert db.session.get_one(Role, role.id).state == "withdrawn"


def test_only_ones_own_open_request_is_withdrawn(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    role, stranger = a_request(an_operator()), sign_in_browser(visitor, a_user_with_telephone())
    path = f"/production/role-requests/{role.id}/withdraw"
    assert stranger.get(path).status == 404
    assert stranger.post_with_token(path).status == 404
    owner = a_user_with_telephone()
    decided = a_role(owner, an_operator(), RoleState.VALID, decided_by=owner.id, decided_at=role.requested_at)
    page = sign_in_browser(browser_of(), owner).get(f"/production/role-requests/{decided.id}/withdraw")
    assert page.status == 409


def test_a_request_is_not_withdrawn_through_another_environment(visitor: PageClient) -> None:
    person = a_user_with_telephone()
    with using(Environment.TRAINING):
        role = a_request(an_operator(), person)
    browser = sign_in_browser(visitor, person)
    assert browser.post_with_token(f"/production/role-requests/{role.id}/withdraw").status == 404


def test_the_profile_asks_the_same_number_of_questions_for_one_role_and_for_many(visitor: PageClient) -> None:
    from sqlalchemy import event

    few, many = a_user_with_telephone(), a_user_with_telephone()
    country = a_country()
    a_request(an_operator(responsible=country.local), few)
    for _number in range(12):
        a_request(an_operator(responsible=country.local), many)
    counts = []
    for person in (few, many):
        browser, statements = sign_in_browser(visitor, person), []

        def note(
            _c: object, _cursor: object, text: str, *_more: object, kept: list[str] = statements
        ) -> None:
            kept.append(text)

        event.listen(db.engine, "before_cursor_execute", note)
        browser.get(PROFILE)
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1] < 25
