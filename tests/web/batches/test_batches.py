"""Pages of a batch: tick, look at what would happen, confirm, follow; nothing happens before the confirmation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.database import db
from portal.jobs import working
from portal.roles.models import Role
from portal.work.models import Work
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_country, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import Page, PageClient, squeezed

pytestmark = pytest.mark.usefixtures("production")
QUEUE, BATCH = "/production/validation", "/production/validation/batch"


@pytest.fixture
def country(production: object) -> Country:
    """Belgium's authorities."""
    return a_country()


@pytest.fixture
def browser(visitor: PageClient, country: Country) -> PageClient:
    """A user of the local authority, signed in."""
    return sign_in_browser(visitor, a_member(country.local))


def requests(country: Country, number: int, **more: str) -> list[int]:
    """So many open requests the local authority decides."""
    made = [a_request(an_operator(responsible=country.local, **more)) for _ in range(number)]
    return [role.id for role in made]


def states() -> list[str]:
    """The states of all requests, in their order; the officer's own role is valid."""
    db.session.rollback()
    return [role.state for role in db.session.query(Role).order_by(Role.id) if role.decided_at or role.id > 1]


def cells(page: Page) -> list[str]:
    """The last column of the table."""
    return [squeezed(node.text_content()) for node in page.tree.xpath("//tbody//tr/td[last()]")]


def test_ticked_requests_are_looked_at_then_validated_and_followed_to_their_results(
    browser: PageClient, country: Country
) -> None:
    first, second, third = requests(country, 3)
    looked = browser.get(QUEUE).press("Validate those ticked…", row=[first, third])
    assert looked.heading == "Validate requests together"
    assert "Nothing has been done yet" in looked.text
    assert cells(looked) == ["The role becomes valid."] * 2
    assert db.session.query(Role).filter_by(state="requested").count() == 3

    progress = looked.press("Validate 2 requests")
    assert "0 of 2 tried" in progress.text
    working.run_due()
    done = browser.get(progress.response.request.path)
    assert "2 of 2 tried: 2 done, 0 not done." in done.text
    assert cells(done) == ["The role is valid now."] * 2
    db.session.rollback()
    assert [db.session.get_one(Role, number).state for number in (first, second, third)] == [
        "valid", "requested", "valid",
    ]  # fmt: skip


def test_a_rejection_of_several_needs_a_reason(browser: PageClient, country: Country) -> None:
    ids = requests(country, 2)
    looked = browser.get(QUEUE).press("Reject those ticked…", row=ids)
    assert looked.press("Reject 2 requests").status == 422
    other = looked.press("Reject 2 requests", reason="other")
    assert other.status == 422
    assert db.session.query(Work).count() == 0
    other.press("Reject 2 requests", reason="other", by_label={"Explanation": "The season is over."})
    working.run_due()
    found = db.session.query(Role).filter(Role.id.in_(ids))
    assert {(role.state, role.reason_text) for role in found} == {("rejected", "The season is over.")}


def test_all_requests_of_the_filter_are_taken_up_to_the_newest_that_was_seen(
    browser: PageClient, country: Country
) -> None:
    requests(country, 27)
    page = browser.get(QUEUE)
    assert len(page.tree.xpath("//tbody//tr")) == 25
    later = requests(country, 1)
    looked = page.press("Validate those ticked…", whole="1")
    looked.press("Validate 27 requests")
    working.run_due()
    assert db.session.query(Role).filter_by(state="requested").one().id == later[0]


def test_select_all_without_script_means_every_row_of_the_page(browser: PageClient, country: Country) -> None:
    requests(country, 26)
    looked = browser.get(QUEUE).press("Validate those ticked…", all="1")
    assert looked.has_button("Validate 25 requests")


def test_nothing_ticked_leads_back_with_a_word(browser: PageClient, country: Country) -> None:
    requests(country, 1)
    page = browser.get(QUEUE).press("Validate those ticked…")
    assert page.heading == "Pending requests"
    assert "Tick at least one request." in page.text


def test_what_one_may_not_decide_is_said_before_and_unknown_numbers_reveal_nothing(
    browser: PageClient, country: Country
) -> None:
    foreign = a_request(an_operator("Hidden Farm"), a_user_with_telephone("Hidden", "Person"))
    mine = requests(country, 1)
    page = browser.get(f"{BATCH}?decision=validate&row={mine[0]}&row={foreign.id}&row=999999&row=x")
    said = "Nothing: there is no such request here."
    assert cells(page) == ["The role becomes valid.", said, said]
    assert "Hidden" not in page.text
    assert page.has_button("Validate 1 request")


def test_a_selection_longer_than_a_page_is_shown_in_pieces(browser: PageClient, country: Country) -> None:
    ids = requests(country, 101)
    rows = "&".join(f"row={number}" for number in ids)
    first = browser.get(f"{BATCH}?decision=validate&{rows}")
    assert len(cells(first)) == 100
    second = first.click("Next page")
    assert len(cells(second)) == 1
    assert second.has_button("Validate 101 requests")


def test_who_has_no_queue_and_who_has_an_old_factor_begin_nothing(
    browser_of: Callable[[], PageClient], country: Country
) -> None:
    (number,) = requests(country, 1)
    plain = sign_in_browser(browser_of(), a_member(an_operator()))
    half = sign_in_browser(browser_of(), a_member(country.local), second_factor=False)
    for browser in (plain, half):
        path = f"{BATCH}?decision=validate&row={number}"
        assert browser.get(path).status == 403
        assert browser.post_with_token(path).status == 403
    assert db.session.query(Work).count() == 0
