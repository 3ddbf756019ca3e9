"""Adding and deleting mobile numbers (S0, S2): the challenge, the limits, first and last factors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.models import OneTimeLink, Telephone
from portal.web.account.forms import usual_dialling_code
from tests.makers.identity import NUMBER, a_telephone, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import code_to, link_to, messages_to
from tests.page import Page, PageClient

Browsers = Callable[[], PageClient]


def challenge(client: PageClient, number: str = NUMBER) -> Page:
    """The number was typed: the page that asks for the code."""
    return client.get("/account/telephones/add").press("Add", by_label={"Mobile phone number": number})


def holds_a_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody holds a role somewhere, as far as identity is concerned."""
    monkeypatch.setattr("portal.roles.queries.holds_role_anywhere", lambda _account_id: True)


def test_the_tiles_and_the_way_back_have_the_words_of_the_source(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    page = visitor.get("/account").click("Manage my mobile phone numbers")
    assert page.heading == "Manage my mobile phone numbers"
    assert "Number ending in 05" in page.text
    assert NUMBER not in page.text
    assert "Text messages can be intercepted" in page.text
    assert page.click("Add a mobile phone number").heading == "Add a mobile phone number"
    assert page.click("Delete a mobile phone number").heading == "Delete a mobile phone number"
    assert page.click("← My Account").heading == "My Account"


def test_a_first_number_needs_its_code_and_enters_no_environment_yet(visitor: PageClient) -> None:
    account = a_user(email="camille@agri.example")
    sign_in_browser(visitor, account, second_factor=False)
    page = challenge(visitor, "+46 70 174 06 05")
    assert page.heading == "Text message challenge, to add a mobile phone number"
    assert "The message can take up to 15 minutes to reach your mobile phone." in page.text
    assert "+46 70 174 06 05" in page.text
    assert db.session.query(Telephone).count() == 0
    clock.advance(timedelta(minutes=14))
    done = page.press("Finalise", part1=code_to(NUMBER).lower(), part2="")
    assert done.heading == "Manage my mobile phone numbers"
    assert "Number ending in 05" in done.text
    assert queries.open_sign_ins(account.id)[0].assurance == "password"
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile phone number was added"


def test_the_sms_names_portal_account_and_purpose_and_holds_no_link(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(email="camille@agri.example"), second_factor=False)
    challenge(visitor)
    body = messages_to(NUMBER)[0].body
    assert body.startswith("TRACES: code ")
    assert "ca***@agri.example" in body
    assert "http" not in body
    assert len(body) <= 160


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0612345678", "Begin with + and the country code, for example +32 for Belgium."),
        ("+33 1 99 00 12 34", "This number is not"),
        ("+46 70", "This is not a valid telephone number."),
        ("+1 202 555 0123", "Text messages are not sent to this country."),
    ],
)
def test_numbers_that_cannot_get_sms_are_refused_with_the_reason(
    visitor: PageClient, number: str, said: str
) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    refused = challenge(visitor, number)
    assert refused.status == 422
    assert said in refused.text
    assert (
        "International format with country code - for example, for Belgium: +32 123 45 67 89" in refused.text
    )
    assert refused.field("Mobile phone number").get("value") == number


def test_a_number_is_on_an_account_once_but_on_many_accounts(
    visitor: PageClient, browser_of: Browsers
) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    assert "This number is on your account already." in challenge(visitor).text
    other = sign_in_browser(browser_of(), a_user("Robin", "Modele"), second_factor=False)
    page = challenge(other)
    assert page.press("Finalise", part1=code_to(NUMBER), part2="").status == 200
    assert db.session.query(Telephone).count() == 2


