"""The method policy on its page and at each action: what the Commission narrows holds for everybody from its day on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.environments.models import PolicyVersion
from portal.identity.models import Account
from portal.notices import policies
from portal.notices.policies import PolicyWish
from portal.vocabulary import SECOND_FACTORS, Method
from tests.makers.announcements import a_commissioner, an_authenticator
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_person, acting
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
METHODS = "/production/switches/methods"
ALL = frozenset(SECOND_FACTORS)


def decided(**more: Any) -> Account:
    """A Commission administrator with an authenticator app has decided so from today on."""
    chief = a_commissioner()
    an_authenticator(chief)
    values = {"applies_from": clock.now().date(), "access_methods": ALL, "decision_methods": ALL}
    values |= {"sms": policies.SmsWord.ALLOWED}
    policies.set_policy(PolicyWish(**(values | more)), 0, acting(chief))
    return chief


def test_the_form_begins_with_what_holds_and_is_kept(visitor: PageClient) -> None:
    chief = a_commissioner()
    an_authenticator(chief)
    page = sign_in_browser(visitor, chief).get(METHODS)
    assert len(page.tree.xpath("//input[@name='access_methods'][@checked]")) == len(SECOND_FACTORS)
    day = clock.now().date() + timedelta(days=40)
    page = page.press(
        "Keep this policy",
        applies_from=day.isoformat(),
        sms="off",
        sms_off_from="",
        decision_methods=["app-qr"],
    )
    assert "The method policy is kept." in page.text
    row = db.session.query(PolicyVersion).one()
    assert (row.applies_from, row.decision_methods, row.sms) == (day, "app-qr", "off")
    assert "Other second factors will be accepted" in page.text
    reader = sign_in_browser(visitor, a_person()).get("/production/news")
    assert "To decide and administer, from" in reader.text
    assert "EU Login Mobile App QR Code" in reader.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"applies_from": ""}, "This field is required."),
        ({"applies_from": "2020-01-01"}, "This day has passed already."),
        ({"applies_from": "never"}, "Enter a day, such as 2027-03-31."),
        ({"access_methods": []}, "Tick at least one method."),
        ({"decision_methods": ["eid"], "access_methods": ["sms"]}, "Tick at least one method that opens"),
        (
            {"access_methods": ["app-pin"], "decision_methods": ["app-pin"]},
            "you could not come back yourself",
        ),
        ({"sms": "off", "access_methods": ["sms"], "decision_methods": ["sms"]}, "no method would be left"),
    ],
)
def test_a_policy_that_would_shut_out_is_refused_at_its_field(
    visitor: PageClient, fields: dict[str, Any], error: str
) -> None:
    today = clock.now().date().isoformat()
    page = sign_in_browser(visitor, a_commissioner()).get(METHODS)
    page = page.press("Keep this policy", **({"applies_from": today} | fields))
    assert page.status == 422
    assert any(error in found for found in page.errors)
    assert db.session.query(PolicyVersion).count() == 0


def test_of_two_administrators_the_second_sees_that_it_changed(visitor: PageClient, app: Flask) -> None:
    pages = [sign_in_browser(PageClient(app), a_commissioner()).get(METHODS) for _ in range(2)]
    today = clock.now().date().isoformat()
    first, second = (page.press("Keep this policy", applies_from=today, follow=False) for page in pages)
    assert (first.status, second.status) == (302, 409)
    assert db.session.query(PolicyVersion).count() == 1


def test_a_method_that_is_closed_closes_the_environment_to_its_sessions_at_once(
    visitor: PageClient,
) -> None:
    person = a_person()
    browser = sign_in_browser(visitor, person)
    assert browser.get("/production/profile").status == 200
    decided(access_methods=ALL - {Method.SMS}, decision_methods=ALL - {Method.SMS})
    page = browser.get("/production/profile")
    assert page.status == 403
    assert "does not accept the method you signed in with" in page.text
    assert browser.get("/training/profile").status == 200
    assert browser.get("/account").status == 200


def test_a_method_closed_for_decisions_still_opens_and_decides_no_more(visitor: PageClient) -> None:
    chief = decided(decision_methods=frozenset({Method.APP_QR}))
    browser = sign_in_browser(visitor, chief)
    assert browser.get("/production/switches").status == 200
    answer = browser.get(METHODS, follow=False)
    assert answer.status == 302
    assert "step-up" in answer.response.headers["Location"]


def test_text_messages_that_are_discouraged_warn_those_who_came_by_them(visitor: PageClient) -> None:
    decided(sms=policies.SmsWord.DISCOURAGED)
    page = sign_in_browser(visitor, a_person()).get("/production/profile")
    assert "Text messages are discouraged here" in page.text
    assert "Text messages are discouraged here" not in visitor.get("/training/profile").text
