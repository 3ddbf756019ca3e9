"""A lost phone: back in with a recovery code, or through PANIC and an administrator; in French, on SQLite."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from tests.stories.acts import signs_in_with_sms, signs_in_with_the_password, signs_out
from tests.stories.hands import Someone, fills, follows, goes_to, has_error, is_on, presses, reads, ticks
from tests.stories.people import Meet, member_of, somebody
from tests.stories.recovering import (
    adds_a_first_number_through_the_mailbox,
    adds_an_app,
    comes_to_the_app,
    comes_to_the_recovery_code,
    confirms_in_place,
    follows_the_panic_link,
    makes_recovery_codes,
    opens_the_page_of,
    presses_panic,
)

pytestmark = pytest.mark.browser
OPERATOR = "demo/FR/named-5"


@pytest.fixture
def camille(meet: Meet) -> Someone:
    """A person with a role and one telephone."""
    return member_of(somebody(meet, "fr", "+46701740617"), OPERATOR)


@pytest.fixture
def codes(camille: Someone) -> list[str]:
    """The recovery codes that Camille printed before the phone was lost."""
    signs_in_with_sms(camille, "/account")
    printed = makes_recovery_codes(camille)
    signs_out(camille)
    return printed


def gets_in_with(who: Someone, code: str) -> None:
    """The recovery code in the place of the lost factor, to «Mon compte»."""
    comes_to_the_recovery_code(who)
    fills(who, "Recovery code", code)
    presses(who, "Sign in")
    is_on(who, "My Account")


def test_a_recovery_code_leads_to_a_new_authenticator_app(camille: Someone, codes: list[str]) -> None:
    assert len(codes) == 10
    gets_in_with(camille, codes[0])
    goes_to(camille, "/production/profile")
    is_on(camille, "A second factor is needed here")
    goes_to(camille, "/account")
    follows(camille, "Add an authenticator app")
    app = adds_an_app(camille)
    signs_out(camille)
    comes_to_the_app(camille, "/production/profile")
    fills(camille, "One-time code", app.at(clock.now()))
    presses(camille, "Sign in")
    reads(camille, "Personal information")
    goes_to(camille, "/account/telephones/remove")
    is_on(camille, "This rests for a day")


def test_a_recovery_code_works_once(camille: Someone, codes: list[str]) -> None:
    gets_in_with(camille, codes[0])
    comes_to_the_recovery_code(camille)
    fills(camille, "Recovery code", codes[0])
    presses(camille, "Sign in")
    has_error(camille, "Recovery code")
    gets_in_with(camille, codes[1])


def test_after_panic_a_person_is_let_in_by_an_administrator(camille: Someone, meet: Meet) -> None:
    signs_in_with_the_password(camille)
    presses_panic(camille)
    follows_the_panic_link(camille)
    presses(camille, "Delete everything")
    is_on(camille, "All your second factors are deleted")
    camille.number = "+46701740618"
    adds_a_first_number_through_the_mailbox(camille)
    goes_to(camille, "/production/profile")
    is_on(camille, "Your access here is suspended")

    robin = meet("fr", "operator-admin")
    signs_in_with_sms(robin, "/production/administration/members")
    opens_the_page_of(robin, camille)
    clock.advance(timedelta(minutes=16))
    ticks(robin, "The person stood before me.")
    presses(robin, "Lift the suspension")
    confirms_in_place(robin)
    is_on(robin, f"{camille.first_name} {camille.last_name}")
    ticks(robin, "The person stood before me.")
    presses(robin, "Lift the suspension")
    reads(robin, "The suspension is lifted, and the person is told.")

    signs_out(camille)
    signs_in_with_sms(camille)
    reads(camille, "Personal information")
