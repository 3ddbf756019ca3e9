"""Scenario C: the instruction of S0 — dates, duty phones, the list of methods, text messages that go off; in French."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest

from portal import config
from tests.stories.acts import (
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
    is_on,
    presses,
    reads,
    sees_nothing_of,
)
from tests.stories.people import Meet, member_of, somebody

pytestmark = pytest.mark.browser
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
    meet: Meet, policy: None
) -> None:
    camille = somebody(meet, "fr")
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


def test_c3_c4_c6_a_duty_phone_is_listed_picked_proved_and_withdrawn_when_lost(meet: Meet) -> None:
    chief = member_of(somebody(meet, "fr", "+46701740618"), OPERATOR, administrator=True)
    robin = somebody(meet, "fr", "+46701740619", email="robin.membre@agri.example", first_name="Robin")
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


def test_c7_c10_the_methods_are_listed_and_text_messages_that_went_off_still_enrol_what_is_stronger(
    meet: Meet, policy: None
) -> None:
    camille = somebody(meet, "fr", "+46701740620")
    changes(sms_policy_production="off")
    goes_to(camille, "/sign-in?next=/production/profile")
    gives_the_name(camille)
    offered = camille.page.locator("input[name=method]").evaluate_all("all => all.map(one => one.value)")
    assert offered == ["app-qr", "app-pin", "security-key"]
    signs_in_with_sms(camille, "/account/devices/authenticators/add")
    is_on(camille, "Add an authenticator app")
    goes_to(camille, "/production/profile")
    reads(camille, "This environment does not accept the method you signed in with.")
