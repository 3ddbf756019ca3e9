"""The page before a signature, what it refuses, and the page that says how far the signatures are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.certificates.models import Certificate, SigningIntent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from tests.makers.certificates import Journey, a_journey, a_submitted, may_sign, somebody_of
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.makers.seals import a_key
from tests.page import PageClient

LIST = "/production/certificates"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


@pytest.fixture
def officer(journey: Journey) -> Account:
    """Who may sign for the office of the place of dispatch, in an environment that has a key."""
    a_key("production")
    account = a_member(journey.origin, first_name="Claude", last_name="Veterinaire")
    may_sign(account)
    return account


def a_waiting(journey: Journey) -> int:
    """A certificate that waits for a signature."""
    with using(Environment.PRODUCTION):
        return a_submitted(journey, somebody_of(journey.sender)).id


def intents() -> int:
    """How many signatures were begun."""
    with using(Environment.PRODUCTION):
        return db.session.query(SigningIntent).count()


def test_the_page_shows_what_is_signed_and_by_whom_as_it_will_be_printed(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    number = a_waiting(journey)
    page = sign_in_browser(visitor, officer).get(f"{LIST}/{number}").click("Sign")
    for words in ("Claude Veterinaire", officer.username, "Office FR", "INTRA.FR.2026.", "Production"):
        assert words in page.text
    shown = page.tree.xpath("//main//code")[0].text
    assert len(shown) == 64
    assert intents() == 0
    done = page.press("Sign")
    assert done.heading == "Signatures"
    assert done.tree.xpath("//meta[@http-equiv='refresh']")
    assert done.tree.xpath("//a[normalize-space()='Look again']")
    assert intents() == 1


def test_what_was_changed_after_the_page_is_not_signed(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    number = a_waiting(journey)
    browser = sign_in_browser(visitor, officer)
    page = browser.get(f"{LIST}/sign?certificate={number}")
    browser.get(f"{LIST}/{number}/boxes/transport").press("Save", **{"box-I.18": "Chilled"})
    met = page.press("Sign")
    assert met.status == 409
    assert "Box I.18" in met.text
    assert intents() == 0


def test_a_second_press_leads_to_the_one_signature(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    number = a_waiting(journey)
    page = sign_in_browser(visitor, officer).get(f"{LIST}/sign?certificate={number}")
    page.press("Sign")
    assert page.press("Sign").heading == "Signatures"
    assert intents() == 1


def test_without_a_fresh_factor_it_is_asked_first(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    number = a_waiting(journey)
    browser = sign_in_browser(visitor, officer)
    page = browser.get(f"{LIST}/sign?certificate={number}")
    clock.advance(timedelta(minutes=16))
    asked = page.press("Sign", follow=False)
    assert asked.status == 302
    assert "step-up" in asked.response.headers["Location"]
    assert intents() == 0


def test_who_may_not_sign_cannot_even_look(visitor: PageClient, journey: Journey, officer: Account) -> None:
    number = a_waiting(journey)
    clerk = sign_in_browser(PageClient(visitor.app), a_member(journey.origin))
    assert not clerk.get(f"{LIST}/{number}").tree.xpath("//a[normalize-space()='Sign']")
    assert clerk.get(f"{LIST}/sign?certificate={number}").status == 403
    stranger = sign_in_browser(PageClient(visitor.app), a_member(journey.destination_centre))
    assert stranger.get(f"{LIST}/sign?certificate={number + 999}").status == 404
    alone = sign_in_browser(PageClient(visitor.app), officer, second_factor=False)
    refused = alone.get(f"{LIST}/sign?certificate={number}")
    assert refused.status == 403
    assert intents() == 0


def test_several_are_signed_at_once_and_each_that_cannot_be_says_why(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    first, second, gone = (a_waiting(journey) for _each in range(3))
    browser = sign_in_browser(visitor, officer)
    browser.get(f"{LIST}/{gone}/refuse").press("Refuse", reason="incorrect")
    overview = browser.get(LIST)
    assert overview.has_button("Sign the selected ones")
    page = browser.get(f"{LIST}/sign?certificate={first}&certificate={second}&certificate={gone}")
    assert "Its state is now: Refused." in page.text
    with using(Environment.PRODUCTION):
        draft_number = db.session.get_one(Certificate, gone).draft_number
    assert f"{draft_number} cannot be signed now" in page.text
    done = page.press("Sign 2 certificates")
    assert intents() == 2
    assert done.heading == "Signatures"
    other = sign_in_browser(PageClient(visitor.app), a_member(journey.origin))
    assert other.get(done.path.replace("http://localhost", "")).status == 404


def test_a_file_that_does_not_exist_is_no_error(
    visitor: PageClient, journey: Journey, officer: Account
) -> None:
    number = a_waiting(journey)
    browser = sign_in_browser(visitor, officer)
    assert browser.get(f"{LIST}/{number}/file").status == 404
    with using(Environment.PRODUCTION):
        assert db.session.get_one(Certificate, number).number is None
