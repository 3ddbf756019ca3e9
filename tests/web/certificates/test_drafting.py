"""The pages on which a certificate is begun, filled and submitted: with script or without, in one window or two."""

from __future__ import annotations

import pytest

from portal.certificates import filling
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.certificates import Journey, a_draft, a_journey, somebody_of
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

LIST = "/production/certificates"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


@pytest.fixture
def sender(visitor: PageClient, journey: Journey) -> PageClient:
    """A person of the operator that sends."""
    return sign_in_browser(visitor, a_member(journey.sender))


def the_only_one() -> Certificate:
    """The certificate of the test."""
    return db.session.query(Certificate).one()


def begun(browser: PageClient) -> Page:
    """The first screen of a new INTRA from France to Germany."""
    page = browser.get(LIST).click("New certificate")
    model = page.tree.xpath("//input[@name='model']/@value")[0]
    return page.press("Begin the draft", model=model, origin="FR", destination="DE")


def test_a_draft_is_begun_and_leads_to_its_first_screen(sender: PageClient) -> None:
    page = begun(sender)
    assert page.status == 200
    assert page.heading.startswith("Parties and offices – DEMO.DRAFT-")
    with using(Environment.PRODUCTION):
        assert the_only_one().languages == "fr,de"


def test_the_models_of_a_group_are_offered_without_script(sender: PageClient) -> None:
    page = sender.get(f"{LIST}/new?document=INTRA")
    groups = page.tree.xpath("//*[@aria-label='Group of models']//a")
    assert len(groups) > 3
    offered = [sender.get(link.get("href")).tree.xpath("//input[@name='model']/@value") for link in groups]
    assert len({model for models in offered for model in models}) == 65


def test_an_organisation_is_searched_inside_its_box_and_a_search_saves_nothing(
    sender: PageClient, journey: Journey
) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    page = sender.get(f"{LIST}/{number}/boxes/places")
    fields = {"box-I.12-in": "DE", "box-I.12-text": "Hof", "find": "I.12"}
    found = page.press("Save", **fields)
    assert found.status == 200
    assert found.tree.xpath(f"//input[@name='box-I.12-id'][@value='{journey.receiver.id}']")
    with using(Environment.PRODUCTION):
        assert "I.12" not in filling.values_of(the_only_one())
    saved = found.press("Save", **{"box-I.12-id": str(journey.receiver.id)})
    assert "What you typed was saved." in saved.text
    with using(Environment.PRODUCTION):
        assert filling.values_of(the_only_one())["I.12"]["name"] == "Hof Beispiel"


def test_only_an_operator_with_a_valid_activity_is_found_for_a_place(
    sender: PageClient, journey: Journey
) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        idle = an_operator("Hof Ruhend", country="DE", city="Bonn")
        idle.activities[0].state = "suspended"
        db.session.commit()
        number, idle_id = the_only_one().id, idle.id
    page = sender.get(f"{LIST}/{number}/boxes/places")
    found = page.press("Save", **{"box-I.12-in": "DE", "box-I.12-text": "Hof", "find": "I.12"})
    assert "Hof Beispiel" in found.text
    assert "Hof Ruhend" not in found.text
    forged = page.press("Save", **{"box-I.12-id": str(idle_id)})
    assert forged.status == 422
    assert forged.errors == ["Only an operator with a valid activity can stand here."]


def test_a_row_is_added_without_script_and_what_was_typed_stays(sender: PageClient) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    page = sender.get(f"{LIST}/{number}/boxes/transport")
    more = page.press("Add a row", **{"box-I.15-1-mode": "Road vehicle"})
    assert more.tree.xpath("//input[@name='box-I.15-1-mode']/@value") == ["Road vehicle"]
    assert more.tree.xpath("//input[@name='box-I.15-2-mode']")
    saved = more.press("Save", **{"box-I.15-2-mode": "Ship", "box-I.15-2-identification": "MV Exemple"})
    assert saved.status == 200
    with using(Environment.PRODUCTION):
        assert [row["mode"] for row in filling.values_of(the_only_one())["I.15"]] == ["Road vehicle", "Ship"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 501, "This text is too long: shorten it."),
        ("y" * 5_000_000, "This text is too long: shorten it."),
        ("left‮right", "This text contains characters that cannot be shown. Type it again."),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(sender: PageClient, typed: str, sentence: str) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    page = sender.get(f"{LIST}/{number}/boxes/transport")
    refused = page.press("Save", **{"box-I.18": typed})
    assert refused.status == 422
    assert refused.errors == [sentence]


