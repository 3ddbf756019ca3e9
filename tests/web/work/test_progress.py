"""The page that follows long work: how far, what became of each item, stop; for nobody but its owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.database import db
from portal.identity.models import Account
from portal.web import work_words
from portal.work import ledger, service
from portal.work.models import Work
from portal.work.states import ItemState
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_country
from tests.makers.roles import a_member, acting
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> tuple[Work, Account]:
    """Thirty items of which two were tried."""
    monkeypatch.setitem(work_words.KINDS, "test", "Things to do")
    person = a_member(a_country().local)
    items = [{"label": f"Thing {number}"} for number in range(1, 31)]
    row = service.begin("test", acting(person), {}, items)
    first, second = ledger.items_of(row.id).rows[:2]
    ledger.mark(first, ItemState.DONE, "done", {})
    ledger.mark(second, ItemState.REFUSED, "failed", {})
    ledger.counted(row.id, 1, 1)
    db.session.commit()
    return row, person


def test_the_page_says_how_far_it_is_and_what_became_of_each(
    visitor: PageClient, work: tuple[Work, Account]
) -> None:
    row, person = work
    page = sign_in_browser(visitor, person).get(f"/production/work/{row.id}")
    assert page.heading == "Things to do"
    assert "2 of 30 tried: 1 done, 1 not done." in page.text
    assert "Thing 25" in page.text
    assert "Thing 26" not in page.text
    assert "Thing 26" in page.click("Next page").text
    refused = page.click("Show only what was not done")
    assert "Thing 2" in refused.text
    assert "Thing 1 " not in refused.text
    assert "Things to do" in visitor.get("/production/work").text


def test_the_owner_stops_it_and_what_was_done_stays(visitor: PageClient, work: tuple[Work, Account]) -> None:
    row, person = work
    page = sign_in_browser(visitor, person).get(f"/production/work/{row.id}").press("Stop")
    assert "Stopped. What was done stays done" in page.text
    found = ledger.work_by_id(row.id)
    assert found is not None
    assert found.state == "stopped"
    assert found.done == 1


def test_nobody_else_knows_of_it(
    visitor: PageClient, browser_of: Callable[[], PageClient], work: tuple[Work, Account]
) -> None:
    row, _person = work
    colleague = sign_in_browser(visitor, a_member(a_country().local, administrator=True))
    for path in (
        f"/production/work/{row.id}",
        f"/production/work/{row.id}/state",
        f"/training/work/{row.id}",
    ):
        assert colleague.get(path).status == 404
    assert colleague.post_with_token(f"/production/work/{row.id}/stop").status == 404
    assert browser_of().get(f"/production/work/{row.id}", follow=False).status == 302
    found = ledger.work_by_id(row.id)
    assert found is not None
    assert found.state == "waiting"
