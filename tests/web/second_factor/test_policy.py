"""What an environment asks of a sign-in: methods it does not take, text messages that went off, stronger decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.environments.environment import Environment
from tests.makers.identity import NUMBER, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import code_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_request, a_role
from tests.page import Page, PageClient

Change = Callable[..., Any]


def methods_of(page: Page) -> list[str]:
    """The values of the method list."""
    return [str(value) for value in page.tree.xpath("//input[@name='method']/@value")]


def second_screen(visitor: PageClient, target: str) -> Page:
    """The method list on the way to that page."""
    return visitor.get("/sign-in", query={"next": target}).press("Next", name="camille@agri.example")


def test_text_messages_that_went_off_are_missing_for_that_environment_alone(
    visitor: PageClient, settings: Change
) -> None:
    settings(sms_policy_production="off")
    assert "sms" not in methods_of(second_screen(visitor, "/production/"))
    assert "sms" in methods_of(second_screen(visitor, "/training/"))
    assert "sms" in methods_of(second_screen(visitor, "/account"))


def test_who_came_by_text_message_is_told_at_the_gate_and_still_adds_something_stronger(
    visitor: PageClient, settings: Change
) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    assert visitor.get("/production/profile").status == 200
    settings(sms_policy_production="off")
    gate = visitor.get("/production/profile")
    assert gate.status == 403
    assert "does not accept the method you signed in with" in gate.text
    assert visitor.get("/training/profile").status == 200
    assert visitor.get("/account/devices/authenticators/add").heading == "Add an authenticator app"


def test_the_list_is_the_same_for_every_name(visitor: PageClient) -> None:
    known = a_user_with_telephone()
    lists = []
    for name in (known.email, "nobody@agri.example"):
        page = visitor.get("/sign-in").press("Next", name=name)
        lists.append(methods_of(page))
    assert lists[0] == lists[1]


def test_a_decision_may_ask_for_a_stronger_method_than_the_door(
    visitor: PageClient, settings: Change, production: Environment
) -> None:
    operator, account = an_operator(), a_user_with_telephone()
    a_role(account, operator, administrator=True)
    waiting = a_request(operator)
    sign_in_browser(visitor, account)
    settings(decision_methods_production=("app-qr",))
    page = visitor.get(f"/production/validation/{waiting.id}")
    assert page.status == 200
    asks = page.press("Validate")
    assert asks.heading == "Confirm with a second factor"
    assert methods_of(asks) == ["app-qr"]


def test_before_the_day_the_password_alone_opens_with_a_notice_and_afterwards_it_does_not(
    visitor: PageClient, settings: Change
) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    settings(mfa_required_from=date(2999, 6, 11))
    assert visitor.get("/production/profile").status == 200
    settings(mfa_required_from=date(2024, 6, 11))
    assert visitor.get("/production/profile").status == 403


def test_a_step_up_offers_what_the_place_takes(visitor: PageClient, settings: Change) -> None:
    sign_in_browser(visitor, a_user_with_telephone(), second_factor=False)
    settings(access_methods_production=("sms",))
    asks = visitor.get("/production/profile").click("Confirm with a second factor")
    assert methods_of(asks) == ["sms"]
    code = asks.press("Go on", by_label={"Mobile phone": NUMBER})
    assert code.press("Confirm", part1=code_to(NUMBER)).path == "/production/profile"
