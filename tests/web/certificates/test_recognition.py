"""What the pages of a COI say about the recognition of the control body: for which countries, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.certificates import drafting
from portal.certificates.drafting import CertificateWish
from portal.certificates.states import IntentFailure
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.organisations.models import ControlBodyScope
from portal.web import certificate_words, labels
from tests.makers.certificates import OrganicJourney, an_organic_journey, fill, may_sign
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_scope
from tests.makers.roles import a_member, acting
from tests.makers.seals import a_key
from tests.page import PageClient

LIST = "/production/certificates"
WISH = CertificateWish("COI", "COI", None, "en", "AR", "BE")
REASON = "Control Body of the South is not recognised today for Peru or Brazil."


@pytest.fixture
def journey(production: None) -> OrganicJourney:
    """From Argentina to Antwerp."""
    return an_organic_journey()


@pytest.fixture
def officer(journey: OrganicJourney) -> Account:
    """Who may sign for the control body, in an environment that has a key."""
    a_key("production")
    account = a_member(journey.body)
    may_sign(account)
    return account


def filled(journey: OrganicJourney, officer: Account, **boxes: Any) -> int:
    """A COI that the control body began itself."""
    with using(Environment.PRODUCTION):
        actor = acting(officer)
        return fill(drafting.begin(WISH, actor), journey.boxes(**boxes), actor).id


def test_the_reason_stands_at_the_first_box_and_nothing_can_be_signed(
    visitor: PageClient, journey: OrganicJourney, officer: Account
) -> None:
    number = filled(journey, officer, **{"8": "PE", "9": "BR"})
    browser = sign_in_browser(visitor, officer)
    page = browser.get(f"{LIST}/{number}")
    assert REASON in page.text
    assert "Something cannot stay as it is" in page.text
    assert "Something is still missing" not in page.text
    [link] = page.tree.xpath("//main//li[contains(., 'is not recognised today')]/a/@href")
    assert link.endswith("#box-1")
    assert not page.tree.xpath("//a[normalize-space()='Sign']")
    assert "Recognised for" not in page.text
    asked = browser.get(f"{LIST}/sign?certificate={number}")
    assert REASON in asked.text
    assert not asked.tree.xpath("//main//button[normalize-space()='Sign']")


def test_the_countries_are_named_in_the_language_of_the_reader(
    visitor: PageClient, journey: OrganicJourney, officer: Account
) -> None:
    number = filled(journey, officer, **{"8": "PE", "9": "BR"})
    page = sign_in_browser(visitor, officer).get(f"{LIST}/{number}?lang=fr")
    assert "Pérou ou Brésil" in page.text


def test_who_signs_reads_for_which_categories_and_until_when_the_body_is_recognised(
    visitor: PageClient, journey: OrganicJourney, officer: Account
) -> None:
    with using(Environment.PRODUCTION):
        a_scope(journey.body, country="PE", categories="ABD", valid_until=date(2090, 12, 31))
        a_scope(journey.body, country="UY", categories="C")
    number = filled(journey, officer, **{"8": "PE"})
    browser = sign_in_browser(visitor, officer)
    for page in (browser.get(f"{LIST}/{number}"), browser.get(f"{LIST}/sign?certificate={number}")):
        assert "Recognised for Peru: categories A, B, D, until 31 Dec 2090." in page.text
        assert "Recognised for Argentina: no category is listed, without end." in page.text
        assert "Uruguay" not in page.text
        names = [one.text for one in page.tree.xpath("//main//dd//ul/li")]
        assert [name[:4] for name in names] == ["A – ", "B – ", "D – "]
        assert all(len(name) > 8 for name in names)


def test_a_recognition_that_ended_after_the_page_was_opened_is_told_at_the_press(
    visitor: PageClient, journey: OrganicJourney, officer: Account
) -> None:
    number = filled(journey, officer)
    page = sign_in_browser(visitor, officer).get(f"{LIST}/sign?certificate={number}")
    with using(Environment.PRODUCTION):
        for scope in db.session.query(ControlBodyScope):
            scope.country = "UY"
        db.session.commit()
    refused = page.press("Sign")
    assert refused.status == 409
    assert "Control Body of the South is not recognised today for Argentina." in refused.text


@pytest.mark.parametrize("sentences", [certificate_words.FAILURES, labels.SIGNING_FAILURES])
def test_every_reason_why_nothing_was_signed_has_its_sentence(sentences: dict[str, Any]) -> None:
    assert set(sentences) == set(IntentFailure)
