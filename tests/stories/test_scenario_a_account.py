"""Scenario A, first half: an account, its link, its password; in French, German and English, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.stories.acts import (
    chooses_a_password,
    creates_an_account,
    fills_in_the_registration,
    mail_to,
    opens_the_link,
)
from tests.stories.hands import (
    button,
    field,
    follows,
    goes_to,
    has_error,
    is_on,
    link,
    presses,
    reads,
    sees,
    sees_nothing_of,
)  # fmt: skip
from tests.stories.people import Meet

in_each_language = pytest.mark.parametrize(
    ("site", "language"),
    [("sqlite", "fr"), ("postgresql", "de"), ("sqlite", "en")],
    indirect=["site"],
    ids=["fr-sqlite", "de-postgresql", "en-sqlite"],
)
pytestmark = [pytest.mark.browser, in_each_language]


def test_a1_to_a3_the_home_page_leads_to_the_form(meet: Meet, language: str) -> None:
    who = meet(language)
    goes_to(who, "/")
    assert link(who, "Sign up for TRACES").is_visible()
    assert "button--green" in (link(who, "Log in to TRACES").get_attribute("class") or "")
    for environment in ("Production", "Acceptance", "Training"):
        assert link(who, environment).is_visible()
    follows(who, "Sign up for TRACES")
    is_on(who, "Create an account")
    assert link(who, "Help for external users").is_visible()
    sees(who, {"fr": "français (fr)", "de": "Deutsch (de)", "en": "English (en)"}[language])
    for label in ("First name", "Last name", "E-mail", "Confirm e-mail", "E-mail language", "Enter the code"):
        assert field(who, label).is_visible()
    reads(
        who, "By checking this box, you acknowledge that you have read and understood the privacy statement"
    )


def test_a4_each_mistake_alone_is_named_at_its_field_and_sends_nothing(meet: Meet, language: str) -> None:
    who = meet(language)
    goes_to(who, "/register")
    consent = "By checking this box, you acknowledge that you have read and understood the privacy statement"
    for mistake, label in (
        ({"again": "camille.autre@agri.example"}, "Confirm e-mail"),
        ({"privacy": False}, consent),
        ({"code": "000000"}, "Enter the code"),
    ):
        fills_in_the_registration(who, **mistake)
        presses(who, "Create an account")
        has_error(who, label)
        assert who.page.locator(".field-error").count() == 1
        assert field(who, "First name").input_value() == who.first_name
    assert not who.site.messages(who.email)


def test_a5_to_a8_a_link_of_89_minutes_opens_the_account_once(meet: Meet, language: str) -> None:
    who = meet(language)
    creates_an_account(who)
    answer = who.page.get_by_role("main").inner_text()
    (mail,) = who.site.messages(who.email)
    assert len(mail["links"]) == 1
    assert (
        who.says("If you did not ask for an account, do nothing: without the link none is opened.")
        in mail["body"]
    )
    clock.advance(timedelta(minutes=89))
    opens_the_link(who)
    for weak in ("abc-defgh", "camille-nouveau-camille", "aaaaaaaaaaaaaaaa"):
        chooses_a_password(who, weak)
        has_error(who, "New password")
        assert field(who, "New password").input_value() == ""
    chooses_a_password(who)
    is_on(who, "Successful login")
    again = meet(language)
    again.page.goto(mail["links"][0])
    is_on(again, "This link has been used")
    creates_an_account(again)
    assert again.page.get_by_role("main").inner_text() == answer
    told = mail_to(who)
    assert not told["links"] or "/password/link/" not in told["links"][0]
    sentence = who.says(
        "Somebody, most likely you, has asked for a new account on %(application)s with this address. "
        "You have one already, so none was opened: a second account would have none of your roles.",
        application="TRACES",
    )
    assert sentence in told["body"]


def test_a9_an_expired_link_says_so_and_stays_dead_when_a_new_one_came(meet: Meet, language: str) -> None:
    who = meet(language)
    creates_an_account(who)
    old = mail_to(who)["links"][0]
    clock.advance(timedelta(minutes=91))
    who.page.goto(old)
    is_on(who, "This link has expired")
    presses(who, "Ask for a new link")
    new = mail_to(who)["links"][0]
    assert new != old
    who.page.goto(old)
    is_on(who, "There is a newer link")
    expect(button(who, "button|Continue")).to_have_count(0)
    opens_the_link(who, new)
    chooses_a_password(who)
    is_on(who, "Successful login")
    sees_nothing_of(who, who.password)
