"""Pages of one role: suspended, lifted, removed, limited, its administrator; warnings, and who was faster."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.models import Role
from portal.roles.standing_in import today
from portal.roles.states import RoleState
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_person, a_role
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
LEFT = {"The person has left the organisation.": True}


@pytest.fixture
def operator(production: None) -> Organisation:
    """An operator."""
    return an_operator("Fret Exemple")


@pytest.fixture
def role(operator: Organisation) -> Role:
    """A colleague's role in it."""
    return a_role(a_person("Camille", "Exemple"), operator)


def page_of(role: Role, after: str = "") -> str:
    """The address of the role's page, or of one below it."""
    return f"/production/administration/members/roles/{role.id}{after}"


def now(role: Role) -> Role:
    """The row as it stands, in whatever session is open."""
    db.session.expire_all()
    return db.session.scalars(select(Role).where(Role.id == inspect(role).identity[0])).one()


def person_of(role: Role) -> Account:
    """The account of the role."""
    return db.session.get_one(Account, now(role).account_id)


def test_a_role_is_suspended_with_a_reason_and_lifted_again(
    visitor: PageClient, operator: Organisation, role: Role
) -> None:
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    person = chief.get(f"/production/administration/members/{role.account_id}").click("Fret Exemple")
    assert person.heading == "Camille Exemple in Fret Exemple"
    asked = person.click("Suspend the role")
    assert asked.press("Suspend the role").status == 422
    done = asked.press("Suspend the role", by_label=LEFT)
    assert "The role is suspended, and the person is told." in done.text
    assert "The person has left the organisation." in done.text
    lifted = done.click("Lift the suspension").press(
        "Lift the suspension", by_label={"The person is back.": True}
    )
    assert "The role is valid again" in lifted.text
    assert now(role).state == RoleState.VALID


def test_another_reason_needs_words(visitor: PageClient, operator: Organisation, role: Role) -> None:
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = chief.get(page_of(role, "/remove"))
    refused = page.press("Remove the role", by_label={"Another reason, explained below.": True})
    assert refused.status == 422
    assert "Explain the reason in a sentence." in refused.text
    assert now(role).state == RoleState.VALID


def test_who_was_slower_reads_who_was_faster(visitor: PageClient, operator: Organisation, role: Role) -> None:
    quick = a_member(operator, administrator=True, first_name="Lou", last_name="Premier")
    slow = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = slow.get(page_of(role, "/remove"))
    sign_in_browser(PageClient(visitor.app), quick).get(page_of(role, "/suspend")).press(
        "Suspend the role", by_label=LEFT
    )
    late = page.press("Remove the role", by_label=LEFT)
    assert late.status == 409
    assert "Lou Premier changed this role" in late.text
    assert "Suspended" in late.text


def test_the_last_administrator_is_warned_of_and_cannot_leave_alone(visitor: PageClient) -> None:
    country = a_country()
    chief = a_person("Camille", "Exemple")
    role = a_role(chief, an_operator("Fret Exemple", responsible=country.local), administrator=True)
    own = sign_in_browser(visitor, chief)
    page = own.get(page_of(role))
    assert "You are the last administrator" in page.text
    assert "Give up the role" not in page.text
    assert own.get(page_of(role, "/give-up")).status == 403
    assert own.post_with_token(page_of(role, "/give-up"), {"version": "1"}).status == 403
    official = sign_in_browser(PageClient(visitor.app), a_member(country.local))
    warned = official.get(page_of(role, "/no-administrator"))
    assert "This is the last administrator" in warned.text
    assert "It is done" in warned.press("Take the administration away").text
    assert not now(role).is_administrator
    members = official.get("/production/administration/members", query={"which": "without-administrator"})
    assert "Camille Exemple" in members.text
    assert "Without an administrator" in members.text


def test_people_give_their_own_role_up(visitor: PageClient, role: Role) -> None:
    own = sign_in_browser(visitor, person_of(role))
    page = own.get("/production/profile").click("Open").click("Give up the role")
    assert "You have given the role up." in page.press("Give up the role").text
    assert now(role).state == RoleState.REMOVED


def test_administrators_are_named_and_the_commissions_by_two(visitor: PageClient) -> None:
    top = a_country().commission
    role = a_role(a_person("Camille", "Exemple"), top)
    first, second = (
        sign_in_browser(PageClient(visitor.app), a_member(top, administrator=True)) for _ in range(2)
    )
    proposed = first.get(page_of(role)).click("Make administrator").press("Propose")
    assert "Another administrator must confirm it." in proposed.text
    assert first.get(page_of(role, "/administrator")).status == 403
    named = second.get(page_of(role)).click("Confirm as administrator").press("Confirm")
    assert "The person is administrator now" in named.text


def test_the_last_day_is_set_shown_to_the_person_and_more_time_asked_for(
    visitor: PageClient, operator: Organisation, role: Role
) -> None:
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = chief.get(page_of(role, "/last-day"))
    assert page.press("Save", last_day="2001-01-01").status == 422
    day = (today() + timedelta(days=20)).isoformat()
    assert "The last day is kept" in page.press("Save", last_day=day).text
    own = sign_in_browser(PageClient(visitor.app), person_of(role))
    asked = own.get(page_of(role)).press("Ask for more time")
    assert "Those who may set another last day are told." in asked.text
    waiting = chief.get("/production/administration/members", query={"which": "renewal-asked"})
    assert "Camille Exemple" in waiting.text


def test_strangers_and_colleagues_do_not_know_of_the_role(
    visitor: PageClient, operator: Organisation, role: Role
) -> None:
    for stranger in (a_member(an_operator(), administrator=True), a_member(operator)):
        browser = sign_in_browser(PageClient(visitor.app), stranger)
        for after in ("", "/suspend", "/lift", "/remove", "/last-day", "/administrator", "/no-administrator"):
            assert browser.get(page_of(role, after)).status == 404, after
        assert browser.post_with_token(page_of(role, "/renew"), {"version": "1"}).status == 404
    asked = a_role(a_person(), operator, RoleState.REQUESTED)
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    assert chief.get(page_of(asked)).status == 404


def test_a_denial_leaves_its_event_with_who_what_and_which(
    visitor: PageClient, operator: Organisation, role: Role
) -> None:
    stranger, number = a_member(an_operator(), administrator=True), role.id
    who = stranger.id
    assert sign_in_browser(visitor, stranger).get(page_of(role, "/remove")).status == 404
    event = db.session.query(AuditEvent).filter_by(name="AccessDenied").one()
    assert event.actor_account_id == who
    assert json.loads(event.facts) == {
        "action": "member:read",
        "target_kind": "HeldRole",
        "target_id": number,
    }


def test_the_flag_to_sign_is_given_and_taken_on_pages_of_its_own(visitor: PageClient) -> None:
    office = a_country().local
    colleague = a_role(a_person("Alix", "Specimen"), office)
    chief = sign_in_browser(visitor, a_member(office, administrator=True))
    given = chief.get(page_of(colleague)).click("Allow signing").press("Allow signing")
    assert "The person may sign certificates now" in given.text
    assert now(colleague).may_sign
    taken = given.click("End signing").press("End signing")
    assert "no longer signs certificates" in taken.text
    assert not now(colleague).may_sign
