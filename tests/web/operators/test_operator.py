"""The page of an operator: who opens it, what its people and its authorities change, two who change it at once."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.organisations.models import Organisation
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.operators import CATTLE
from tests.makers.organisations import Country, a_country, an_activity, an_authority, an_operator
from tests.makers.roles import a_member
from tests.page import PageClient


@pytest.fixture
def country(production: None) -> Country:
    """A whole tree."""
    return a_country()


@pytest.fixture
def operator(country: Country) -> Organisation:
    """A valid operator."""
    return an_operator(
        "Ferme Exemple", responsible=country.local, activity=CATTLE, street="Rue 1", city="Liège",
        telephone="+32 4 555 01 02",
    )  # fmt: skip


def address(operator: Organisation) -> str:
    """Its page."""
    return f"/production/operators/{operator.id}"


def test_its_people_its_authorities_and_the_commission_open_it_and_nobody_else(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    foreign = an_authority("Foreign", above=country.commission, country="FR")
    people = {
        200: [
            a_member(operator),
            a_member(country.local),
            a_member(country.central),
            a_member(country.commission),
        ],
        403: [a_member(an_operator("Other")), a_member(foreign), a_user_with_telephone()],
    }
    for status, accounts in people.items():
        for account in accounts:
            browser = sign_in_browser(PageClient(visitor.app), account)
            assert browser.get(address(operator)).status == status
    assert visitor.get(address(operator), follow=False).status == 302
    officer = sign_in_browser(PageClient(visitor.app), a_member(country.local))
    assert officer.get(f"/production/operators/{country.local.id}").status == 404
    assert officer.get(f"/training/operators/{operator.id}").status == 404


def test_a_plain_user_reads_and_changes_nothing(visitor: PageClient, operator: Organisation) -> None:
    activity_id = operator.activities[0].id
    browser = sign_in_browser(visitor, a_member(operator))
    page = browser.get(address(operator))
    assert not page.tree.xpath("//main//a[normalize-space()='Edit' or normalize-space()='Suspend']")
    for path in ("edit", "addresses/add", "activities/add"):
        assert browser.get(f"{address(operator)}/{path}").status == 403
    for act in ("validate", "reject", "suspend", "lift", "delete"):
        assert browser.get(f"/production/operators/activities/{activity_id}/{act}").status == 403


def test_the_administrator_changes_the_name_and_the_authority_validates_it_again(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    chief = sign_in_browser(PageClient(visitor.app), a_member(operator, administrator=True))
    page = chief.get(address(operator)).click("Edit")
    assert "validates every activity again" in page.text
    done = page.press("Save", by_label={"Name": "Ferme Nouvelle"})
    assert done.heading == "Ferme Nouvelle"
    assert "The authority validates the operator again." in done.text

    officer = sign_in_browser(visitor, a_member(country.local))
    waiting = officer.get("/production/operators?country=BE&state=new")
    question = waiting.click("Ferme Nouvelle").click("Validate")
    assert question.heading == "Validate this activity?"
    assert "The activity is valid." in question.press("Validate").text
    db.session.expire_all()
    assert db.session.get_one(Organisation, operator.id).state == "valid"


def test_the_second_of_two_who_change_it_decides_field_by_field(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    first = sign_in_browser(PageClient(visitor.app), a_member(country.local))
    second = sign_in_browser(visitor, a_member(country.local))
    mine = second.get(f"{address(operator)}/edit")
    first.get(f"{address(operator)}/edit").press(
        "Save", by_label={"City": "Namur", "Street and number": "Rue 2"}
    )

    both = mine.press("Save", by_label={"City": "Huy", "Phone": "+32 4 555 09 09"})
    assert (both.status, both.heading) == (409, "Somebody else changed this operator too")
    assert "Keep theirs: Namur" in both.text
    assert both.press("Save").status == 422

    keep = {"Keep theirs: Namur": True, "Keep mine: +32 4 555 09 09": True, "Keep theirs: Rue 2": True}
    done = both.press("Save", by_label=keep)
    assert done.heading == "Ferme Exemple"
    db.session.expire_all()
    row = db.session.get_one(Organisation, operator.id)
    assert (row.city, row.street, row.telephone) == ("Namur", "Rue 2", "+32 4 555 09 09")


def test_addresses_are_added_changed_made_main_and_removed(
    visitor: PageClient, operator: Organisation
) -> None:
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = chief.get(address(operator)).click("Add an address")
    typed = {"Street and number": "Quai 3", "City": "Anvers", "What is there": "Yard"}
    added = page.press("Add", by_label=typed)
    assert "Quai 3" in added.text
    edit = added.tree.xpath("//section[@aria-labelledby='addresses']//a[normalize-space()='Edit']/@href")[0]
    changed = chief.get(edit).press("Save", by_label={"Street and number": "Quai 4"})
    assert "Quai 4" in changed.text
    assert "Rue 1" in changed.text
    main = changed.click("Make it the main address").press("Make it the main address")
    assert "The operator has another main address." in main.text
    gone = main.click("Remove").press("Remove")
    assert "The operator has its main address only." in gone.text


def test_an_officer_suspends_an_activity_with_a_reason_and_lifts_it(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    browser = sign_in_browser(visitor, a_member(country.local))
    page = browser.get(address(operator)).click("Suspend")
    assert page.press("Suspend").errors == ["Choose a reason."]
    other = page.press("Suspend", reason="other")
    assert other.errors == ["Explain the reason in a sentence."]
    done = page.press("Suspend", reason="ceased")
    assert "The operator has ceased this activity." in done.text
    assert (
        "The suspension of the activity was lifted."
        in done.click("Lift the suspension").press("Lift the suspension").text
    )


def test_the_slower_of_two_who_decide_is_told_who_was_faster(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    quick = a_member(country.local, first_name="Quick", last_name="Officer")
    slow = sign_in_browser(visitor, a_member(country.local))
    question = slow.get(address(operator)).click("Suspend")
    first = sign_in_browser(PageClient(visitor.app), quick)
    first.get(address(operator)).click("Suspend").press("Suspend", reason="ceased")
    late = question.press("Suspend", reason="duplicate")
    assert late.status == 409
    assert "Quick Officer decided this activity" in late.text


def test_the_whole_operator_is_suspended_and_its_users_lose_their_access(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    an_activity(operator, country.local, ("RFL", "responsible"))
    member = sign_in_browser(PageClient(visitor.app), a_member(operator, administrator=True))
    browser = sign_in_browser(visitor, a_member(country.local))
    done = (
        browser.get(address(operator)).click("Suspend the operator").press("Suspend", reason="infringement")
    )
    assert "2 activities were decided." in done.text
    assert member.get(address(operator)).status == 403


def test_an_administrator_adds_an_activity(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = chief.get(address(operator)).click("Add an activity")
    found = page.press(
        "Show the responsible authorities", by_label={"Chapter or activity": "FLEGT|timber_importer"}
    )
    assert "Responsible authority, found by the address: Local authority" in found.text
    done = found.press("Add the activity")
    assert "The activity was added and waits for validation." in done.text
    again = page.press("Add the activity", by_label={"Chapter or activity": "FLEGT|timber_importer"})
    assert again.errors == ["The operator has this activity already."]


def test_two_records_are_merged_and_the_old_address_leads_to_the_survivor(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    loser = an_operator("Ferme Exemple SA", responsible=country.local, activity=("RFL", "responsible"))
    person = a_member(loser)
    browser = sign_in_browser(visitor, a_member(country.local))
    choice = browser.get(address(operator)).click("Merge with another record")
    plan = choice.click("See what would move")
    assert "Roles and requests: 1" in plan.text
    assert plan.press("Merge the records").status == 422
    done = plan.press("Merge the records", by_label={
        "Both records mean the same operator. I have read what moves.": True
    })  # fmt: skip
    assert "The two records are one now." in done.text
    assert "Merged records" in done.text
    old = browser.get(f"/production/operators/{loser.id}")
    assert (old.path, old.heading) == (address(operator), "Ferme Exemple")
    member = sign_in_browser(PageClient(visitor.app), person)
    assert member.get(f"/production/operators/{loser.id}").heading == "Ferme Exemple"
    again = browser.get(f"{address(operator)}/merge/{loser.id}")
    assert again.status == 409
