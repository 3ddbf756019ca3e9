"""A register cannot be carried away by a search: a page has its rows, whatever its address asks for (Z-13)."""

from __future__ import annotations

import pytest

from portal.environments.environment import Environment, using
from portal.paging import PAGE_ROWS
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import an_operator
from tests.page import PageClient

SEARCH = "/production/role-requests/new/operator?country=BE"
WISHES = (
    "",
    "&limit=1000",
    "&per_page=1000",
    "&page_size=1000",
    "&rows=1000",
    "&count=1000",
    "&after=0.&size=9999",
)


@pytest.fixture
def newcomer(visitor: PageClient) -> PageClient:
    """A person without any role, in a register of more than a page."""
    with using(Environment.PRODUCTION):
        for number in range(PAGE_ROWS + 5):
            an_operator(
                f"Ferme {number:02}",
                telephone=f"+32 4 555 02 {number:02}",
                email=f"ferme{number}@agri.example",
            )
    return sign_in_browser(visitor, a_user_with_telephone())


@pytest.mark.parametrize("wish", WISHES)
def test_a_page_of_a_search_has_its_rows_and_no_way_to_reach_anybody(newcomer: PageClient, wish: str) -> None:
    page = newcomer.get(SEARCH + wish)
    assert page.status == 200
    assert len(page.tree.xpath("//tbody//th")) == PAGE_ROWS
    found = page.tree.xpath("string(//main)")
    assert "555 02" not in found
    assert "@agri.example" not in found
