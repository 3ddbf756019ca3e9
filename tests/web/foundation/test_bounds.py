"""Numbers in addresses that no row can have, and networks written in two ways."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.web import current
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.page import PageClient


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_a_number_that_no_row_can_have_is_not_found(visitor: PageClient, number: int) -> None:
    browser = sign_in_browser(visitor, a_user_with_telephone())
    assert browser.get(f"/account/telephones/{number}/remove").status == 404


def test_a_mapped_address_belongs_to_its_own_network(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "::ffff:192.0.2.7"}):
        assert current.network() == "192.0.2.0/24"
