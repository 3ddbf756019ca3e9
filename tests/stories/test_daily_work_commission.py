"""The daily work of the Commission: authorities, control bodies, rights on documents, news, switches, Training."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal import clock
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import (
    Someone,
    button,
    chooses,
    field,
    fills,
    follows,
    goes_to,
    is_on,
    presses,
    reads,
    sees,
    sees_nothing_of,
    ticks,
)
from tests.stories.people import Meet, number_of
from tests.stories.tour_of_work import waits_for_the_end

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "de"])]
AUTHORITIES = "/production/registers/authorities"
BODIES = "/production/registers/control-bodies"
REGION = "Région Test"


@pytest.fixture
def sacha(meet: Meet, language: str) -> Someone:
    """An administrator of the Commission, signed in."""
    who = meet(language, "commission")
    signs_in_with_sms(who, "/production/administration")
    return who


def succeeds(who: Someone) -> None:
    """The green banner after an act."""
    expect(who.page.locator(".banner--success")).to_be_visible()


def moves(who: Someone, number: int, superior: str) -> None:
    """Hangs the authority under the one with that name."""
    goes_to(who, f"{AUTHORITIES}/{number}/move")
    offered = who.page.locator("select[name=superior] option", has_text=superior)
    chooses(who, "New superior authority", offered.first.get_attribute("value") or "")
    presses(who, "Move")


def test_an_authority_is_created_and_moved_and_a_circle_is_refused_with_its_path(sacha: Someone) -> None:
    central, region = (number_of(sacha, f"demo/FR/{office}") for office in ("CCA", "RCA"))
    goes_to(sacha, f"{AUTHORITIES}/{central}")
    name = sacha.page.get_by_role("heading", level=1).inner_text()
    follows(sacha, "Create an authority under it")
    fills(sacha, "Name", REGION)
    chooses(sacha, "Role", "RCA")
    presses(sacha, "Create")
    succeeds(sacha)
    created = int(sacha.page.url.rsplit("/", 1)[1])
    moves(sacha, region, REGION)
    succeeds(sacha)
    moves(sacha, created, old_name(sacha, region))
    reads(sacha, "This would make a circle")
    reads(sacha, "Nothing was moved.")
    path = sacha.page.locator("main ol li").all_inner_texts()
    assert REGION in path
    goes_to(sacha, f"{AUTHORITIES}/{created}")
    sees(sacha, name)


def old_name(who: Someone, number: int) -> str:
    """The name of an authority, from its page."""
    goes_to(who, f"{AUTHORITIES}/{number}")
    return who.page.get_by_role("heading", level=1).inner_text()


def test_a_control_body_gets_a_scope_and_a_profile_other_rights_on_documents(sacha: Someone) -> None:
    body = number_of(sacha, "demo/DE/BODY")
    goes_to(sacha, f"{BODIES}/{body}")
    follows(sacha, "Add a scope")
    fills(sacha, "Code", "TR-BIO-77")
    chooses(sacha, "Country", "TR")
    sacha.page.locator("input[name=categories][value=A]").check()
    chooses(sacha, "Whose code", "third-country")
    presses(sacha, "Add")
    succeeds(sacha)
    expect(sacha.page.get_by_role("row").filter(has_text="TR-BIO-77")).to_have_count(1)
    goes_to(sacha, "/production/registers/document-rights/edit?holder=BCP")
    first = sacha.page.locator("main form select").first
    other = "r-" if first.input_value() != "r-" else "rw"
    first.select_option(other)
    presses(sacha, "Save")
    succeeds(sacha)
    reads(sacha, "Decided by the Commission")


def test_the_first_user_of_a_central_authority_is_validated_as_its_administrator(sacha: Someone) -> None:
    goes_to(sacha, f"{AUTHORITIES}/{number_of(sacha, 'demo/DE/CCA')}")
    reads(sacha, "Nobody works in this central authority yet. The Commission validates its first user.")
    follows(sacha, "Open the request of %(person)s", person="Noa Platzhalter")
    presses(sacha, "Validate")
    succeeds(sacha)
    sees_nothing_of(sacha, "Noa Platzhalter")


def test_news_and_a_planned_stop_reach_other_people(sacha: Someone, meet: Meet, language: str) -> None:
    goes_to(sacha, "/production/news/new")
    starts = clock.now() - timedelta(days=1)
    fills(sacha, "Begins on", starts.strftime("%Y-%m-%dT%H:%M"))
    fills(sacha, "Title", "Nouveaux formulaires")
    fills(sacha, "Text", "À partir de lundi.")
    presses(sacha, "Save")
    succeeds(sacha)
    goes_to(sacha, "/production/switches/stops/new")
    begins = clock.now() + timedelta(days=3)
    fills(sacha, "Begins on", begins.strftime("%Y-%m-%dT%H:%M"))
    fills(sacha, "Ends on", (begins + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M"))
    fills(sacha, "Title", "Base de données renouvelée")
    fills(sacha, "Text", "Enregistrez votre travail.")
    ticks(sacha, "This stop cannot wait two weeks")
    presses(sacha, "Plan the stop")
    succeeds(sacha)
    alix = meet(language, "veterinarian")
    signs_in_with_sms(alix)
    sees(alix, "Base de données renouvelée")
    sees(alix, "Nouveaux formulaires")


def test_training_is_closed_to_others_opened_again_and_made_anew(
    sacha: Someone, meet: Meet, language: str
) -> None:
    alix = meet(language, "veterinarian")
    signs_in_with_sms(alix, "/training/profile")
    goes_to(sacha, "/training/switches/close")
    fills(sacha, "Title", "Exercice terminé")
    fills(sacha, "Text", "Nous préparons le suivant.")
    presses(sacha, "Close the environment now")
    succeeds(sacha)
    goes_to(alix, "/training/profile")
    sees(alix, "Exercice terminé")
    expect(alix.page.locator("main table")).to_have_count(0)
    follows(sacha, "Exercice terminé")
    follows(sacha, "Open the environment")
    presses(sacha, "Yes, end it")
    goes_to(alix, "/training/profile")
    is_on(alix, "My profile")
    goes_to(sacha, "/training/exchange/training")
    sacha.page.locator("input[name=template][value=production]").check()
    field(sacha, "Confirmation").fill("training")
    button(sacha, "Delete and fill anew").click()
    waits_for_the_end(sacha)
    expect(sacha.page.locator(".banner--success")).to_be_visible()
    goes_to(alix, "/training/profile")
    reads(alix, "You currently have no role that allows you to access the application.")
