"""The daily work of a central authority: many decisions at once, a question, a deputy, people, operators, records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import sealing
from portal.organisations.models import Organisation
from tests.makers.organisations import an_operator
from tests.stories.acts import mail_to, opens_the_request_of, signs_in_with_sms
from tests.stories.hands import (
    Someone,
    fills,
    follows,
    goes_to,
    is_on,
    presses,
    reads,
    sees,
    sees_nothing_of,
)
from tests.stories.people import Meet, has_asked, member_of, number_of, somebody
from tests.stories.tour_of_work import waits_for_the_end

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "de"])]
OFFICE, OPERATOR = "demo/FR/CCA", "demo/FR/named-4"
QUEUE = "/production/validation"


@pytest.fixture
def dominique(meet: Meet, language: str) -> Someone:
    """The administrator of a central authority, signed in and at the queue."""
    who = meet(language, "national-authority")
    signs_in_with_sms(who, QUEUE)
    return who


def test_requests_are_filtered_and_several_validated_with_a_dry_run_and_a_page_of_progress(
    dominique: Someone,
) -> None:
    page = dominique.page
    page.get_by_role("main").locator("a.chip", has_text=dominique.says("Operator")).first.click()
    for name, is_there in (("Maxime Essai", True), ("Charlie Prototype", True), ("Andrea Maquette", False)):
        (sees if is_there else sees_nothing_of)(dominique, name)
    for name in ("Maxime Essai", "Charlie Prototype"):
        page.get_by_role("row").filter(has_text=name).get_by_role("checkbox").check()
    presses(dominique, "Validate those ticked…")
    reads(dominique, "Nothing has been done yet")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("main form button.button--green").click()
    waits_for_the_end(dominique)
    expect(page.locator(".banner--success")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    goes_to(dominique, QUEUE)
    sees_nothing_of(dominique, "Charlie Prototype")
    sees(dominique, "Andrea Maquette")


def test_a_question_to_the_requester_comes_back_with_its_answer(
    dominique: Someone, meet: Meet, language: str
) -> None:
    camille = has_asked(somebody(meet, language, "+46701740605"), OPERATOR)
    goes_to(dominique, QUEUE)
    opens_the_request_of(dominique, "Camille Nouveau", "Fret Exemple SAS")
    follows(dominique, "Ask the requester")
    fills(dominique, "Question", "Vous remplacez qui ?")
    presses(dominique, "Send the question")
    sees_nothing_of(dominique, "Camille Nouveau")
    assert "Vous remplacez qui ?" in mail_to(camille)["body"]
    signs_in_with_sms(camille)
    where = camille.says("Where is my request for %(organisation)s?", organisation="Fret Exemple SAS")
    camille.page.get_by_title(where).click()
    sees(camille, "Vous remplacez qui ?")
    fills(camille, "Your answer", "Madame Modèle, partie en mai.")
    presses(camille, "Send the answer")
    goes_to(dominique, QUEUE)
    opens_the_request_of(dominique, "Camille Nouveau", "Fret Exemple SAS")
    sees(dominique, "Madame Modèle, partie en mai.")


def test_a_colleague_is_named_as_deputy_and_a_role_is_suspended_and_lifted_with_a_reason(
    dominique: Someone, meet: Meet, language: str
) -> None:
    lou = member_of(somebody(meet, language, "+46701740605", first_name="Lou", last_name="Adjoint"), OFFICE)
    goes_to(dominique, "/production/deputies/name")
    dominique.page.get_by_label(dominique.says("Colleague")).select_option(index=1)
    today = clock.now().date()
    fills(dominique, "First day of the absence", str(today))
    fills(dominique, "Last day of the absence", str(today + timedelta(days=5)))
    presses(dominique, "Name a deputy")
    is_on(dominique, "Deputies")
    sees(dominique, "Lou Adjoint")
    opens_the_role_of(dominique, "Lou Adjoint")
    for act, reason in (("Suspend the role", "left"), ("Lift the suspension", "mistake")):
        follows(dominique, act)
        dominique.page.locator(f"input[name=reason][value={reason}]").check()
        fills(dominique, "Explanation", "Vérifié par téléphone.")
        presses(dominique, act)
        expect(dominique.page.locator(".banner--success")).to_be_visible()
        assert "Vérifié par téléphone." in mail_to(lou)["body"]


def opens_the_role_of(who: Someone, name: str) -> None:
    """From the list of members to the person, and on to the role."""
    goes_to(who, "/production/administration/members")
    follows(who, "Open the page of %(person)s", person=name)
    who.page.locator("main ul a").first.click()


def test_two_records_of_an_operator_are_merged_after_a_look_at_what_moves(dominique: Someone) -> None:
    office = number_of(dominique, OFFICE)
    with dominique.site.inside(), using(Environment.PRODUCTION):
        facts = {"responsible": db.session.get_one(Organisation, office), "country": "FR", "city": "Dijon"}
        stays, _goes = (an_operator(name, **facts).id for name in ("Moutarde Test", "Moutarde Test SA"))  # type: ignore[arg-type]
    goes_to(dominique, f"/production/operators/{stays}/merge")
    dominique.page.get_by_role("row").filter(has_text="Moutarde Test SA").get_by_role("link").click()
    is_on(dominique, "Merge two records?")
    dominique.page.locator("main form input[type=checkbox]").check()
    presses(dominique, "Merge the records")
    is_on_the_page_of(dominique, "Moutarde Test")
    goes_to(dominique, "/production/operators/find?country=FR&text=moutarde")
    expect(dominique.page.locator("tbody tr")).to_have_count(1)


def is_on_the_page_of(who: Someone, name: str) -> None:
    """A name is the heading."""
    expect(who.page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def test_a_list_leaves_as_a_file_figures_are_read_and_the_trail_is_searched(dominique: Someone) -> None:
    with dominique.page.expect_download() as download:
        follows(dominique, "Export (CSV)")
    assert "Andrea Maquette" in download.value.path().read_text("utf-8-sig")
    with dominique.site.inside():
        sealing.seal()
    goes_to(dominique, "/production/administration")
    follows(dominique, "Figures")
    reads(dominique, "Requests that wait")
    goes_to(dominique, "/production/audit-trail")
    fills(dominique, "E-mail address or user name of a person", dominique.email)
    presses(dominique, "Search")
    dominique.page.locator("tbody tr").filter(has_text="Dominique Test").first.wait_for()
    box = dominique.says("Events of accounts, which belong to no environment")
    expect(dominique.page.get_by_label(box)).to_have_count(0)