def test_markup_in_a_box_is_shown_as_text(sender: PageClient) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    typed = "<b>file:///etc/passwd</b> http://elsewhere.example"
    sender.get(f"{LIST}/{number}/boxes/transport").press("Save", **{"box-I.18": typed})
    page = sender.get(f"{LIST}/{number}")
    assert typed in page.text
    assert not page.tree.xpath("//main//b")


def test_two_windows_never_overwrite_each_other(sender: PageClient) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    first = sender.get(f"{LIST}/{number}/boxes/transport")
    second = sender.get(f"{LIST}/{number}/boxes/transport")
    first.press("Save", **{"box-I.18": "Ambient"})
    met = second.press("Save", **{"box-I.18": "Chilled", "box-I.24": "12 h"})
    assert met.status == 409
    assert "Ambient" in met.text
    assert "Chilled" in met.text
    with using(Environment.PRODUCTION):
        assert "I.24" not in filling.values_of(the_only_one())
    kept = met.press("Save", **{"keep:I.18": "mine"})
    assert "What you typed was saved." in kept.text
    with using(Environment.PRODUCTION):
        values = filling.values_of(the_only_one())
        assert (values["I.18"], values["I.24"]) == ("Chilled", "12 h")


def test_theirs_stays_where_that_is_chosen(sender: PageClient) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    pages = [sender.get(f"{LIST}/{number}/boxes/transport") for _window in range(2)]
    pages[0].press("Save", **{"box-I.18": "Ambient"})
    pages[1].press("Save", **{"box-I.18": "Chilled"}).press("Save")
    with using(Environment.PRODUCTION):
        assert filling.values_of(the_only_one())["I.18"] == "Ambient"


def test_what_is_missing_is_listed_and_leads_to_its_box(sender: PageClient) -> None:
    begun(sender)
    with using(Environment.PRODUCTION):
        number = the_only_one().id
    page = sender.get(f"{LIST}/{number}")
    assert "Something is still missing" in page.text
    links = page.tree.xpath("//a[contains(@href, '#box-I.14')]/@href")
    assert links == [f"{LIST}/{number}/boxes/transport#box-I.14"]
    assert sender.get(links[0].partition("#")[0]).tree.xpath("//*[@id='box-I.14']")
    assert not page.tree.xpath("//a[normalize-space()='Submit']")


def test_a_complete_draft_is_submitted_with_the_declaration_and_taken_back(
    sender: PageClient, journey: Journey
) -> None:
    with using(Environment.PRODUCTION):
        number = a_draft(journey, somebody_of(journey.sender)).id
    page = sender.get(f"{LIST}/{number}").click("Submit")
    assert page.press("Submit").status == 422
    done = page.press("Submit", declared="y")
    assert "The certificate was submitted." in done.text
    with using(Environment.PRODUCTION):
        assert the_only_one().state == "submitted"
    back = done.press("Take back")
    assert "It is a draft again." in back.text


def test_a_draft_is_deleted_and_its_page_is_gone(sender: PageClient, journey: Journey) -> None:
    with using(Environment.PRODUCTION):
        number = a_draft(journey, somebody_of(journey.sender)).id
    page = sender.get(f"{LIST}/{number}").click("Delete the draft")
    assert page.press("Delete the draft").status == 422
    assert "The draft was deleted." in page.press("Delete the draft", sure="y").text
    assert sender.get(f"{LIST}/{number}").status == 404


def test_a_copy_holds_what_stood_in_it(sender: PageClient, journey: Journey) -> None:
    with using(Environment.PRODUCTION):
        number = a_draft(journey, somebody_of(journey.sender)).id
    page = sender.get(f"{LIST}/{number}").press("Copy as new")
    assert "Look through every box." in page.text
    with using(Environment.PRODUCTION):
        copy = db.session.query(Certificate).order_by(Certificate.id.desc()).first()
        assert copy is not None
        assert copy.id != number
        assert filling.values_of(copy)["I.27"] == "12"
