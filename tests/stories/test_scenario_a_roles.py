"""Scenario A, second half: requests, their decision, the profile; in French, German and English, on both databases."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.stories.acts import (
    asks_for_a_role,
    chips,
    opens_the_request_of,
    searches,
    signs_in_with_sms,
    signs_out,
    ticks_the_row,
    validates,
)
from tests.stories.hands import (
    Someone,
    button,
    columns,
    field,
    follows,
    goes_to,
    is_on,
    link,
    presses,
    reads,
    sees,
    sees_nothing_of,
)  # fmt: skip
from tests.stories.people import Meet, member_of, somebody
from tests.stories.test_scenario_a_account import in_each_language
from tests.stories.words import say, say_count

pytestmark = [pytest.mark.browser, in_each_language]
NEW = "/production/role-requests/new"
NONE_YET = "You currently have no role that allows you to access the application."


@pytest.fixture
def camille(meet: Meet, language: str) -> Someone:
    """A person with an account and a second factor, without a role."""
    return somebody(meet, language, "+46701740605")


def counted(language: str, requested: int, suspended: int, valid: int) -> list[str]:
    """The three chips of the profile."""
    counts = {"Requested": requested, "Suspended": suspended, "Valid": valid}
    return [f"{count} {say(language, state)}" for state, count in counts.items()]


def test_a10_to_a14_an_operator_is_found_and_a_role_asked_for(camille: Someone) -> None:
    signs_in_with_sms(camille)
    is_on(camille, "Request authorisation")
    for words in (NONE_YET, "Select the type of organisation for which you request access:", "Personal information",
                  "Full name", "Domain", "External", "Username", "profile|E-mail"):  # fmt: skip
        reads(camille, words)
    for words in ("Operator", "Organic Control Body", "Authority", "My account on EU Login",
                  "Change your EU Login password", "Update your information on EU Login"):  # fmt: skip
        assert link(camille, words).is_visible()
    follows(camille, "Operator")
    is_on(camille, "Select an existing operator")
    assert field(camille, "Country").get_attribute("required") is not None
    searches(camille, "operator", "BE", Search="TÉST")
    says = camille.says
    assert columns(camille) == [says("Name"), says("Address"), says("Activities"), says("Select all")]
    row = camille.page.get_by_role("row").filter(has_text="ABC test Operator")
    assert "EORI" in row.get_by_role("rowheader").inner_text()
    ticks_the_row(camille, "ABC test Operator")
    presses(camille, "Request authorisation")
    is_on(
        camille, "Confirm the authorisation request for %(organisations)s", organisations="ABC test Operator"
    )
    reads(camille, "Optionally, you can provide additional useful information.")
    for label in ("Message", "profile|E-mail", "Phone"):
        assert field(camille, label).is_visible()
    follows(camille, "Cancel")
    goes_to(camille, "/production/profile")
    reads(camille, NONE_YET)
    asks_for_a_role(camille, "BE", "ABC test Operator")
    assert camille.page.locator(".banner--success").count() == 1
    assert chips(camille) == counted(camille.language, 1, 0, 0)


def test_a21_and_a26_other_environments_know_nothing_and_chips_filter_with_counts_that_stay(
    camille: Someone,
) -> None:
    signs_in_with_sms(camille)
    asks_for_a_role(camille, "FR", "Fret Exemple SAS")
    expect(camille.page.locator("tbody tr")).to_have_count(1)
    before = chips(camille)
    camille.page.get_by_role("link", name=before[0]).click()
    reads(camille, "No role has this status")
    assert chips(camille) == before
    camille.page.get_by_role("link", name=before[0]).click()
    sees(camille, "Fret Exemple SAS")
    for environment in ("acceptance", "training"):
        goes_to(camille, f"/{environment}/profile")
        is_on(camille, "Request authorisation")
        reads(camille, NONE_YET)
        sees_nothing_of(camille, "Fret Exemple SAS")


def test_a18_every_authority_of_the_page_is_asked_for_with_one_tick(camille: Someone) -> None:
    signs_in_with_sms(camille)
    follows(camille, "Authority")
    is_on(camille, "Select an authority")
    searches(camille, "authority", "FR", Role="LAU")
    says = camille.says
    wanted = ("Name", "Full address", "Role", "Competence", "Code", "Select all")
    assert columns(camille) == [says(text) for text in wanted]
    asks_for_every_row(camille)


def test_a19_a_control_body_stands_on_a_row_for_each_of_its_codes(camille: Someone) -> None:
    signs_in_with_sms(camille)
    follows(camille, "Organic Control Body")
    is_on(camille, "Select an organic control body")
    searches(camille, "control-body", "BE", Name="CERT EXEMPLE")
    assert "BE-BIO-99" in camille.page.locator("tbody").inner_text()
    asks_for_every_row(camille)


def asks_for_every_row(who: Someone) -> None:
    """«Select all», then one request for each row."""
    boxes = who.page.locator("tbody input[type=checkbox]")
    count = boxes.count()
    field(who, "Select all").check()
    expect(who.page.locator("tbody input[type=checkbox]:checked")).to_have_count(count)
    presses(who, "Request authorisation")
    presses(who, "Send authorisation request")
    sees(who, say_count(who.language, "Your request was sent.", "Your %(num)d requests were sent.", count))
    assert chips(who) == counted(who.language, count, 0, 0)


def test_a20_who_holds_an_operator_role_is_offered_operators_only(camille: Someone) -> None:
    member_of(camille, "demo/FR/named-4")
    signs_in_with_sms(camille)
    follows(camille, "Request a new role")
    is_on(camille, "Select an existing operator")
    assert camille.page.goto(f"{camille.site.address}{NEW}/authority").status == 403


def test_a22_nobody_decides_an_own_request(meet: Meet, language: str) -> None:
    dominique = meet(language, "national-authority")
    signs_in_with_sms(dominique)
    goes_to(dominique, f"{NEW}/authority")
    searches(dominique, "authority", "FR", Role="LAU")
    dominique.page.locator("tbody input[type=checkbox]").first.check()
    presses(dominique, "Request authorisation")
    presses(dominique, "Send authorisation request")
    withdraw = dominique.page.locator("a[href*=withdraw]").get_attribute("href") or ""
    number = withdraw.split("/")[-2]
    goes_to(dominique, f"/production/validation/{number}")
    expect(button(dominique, "Validate")).to_have_count(0)
    assert posts(dominique, f"/production/validation/{number}/validate") == 403


def posts(who: Someone, path: str) -> int:
    """Sends a form that no page offers, with the token of one that a page does; the status."""
    token = who.page.locator("input[name=csrf_token]").first.get_attribute("value")
    answer = who.page.context.request.post(
        who.site.address + path, form={"csrf_token": token or ""}, headers={"Origin": who.site.address}
    )
    return answer.status


def test_a24_the_first_user_validates_the_second_one_only_as_administrator(meet: Meet, language: str) -> None:
    colleague = member_of(somebody(meet, language, "+46701740698"), "demo/FR/named-5")
    robin = meet(language, "operator-admin")
    signs_in_with_sms(colleague)
    assert posts(colleague, f"/production/validation/{number_of_the_request(robin)}/validate") == 403
    opens_the_request_of(robin, "Maxime Essai", "Élevage Exemple GAEC")
    validates(robin)
    reads(robin, "The role in %(organisation)s is valid now.", organisation="Élevage Exemple GAEC")
    told = robin.site.messages("maxime.essai@elevage.example")[0]
    assert "Élevage Exemple GAEC" in told["body"]


def number_of_the_request(robin: Someone) -> str:
    """Which one it is, as the administrator sees it in the queue."""
    signs_in_with_sms(robin, "/production/validation")
    href = robin.page.locator("tbody a").first.get_attribute("href") or ""
    return href.rstrip("/").split("/")[-1]


def test_a27_after_signing_out_the_back_button_shows_nothing_private(camille: Someone) -> None:
    signs_in_with_sms(camille)
    asks_for_a_role(camille, "FR", "Fret Exemple SAS")
    signs_out(camille)
    for _step in range(2):
        camille.page.go_back()
        sees_nothing_of(camille, "Fret Exemple SAS")
        sees_nothing_of(camille, camille.email)
    goes_to(camille, "/production/profile")
    is_on(camille, "Sign in to continue")
