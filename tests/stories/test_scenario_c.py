"""Scenario C: the instruction of S0 — dates, duty phones, methods, text messages that go off; in French and German."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest

from portal import config
from tests.stories.acts import (
    asks_for_an_sms,
    gives_the_name,
    mail_to,
    signs_in_with_sms,
    signs_in_with_the_password,
    sms_to,
    types_the_code,
)  # fmt: skip
from tests.stories.hands import (
    Someone,
    field,
    fills,
    follows,
    goes_to,
    has_error,
    is_on,
    presses,
    reads,
    sees,
    sees_nothing_of,
)
from tests.stories.people import Meet, member_of, somebody

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "de"])]
OPERATOR = "demo/FR/named-5"
DUTY, SHOWN = "+46701740655", "+46 70 174 06 55"


@pytest.fixture
def policy() -> Iterator[None]:
    """The settings are put back after the story."""
    before = config.current()
    yield
    config.activate(before)


def changes(**values: object) -> None:
    """Another setting from now on, in the server of the story."""
    config.activate(dataclasses.replace(config.current(), **values))  # type: ignore[arg-type]


def test_c1_c2_before_the_day_the_password_opens_with_a_notice_and_from_the_day_on_it_does_not(
    meet: Meet, policy: None, language: str
) -> None:
    camille = somebody(meet, language)
    changes(mfa_required_from=date(2999, 6, 11))
    signs_in_with_the_password(camille)
    goes_to(camille, "/production/profile")
    reads(camille, "A second factor will be required")
    changes(mfa_required_from=date(2024, 6, 11))
    goes_to(camille, "/production/profile")
    is_on(camille, "A second factor is needed here")


def puts_on_the_list(chief: Someone) -> None:
    """The administrator lists the duty phone."""
    signs_in_with_sms(chief, "/production/duty-phones")
    is_on(chief, "Duty phones")
    chief.page.locator("main .actions a").first.click()
    is_on(chief, "Add a duty phone")
    fills(chief, "Mobile phone number", DUTY)
    fills(chief, "Place", "Salle de garde")
    presses(chief, "Add")
    reads(chief, "The duty phone is on the list.")


def test_c3_c4_c6_a_duty_phone_is_listed_picked_proved_and_withdrawn_when_lost(
    meet: Meet, language: str
) -> None:
    chief = member_of(somebody(meet, language, "+46701740618"), OPERATOR, administrator=True)
    robin = somebody(meet, language, "+46701740619", email="robin.membre@agri.example", first_name="Robin")
    member = member_of(robin, OPERATOR)
    puts_on_the_list(chief)
    signs_in_with_sms(member, "/account/telephones/add")
    member.page.get_by_role("link", name=SHOWN).click()
    assert field(member, "Mobile phone number").input_value() == DUTY
    presses(member, "Add")
    types_the_code(member, sms_to(member, DUTY)[0]["code"])
    presses(member, "Finalise")
    reads(
        member,
        "The number ending in %(digits)s is on your account. You can sign in with it now.",
        digits="55",
    )
    goes_to(chief, "/production/duty-phones")
    sees_nothing_of(chief, SHOWN)
    follows(chief, "Lost or stolen")
    presses(chief, "Withdraw the phone from everybody")
    goes_to(member, "/account/telephones")
    is_on(member, "Sign in to continue")
    assert "Salle de garde" in mail_to(member)["body"]


def test_c5_two_people_with_one_phone_sign_in_in_the_same_minute_each_with_the_own_code(
    meet: Meet, language: str
) -> None:
    anna = somebody(meet, language, DUTY, email="anna.equipe@agri.example", first_name="Anna")
    beat = somebody(meet, language, DUTY, email="beat.equipe@agri.example", first_name="Beat")
    for who in (anna, beat):
        goes_to(who, "/production/profile")
        gives_the_name(who)
        asks_for_an_sms(who)
        is_on(who, "Enter the code from the text message")
    newest, older = sms_to(anna)[:2]
    assert ("be***@agri.example" in newest["body"], "an***@agri.example" in older["body"]) == (True, True)
    types_the_code(anna, newest["code"])
    presses(anna, "Sign in")
    has_error(anna, "Text message challenge code")
    for who, text in ((anna, older), (beat, newest)):
        types_the_code(who, text["code"])
        presses(who, "Sign in")
        is_on(who, "Request authorisation")


def test_c9_a_private_phone_is_shown_to_nobody_else_and_to_its_owner_by_two_digits(
    meet: Meet, language: str
) -> None:
    chief = member_of(somebody(meet, language, "+46701740618"), OPERATOR, administrator=True)
    private = "+46701740662"
    robin = somebody(meet, language, private, email="robin.membre@agri.example", first_name="Robin")
    member_of(robin, OPERATOR)
    signs_in_with_sms(robin, "/account/telephones")
    reads(robin, "Number ending in %(digits)s", digits="62")
    shows_no_number(robin, private)
    signs_in_with_sms(chief, "/production/administration/members")
    sees(chief, "Robin")
    shows_no_number(chief, private)
    chief.page.get_by_role("row").filter(has_text="Robin").get_by_role("link").first.click()
    sees(chief, "Robin")
    shows_no_number(chief, private)


def shows_no_number(who: Someone, number: str) -> None:
    """Neither in words nor in the source of the page, however it is written."""
    source = "".join(who.page.content().split())
    assert number.removeprefix("+") not in source
    assert number[-6:] not in source


def test_c7_c10_the_methods_are_listed_and_text_messages_that_went_off_still_enrol_what_is_stronger(
    meet: Meet, policy: None, language: str
) -> None:
    camille = somebody(meet, language, "+46701740620")
    changes(sms_policy_production="off")
    goes_to(camille, "/sign-in?next=/production/profile")
    gives_the_name(camille)
    offered = camille.page.locator("input[name=method]").evaluate_all("all => all.map(one => one.value)")
    assert offered == ["app-qr", "app-pin", "security-key"]
    signs_in_with_sms(camille, "/account/devices/authenticators/add")
    is_on(camille, "Add an authenticator app")
    goes_to(camille, "/production/profile")
    reads(camille, "This environment does not accept the method you signed in with.")
