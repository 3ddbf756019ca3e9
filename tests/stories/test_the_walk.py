"""The main job, end to end: from «Create an account» to «Valid»; also without script, and with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.acts import (
    adds_a_number,
    asks_for_a_role,
    chips,
    chooses_a_password,
    creates_an_account,
    mail_to,
    opens_the_link,
    opens_the_request_of,
    signs_in_with_sms,
    signs_out,
    sms_to,
    validates,
)
from tests.stories.hands import Someone, goes_to, is_on, link, reads, sees, sees_nothing_of
from tests.stories.people import Meet, somebody
from tests.stories.words import whole

pytestmark = pytest.mark.browser
OPERATOR = "Fret Exemple SAS"
WITHOUT_SCRIPT: dict[str, Any] = {"java_script_enabled": False}
TABS = 60


@pytest.mark.parametrize(
    ("site", "language", "options"),
    [("sqlite", "fr", {}), ("postgresql", "fr", {}), ("sqlite", "en", {}), ("sqlite", "fr", WITHOUT_SCRIPT)],
    indirect=["site"],
    ids=["fr-sqlite", "fr-postgresql", "en-sqlite", "fr-without-script"],
)
def test_from_an_account_to_a_valid_role(meet: Meet, language: str, options: dict[str, Any]) -> None:
    camille, dominique = (
        meet(language, options=options),
        meet(language, "national-authority", options=options),
    )
    has_an_account_with_a_second_factor(camille)
    signs_in_with_sms(camille)
    asks_for_a_role(camille, "FR", OPERATOR)
    assert chips(camille)[0] == f"1 {camille.says('Requested')}"
    validates_the_request_of(camille, dominique)
    goes_to(camille, "/production/profile")
    assert chips(camille) == [
        f"{n} {camille.says(s)}" for n, s in ((0, "Requested"), (0, "Suspended"), (1, "Valid"))
    ]
    sees(camille, OPERATOR)
    for environment in ("acceptance", "training"):
        goes_to(camille, f"/{environment}/profile")
        reads(camille, "You currently have no role that allows you to access the application.")
        sees_nothing_of(camille, OPERATOR)
        goes_to(dominique, f"/{environment}/validation")
        sees_nothing_of(dominique, camille.last_name)


def has_an_account_with_a_second_factor(who: Someone) -> None:
    """Registration, link, password, telephone; then signed out."""
    creates_an_account(who)
    opens_the_link(who)
    chooses_a_password(who)
    is_on(who, "Successful login")
    adds_a_number(who)
    signs_out(who)


def validates_the_request_of(camille: Someone, validator: Someone) -> None:
    """Found in the queue, with the mails to both."""
    address = f"{validator.site.address}/production/validation/"
    told = [mail for mail in validator.site.messages(validator.email) if address in mail["body"]]
    assert told, "the validator was not told"
    assert camille.last_name in told[0]["body"]
    signs_in_with_sms(validator, "/production/validation")
    opens_the_request_of(validator, f"{camille.first_name} {camille.last_name}", OPERATOR)
    validates(validator)
    reads(validator, "The role in %(organisation)s is valid now.", organisation=OPERATOR)
    assert OPERATOR in mail_to(camille)["body"]


def test_signing_in_and_asking_for_a_role_need_no_mouse(meet: Meet) -> None:
    who = somebody(meet, "fr", "+46701740605")
    goes_to(who, "/")
    walks_to(who, link(who, "Log in to TRACES"))
    who.page.keyboard.press("Enter")
    types_into(who, "E-mail or user name", who.email)
    who.page.keyboard.press("Enter")
    types_into(who, "Password", who.password)
    who.page.keyboard.press("Tab")
    walks_to(who, who.page.get_by_role("radio", name=whole(who.says("Mobile Phone + SMS"))))
    types_into(who, "Mobile phone", who.number)
    who.page.keyboard.press("Enter")
    is_on(who, "Enter the code from the text message")
    walks_to(who, who.page.get_by_label(whole(who.says("Text message challenge code"))))
    who.page.keyboard.type(sms_to(who)[0]["code"].replace("-", ""))
    who.page.keyboard.press("Enter")
    is_on(who, "Request authorisation")
    asks_with_the_keyboard(who)
    assert chips(who)[0] == f"1 {who.says('Requested')}"


def asks_with_the_keyboard(who: Someone) -> None:
    """The search of operators, a row, the confirmation; then the menu and out."""
    walks_to(who, link(who, "Operator"))
    who.page.keyboard.press("Enter")
    is_on(who, "Select an existing operator")
    types_into(who, "Search", OPERATOR)
    who.page.keyboard.press("Enter")
    walks_to(who, who.page.get_by_role("row").filter(has_text=OPERATOR).get_by_role("checkbox"))
    who.page.keyboard.press("Space")
    walks_to(who, who.page.get_by_role("button", name=whole(who.says("Request authorisation"))))
    who.page.keyboard.press("Enter")
    walks_to(who, who.page.get_by_role("button", name=whole(who.says("Send authorisation request"))))
    who.page.keyboard.press("Space")
    reads(who, "Your request was sent.")


def types_into(who: Someone, text: str, value: str) -> None:
    """The field reached by Tab, its content replaced."""
    walks_to(who, who.page.get_by_label(whole(who.says(text))).first)
    who.page.keyboard.press("Control+A")
    who.page.keyboard.type(value)


def walks_to(who: Someone, target: Locator) -> None:
    """Tab until the focus is there, seen by its ring; arrows inside a group of round choices."""
    expect(target).to_be_visible()
    for _step in range(TABS):
        if target.evaluate("node => node === document.activeElement"):
            assert target.evaluate(RING), "the focus cannot be seen"
            return
        is_radio = who.page.evaluate("document.activeElement.type === 'radio'")
        same_group = target.evaluate("node => node.type === 'radio'")
        who.page.keyboard.press("ArrowDown" if is_radio and same_group else "Tab")
    raise AssertionError("the keyboard does not get there")


RING = """node => {
  const rings = [node, node.closest('.choice, .card')].filter(Boolean).map((one) => getComputedStyle(one));
  return rings.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
}"""