def test_an_eleventh_number_is_refused(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    for last in range(9):
        a_telephone(account, f"+4670174061{last}")
    sign_in_browser(visitor, account)
    refused = challenge(visitor, "+46701740620")
    assert refused.status == 422
    assert "Your account has 10 numbers" in refused.text


def test_five_wrong_codes_end_the_challenge_and_add_nothing(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    page = challenge(visitor)
    for _time in range(4):
        page = page.press("Finalise", part1="AAAA", part2="AAAA")
        assert page.status == 422
    assert page.press("Finalise", part1="AAAA", part2="AAAA").status == 410
    assert visitor.get("/account/telephones/challenge").status == 410
    assert db.session.query(Telephone).count() == 0


def test_cancel_ends_the_code_and_the_same_code_is_sent_again_on_demand(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    page = challenge(visitor)
    code = code_to(NUMBER)
    again = page.press("Send the code again")
    assert code_to(NUMBER) == code
    token = again.tree.xpath("//input[@name='csrf_token']/@value")[0]
    assert (
        "The number was not added."
        in visitor.post("/account/telephones/challenge/cancel", {"csrf_token": token}).text
    )
    late = visitor.post("/account/telephones/challenge", {"csrf_token": token, "part1": code})
    assert late.status == 410


def test_deleting_asks_first_and_needs_a_fresh_second_factor(visitor: PageClient) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    sign_in_browser(visitor, account)
    asked = visitor.get("/account/telephones/remove").click("Delete")
    assert asked.heading == "Delete this mobile phone number?"
    assert queries.number_of_telephones(account.id) == 1
    clock.advance(timedelta(minutes=16))
    assert visitor.get(asked.path, follow=False).status == 302
    token = asked.tree.xpath("//input[@name='csrf_token']/@value")[0]
    asks = visitor.post(asked.path, {"csrf_token": token})
    assert asks.heading == "Confirm with a second factor"
    assert queries.number_of_telephones(account.id) == 1
    clock.advance(timedelta(minutes=-16))
    gone = asked.press("Delete")
    assert "The number ending in 05 is no longer on your account." in gone.text
    assert queries.number_of_telephones(account.id) == 0
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile phone number was deleted"


def test_the_last_number_of_a_person_with_a_role_stays(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account)
    asked = visitor.get("/account/telephones/remove").click("Delete")
    holds_a_role(monkeypatch)
    refused = asked.press("Delete")
    assert (refused.status, refused.heading) == (403, "This number cannot be deleted")
    assert queries.number_of_telephones(account.id) == 1


def test_another_persons_number_cannot_even_be_known_of(visitor: PageClient) -> None:
    foreign = a_telephone(a_user("Robin", "Modele"))
    sign_in_browser(visitor, a_user_with_telephone())
    assert visitor.get(f"/account/telephones/{foreign.id}/remove").status == 404
    assert visitor.post_with_token(f"/account/telephones/{foreign.id}/remove").status == 404


def test_a_password_alone_shows_nothing_of_an_account_with_a_factor(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    assert "You signed in with the password alone" in visitor.get("/account").text
    for path in (
        "/account/telephones",
        "/account/telephones/add",
        "/account/personal-data",
        "/account/sessions",
    ):
        assert visitor.get(path).heading == "Confirm with a second factor"
    asks = visitor.post_with_token("/account/telephones/add", {"number": "+46701740620"})
    assert asks.heading == "Confirm with a second factor"
    assert messages_to("+46701740620") == []


def test_a_first_factor_of_a_role_holder_needs_the_mailbox_too(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = a_user(email="camille@agri.example")
    sign_in_browser(visitor, account, second_factor=False)
    holds_a_role(monkeypatch)
    asked = visitor.get("/account/telephones/add")
    assert (asked.status, asked.heading) == (403, "Confirm your mailbox first")
    asked.press("Send me a link")
    path = link_to("camille@agri.example")
    assert visitor.get("/account/telephones/add").status == 403
    form = visitor.get(path).press("Continue")
    assert form.heading == "Add a mobile phone number"
    assert visitor.get(path).status == 410


def test_a_mailbox_link_of_another_person_is_unknown(
    visitor: PageClient, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds_a_role(monkeypatch)
    sign_in_browser(visitor, a_user(email="camille@agri.example"), second_factor=False)
    visitor.get("/account/telephones/add").press("Send me a link")
    path = link_to("camille@agri.example")
    other = sign_in_browser(browser_of(), a_user("Robin", "Modele"), second_factor=False)
    assert other.post_with_token(path).status == 404
    assert db.session.query(OneTimeLink).one().used_at is None


@pytest.mark.parametrize(
    ("language", "spoken", "code"),
    [
        ("fr", "fr-BE,fr;q=0.9", "+32"),
        ("fr", "fr", "+33"),
        ("fr", "de-AT", "+33"),
        ("en", "en-US,en;q=0.9", "+353"),
    ],
)
def test_the_field_begins_with_the_dialling_code_of_the_country(
    app: Flask, language: str, spoken: str, code: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": spoken}), force_locale(language):
        assert usual_dialling_code() == code
