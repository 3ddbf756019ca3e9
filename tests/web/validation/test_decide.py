"""One request: what a validator sees, the two decisions, and everybody who may not take them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles.models import Role
from tests.makers.identity import a_telephone, a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")


def address(role: Role, act: str = "") -> str:
    """The page of that request, or of one act on it."""
    return f"/production/validation/{role.id}" + (f"/{act}" if act else "")


def now(role: Role) -> Role:
    """The role as the database holds it."""
    db.session.rollback()
    return db.session.get_one(Role, role.id, populate_existing=True)


@pytest.fixture
def country(production: Environment) -> Country:
    """Belgium."""
    return a_country()


@pytest.fixture
def officer(country: Country) -> Account:
    """A user of the local authority."""
    return a_member(country.local, first_name="Dominique", last_name="Test")


def test_the_officer_sees_who_asks_and_the_evidence_but_no_number(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    person = a_user_with_telephone("Robin", "Modele", email="robin@fret.example")
    a_telephone(person, "+46701740609")
    role = a_request(
        an_operator("Fret Exemple", responsible=country.local), person, message="I am the new one"
    )
    page = sign_in_browser(visitor, officer).get(address(role))
    assert page.heading == "Request of Robin Modele"
    for words in ("robin@fret.example", "Fret Exemple", "I am the new one", "Looks like a personal one",
                  "Second factor", "Mobile Phone + SMS"):  # fmt: skip
        assert words in page.text
    assert "+46" not in page.text
    assert "09" not in page.text.split("Evidence")[-1].split("Account opened")[0]


def test_reading_the_evidence_leaves_a_trace_and_reading_without_it_none(
    visitor: PageClient, browser_of: Callable[[], PageClient], country: Country, officer: Account
) -> None:
    person = a_user_with_telephone("Robin", "Modele")
    role = a_request(an_operator("Fret Exemple", responsible=country.local), person)
    sign_in_browser(visitor, officer).get(address(role))
    sign_in_browser(browser_of(), person).get(address(role))
    readings = select(AuditEvent.actor_account_id, AuditEvent.subject_id).where(
        AuditEvent.name == "EvidenceRead"
    )
    assert db.session.execute(readings).all() == [(officer.id, role.id)]


def test_the_first_user_is_made_administrator_unless_the_tick_is_taken_away(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    first, second = (a_request(an_operator(responsible=country.local)) for _two in range(2))
    browser = sign_in_browser(visitor, officer)
    done = browser.get(address(first)).press("Validate")
    label = "Make this person the administrator of the organisation"
    browser.get(address(second)).press("Validate", by_label={label: False})
    assert "is valid now" in done.text
    assert (now(first).state, now(first).is_administrator) == ("valid", True)
    assert (now(second).state, now(second).is_administrator) == ("valid", False)


def test_the_tick_is_not_set_when_the_evidence_is_not_clear(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    role = a_request(an_operator(responsible=country.local), a_user_with_telephone(email="info@fret.example"))
    page = sign_in_browser(visitor, officer).get(address(role))
    assert page.field("Make this person the administrator of the organisation").get("checked") is None
    assert "the evidence is not clear" in page.text


def test_a_second_user_gets_no_administrator_tick_and_none_by_force(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    operator = an_operator(responsible=country.local)
    a_member(operator)
    role = a_request(operator)
    browser = sign_in_browser(visitor, officer)
    assert "administrator of the organisation" not in browser.get(address(role)).labels
    assert browser.post_with_token(address(role, "validate"), {"administrator": "y"}).status == 422
    assert now(role).state == "requested"


def test_the_role_alone_is_refused_for_a_new_operator_and_one_button_decides_both(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    operator = an_operator("Brand New", responsible=country.local, state=OrganisationState.NEW)
    role = a_request(operator)
    browser = sign_in_browser(visitor, officer)
    page = browser.get(address(role))
    assert not page.has_button("Validate")

    refused = browser.post_with_token(address(role, "validate"))
    assert refused.status == 422
    assert "The role alone cannot be validated" in refused.text
    assert now(role).state == "requested"

    page.press("Validate the operator and the role")
    assert (now(role).state, now(role).is_administrator) == ("valid", True)
    assert db.session.get_one(Organisation, operator.id).state == "valid"


def test_a_rejection_needs_a_reason_and_words_for_another_reason(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    role = a_request(an_operator(responsible=country.local))
    page = sign_in_browser(visitor, officer).get(address(role)).click("Reject")
    assert page.press("Reject the request").status == 422
    refused = page.press("Reject the request", reason="other")
    assert (refused.status, now(role).state) == (422, "requested")

    done = refused.press("Reject the request", reason="other", by_label={"Explanation": "Ask your manager."})

    assert done.heading == "Pending requests"
    assert (now(role).state, now(role).reason_text) == ("rejected", "Ask your manager.")


def test_the_slower_of_two_validators_is_told_who_and_when(
    visitor: PageClient, browser_of: Callable[[], PageClient], country: Country, officer: Account
) -> None:
    role = a_request(an_operator(responsible=country.local))
    slow = sign_in_browser(visitor, a_member(country.central))
    opened, rejecting = slow.get(address(role)), slow.get(address(role, "reject"))
    sign_in_browser(browser_of(), officer).get(address(role)).press("Validate")

    for late in (opened.press("Validate"), rejecting.press("Reject the request", reason="duplicate")):
        assert late.status == 409
        assert "Dominique Test validated this request on" in late.text
    assert now(role).state == "valid"
    assert not slow.get(address(role)).has_button("Validate")


def test_ones_own_request_opens_without_buttons_and_is_not_decided(
    visitor: PageClient, country: Country
) -> None:
    person = a_member(country.central)
    role = a_request(country.local, person)
    browser = sign_in_browser(visitor, person)
    page = browser.get(address(role))
    assert "This is your own request" in page.text
    assert not page.has_button("Validate")
    assert "Looks like a personal one" not in page.text
    for act in ("validate", "reject"):
        assert browser.post_with_token(address(role, act), {"reason": "duplicate"}).status == 403
    assert now(role).state == "requested"


def test_the_commission_reads_an_operators_request_without_buttons(
    visitor: PageClient, country: Country
) -> None:
    role = a_request(an_operator("Fret Exemple", responsible=country.local))
    browser = sign_in_browser(visitor, a_member(country.commission, administrator=True))
    page = browser.get(address(role))
    assert "Fret Exemple" in page.text
    assert not page.has_button("Validate")
    assert "Reject" not in page.text
    for act in ("validate", "reject"):
        assert browser.post_with_token(address(role, act), {"reason": "duplicate"}).status == 403
    assert now(role).state == "requested"


def test_who_may_not_know_of_a_request_finds_nothing(
    visitor: PageClient, browser_of: Callable[[], PageClient], country: Country
) -> None:
    role = a_request(an_operator(responsible=country.local))
    with using(Environment.TRAINING):
        foreign = a_request(an_operator())
    abroad = sign_in_browser(
        visitor, a_member(an_authority("Abroad", above=country.commission, country="FR"))
    )
    colleague = sign_in_browser(browser_of(), a_member(an_operator()))
    for browser in (abroad, colleague):
        for number in (role.id, foreign.id, 999_999):
            path = f"/production/validation/{number}"
            statuses = {browser.get(path).status, browser.get(path + "/reject").status}
            statuses |= {browser.post_with_token(f"{path}/{act}").status for act in ("validate", "reject")}
            assert statuses == {404}
    assert now(role).state == "requested"


def test_the_password_alone_learns_nothing_of_requests(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    role = a_request(an_operator("Fret Exemple", responsible=country.local))
    browser = sign_in_browser(visitor, officer, second_factor=False)
    answers = [browser.get(f"/production/validation/{number}", follow=False) for number in (role.id, 999_999)]
    assert {answer.status for answer in answers} <= {302, 403}
    assert len({answer.status for answer in answers}) == 1
    assert all("Fret Exemple" not in answer.text for answer in answers)
    assert browser.post_with_token(address(role, "validate")).status == 403
    assert now(role).state == "requested"


def test_a_decision_without_the_forms_token_is_refused(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    role = a_request(an_operator(responsible=country.local))
    browser = sign_in_browser(visitor, officer)
    assert browser.post(address(role, "validate")).status == 400
    assert browser.get(address(role, "validate")).status == 405
    assert now(role).state == "requested"


def test_fields_that_no_form_offers_change_nothing(
    visitor: PageClient, country: Country, officer: Account
) -> None:
    role = a_request(an_operator(responsible=country.local))
    extra = {
        "state": "suspended",
        "account_id": "1",
        "role_id": "1",
        "decided_by": "1",
        "environment": "training",
    }
    sign_in_browser(visitor, officer).post_with_token(address(role, "validate"), extra)
    assert (now(role).state, now(role).account_id, now(role).decided_by) == (
        "valid",
        role.account_id,
        officer.id,
    )
