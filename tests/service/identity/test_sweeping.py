"""What was only asked goes after a month; factors and what is fresh stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.database import db
from portal.identity import devices, queries, sweeping
from portal.identity.factor_models import MobileDevice
from portal.identity.models import Challenge
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.roles import acting
from tests.page import PageClient


def rows(table: type) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("production")
def test_old_challenges_and_devices_never_finished_go_and_numbers_stay(app: Flask) -> None:
    account = a_user_with_telephone()
    sign_in_browser(PageClient(app), account)
    page = PageClient(app)
    sign_in_browser(page, account)
    page.get("/account/telephones/add").press("Add", by_label={"Mobile phone number": "+46701740621"})
    devices.begin("Old one", "4711", acting(account))
    assert (rows(Challenge) > 0, rows(MobileDevice)) == (True, 1)
    assert sweeping.sweep() == 0
    clock.advance(sweeping.KEPT + timedelta(days=1))
    assert sweeping.sweep() > 1
    assert (rows(Challenge), rows(MobileDevice)) == (0, 0)
    assert queries.number_of_telephones(account.id) == 1
