"""Showing a second factor in place: before what protects the account, before decisions, at the gate."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.models import SignIn
from tests.makers.identity import NUMBER, a_user_with_telephone, sign_in_browser
from tests.makers.mail import code_to, messages_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_request, a_role
from tests.page import Page, PageClient

SMS = "Mobile Phone + SMS"


def confirmed(page: Page, number: str = NUMBER) -> Page:
    """The step-up through its SMS, to the page where the person goes on."""
    asks = page.press("Go on", by_label={SMS: True, "Mobile phone": number})
    return asks.press("Confirm", part1=code_to(number))


def test_the_password_alone_steps_up_in_place_and_opens_the_environment(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account, second_factor=False)
    gate = visitor.get("/production/")
    assert gate.status == 403
    inside = confirmed(gate.click("Confirm with a second factor"))
    assert inside.path.startswith("/production/")
    row = db.session.query(SignIn).one()
    assert (row.method, row.assurance) == ("sms", "second-factor")


def test_the_session_has_another_token_afterwards_and_the_old_one_is_dead(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account, second_factor=False)
    before = visitor.cookie["sign_in"]
    assert confirmed(visitor.get("/account/telephones")).heading == "Manage my mobile phone numbers"
    assert visitor.cookie["sign_in"] != before
    assert queries.sign_in_by_token(before) is None


def test_an_old_factor_is_asked_for_again_before_a_number_goes_and_leads_back(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account)
    clock.advance(timedelta(minutes=16))
    asks = visitor.get("/account/telephones/remove")
    assert "what protects your account" in asks.text
    assert confirmed(asks).heading == "Delete a mobile phone number"


def test_the_message_says_what_the_code_is_for_and_names_the_masked_account(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone(email="camille@agri.example"))
    clock.advance(timedelta(minutes=16))
    visitor.get("/account/telephones/add").press("Go on", by_label={SMS: True, "Mobile phone": NUMBER})
    text = messages_to(NUMBER)[0].body
    assert "to change the protection of c" in text
    assert "camille@agri.example" not in text


def test_a_number_of_somebody_else_looks_the_same_and_opens_nothing(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    asks = visitor.get("/step-up").press("Go on", by_label={SMS: True, "Mobile phone": "+46701740699"})
    assert asks.heading == "Enter the code from the text message"
    assert messages_to("+46701740699") == []
    assert asks.press("Confirm", part1="AAAABBBB").status == 422
    assert db.session.query(SignIn).one().second_factor_at is None


def test_a_code_of_the_step_up_is_dead_after_five_wrong_ones(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    asks = visitor.get("/step-up").press("Go on", by_label={SMS: True, "Mobile phone": NUMBER})
    code = code_to(NUMBER)
    for _ in range(5):
        answer = asks.press("Confirm", part1="AAAABBBB")
    assert answer.status == 410
    assert visitor.post_with_token("/sign-in/code", {"part1": code, "part2": ""}).status == 410


def test_a_decision_wants_a_factor_of_the_last_quarter_of_an_hour_and_loses_nothing(
    visitor: PageClient, production: None
) -> None:
    operator, account = an_operator(), a_user_with_telephone()
    a_role(account, operator, administrator=True)
    waiting = a_request(operator)
    sign_in_browser(visitor, account)
    page = visitor.get(f"/production/validation/{waiting.id}")
    clock.advance(timedelta(minutes=16))
    asks = page.press("Validate")
    assert "Nothing has been done yet." in asks.text
    assert "Before you validate or administer" in asks.text
    back = confirmed(asks)
    assert back.path == f"/production/validation/{waiting.id}"
    assert back.press("Validate").status == 200


def test_decisions_renew_the_quarter_of_an_hour_but_not_the_hour(
    visitor: PageClient, production: None
) -> None:
    operator, account = an_operator(), a_user_with_telephone()
    a_role(account, operator, administrator=True)
    sign_in_browser(visitor, account)
    for minutes in (14, 14, 14, 14):
        waiting = a_request(operator)
        clock.advance(timedelta(minutes=minutes))
        done = visitor.get(f"/production/validation/{waiting.id}").press("Validate")
        assert done.heading != "Confirm with a second factor"
    waiting = a_request(operator)
    clock.advance(timedelta(minutes=5))
    asks = visitor.get(f"/production/validation/{waiting.id}").press("Validate")
    assert asks.heading == "Confirm with a second factor"


def test_a_step_up_never_leads_to_another_host(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        asks = visitor.get("/step-up", query={"next": target})
        assert confirmed(asks).path == "/account"
