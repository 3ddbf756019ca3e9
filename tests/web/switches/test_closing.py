"""A closed environment: every page says why, but for the Commission's own; the other environments stay as they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.environments.models import Announcement
from tests.makers.announcements import a_commissioner, a_stop
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_person, acting
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
SWITCHES = "/production/switches"


def test_the_commission_closes_and_opens_and_meanwhile_every_page_says_why(
    visitor: PageClient, app: Flask
) -> None:
    page = sign_in_browser(visitor, a_commissioner()).get(SWITCHES)
    assert "This environment is open" in page.text
    words = {"Title": "Repair", "Text": "A disk is exchanged."}
    page = page.click("Close the environment").press("Close the environment now", by_label=words)
    assert "This environment is closed" in page.text
    reader = sign_in_browser(PageClient(app), a_person())
    for path in ("/production/profile", "/production/role-requests/new", "/production/notices"):
        answer = reader.get(path)
        assert answer.status == 503
        assert answer.heading == "Production is closed"
        assert "A disk is exchanged." in answer.text
        assert answer.text.count("Repair") == 1
    assert "Retry-After" not in answer.response.headers
    assert reader.get("/training/profile").status == 200
    assert reader.get("/account").status == 200
    assert reader.get("/production/news").status == 200
    page = visitor.get("/production/profile").click("Environment").click("Repair")
    page = page.click("Open the environment").press("Yes, end it")
    assert "This environment is open" in page.text
    assert reader.get("/production/profile").status == 200


def test_a_form_sent_to_a_closed_environment_changes_nothing(visitor: PageClient) -> None:
    person = a_person()
    page = sign_in_browser(visitor, person).get("/production/profile/notifications")
    a_stop(acting(a_commissioner()), days=0)
    answer = page.press("Save preferences", roles="none")
    assert answer.status == 503
    clock.advance(timedelta(hours=4))
    page = sign_in_browser(visitor, person).get("/production/profile/notifications")
    assert page.tree.xpath("//input[@name='roles'][@checked]/@value") == ["once"]


def test_a_visitor_of_a_closed_environment_is_told_before_signing_in(visitor: PageClient) -> None:
    a_stop(acting(a_commissioner()), days=0)
    answer = visitor.get("/production/profile")
    assert answer.status == 503
    assert 12000 < int(answer.response.headers["Retry-After"]) <= 12600


def test_the_commission_plans_a_stop_and_calls_it_off(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_commissioner()).get(SWITCHES).click("Plan a stop")
    soon = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    refused = page.press("Plan the stop", by_label={"Begins on": soon, "Title": "Renewal"})
    assert refused.errors == ["A planned stop is announced two weeks ahead."]
    page = refused.press("Plan the stop", by_label={"This stop cannot wait two weeks": True})
    assert page.heading == "Renewal"
    assert "its end is not known yet" in page.text
    page = page.click("Change the time").press(
        "Save", by_label={"Close the environment during the stop": False}
    )
    assert not db.session.query(Announcement).one().closes
    page = page.click("Call it off").press("Yes, end it")
    assert "its end is not known yet" not in page.text


def test_nobody_else_sees_or_uses_the_switches(visitor: PageClient) -> None:
    row = a_stop(acting(a_commissioner()))
    sign_in_browser(visitor, a_person())
    for path in ("", "/close", "/stops/new", "/methods", f"/stops/{row.id}", f"/stops/{row.id}/over"):
        assert visitor.get(f"{SWITCHES}{path}").status == 403
    assert visitor.post_with_token(f"{SWITCHES}/close", {"title": "A", "language": "en"}).status == 403
    assert visitor.get("/production/profile").status == 200
