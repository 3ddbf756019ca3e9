"""«Why can I (not) do this»: each profile with the link that fails; the page says what the rules say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.access.authorise import may
from portal.database import db
from portal.organisations.models import Organisation
from portal.roles import explaining
from portal.roles.models import Role
from portal.roles.standing_in import today
from portal.roles.states import RoleState
from portal.vocabulary import Method
from portal.web import rights_words
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member, a_role, acting
from tests.page import Page, PageClient

pytestmark = pytest.mark.usefixtures("production")
PAGE = "/production/profile/rights"


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


def row(page: Page, words: str) -> str:
    """The line of the page about that goal, of the first profile that has it."""
    found = page.tree.xpath(f"//tr[th[contains(., '{words}')]]")
    return " ".join(found[0].text_content().split())


def test_without_a_role_the_first_link_fails_and_one_may_ask(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_user_with_telephone()).get(PAGE)
    assert "You have no role here yet" in page.text
    assert row(page, "Ask for a role in an operator").endswith("Yes–")


def test_an_operators_simple_user_is_told_who_does_it(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_member(an_operator("Fret Exemple"))).get(PAGE)
    assert "NoRule: Only administrators of the organisation, and who stands in" in row(
        page, "Validate colleagues"
    )
    assert "NoRule: One type of role for each person" in row(page, "Ask for a role in an authority")
    assert "Yes" in row(page, "See the rights on documents")


def test_an_administrator_may(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_member(an_operator("Fret Exemple"), administrator=True)).get(PAGE)
    for words in ("Validate colleagues", "Keep the duty phones", "Change the details of your operator"):
        assert "Yes" in row(page, words)


def suspend_role(role: Role) -> None:
    role.state = RoleState.SUSPENDED


def suspend_organisation(role: Role) -> None:
    role.organisation.state = "suspended"


def end(role: Role) -> None:
    role.valid_until = today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("breaking", "words"),
    [
        (suspend_role, "State: Your role is suspended."),
        (suspend_organisation, "State: The organisation is suspended"),
        (end, "Dates: The last day of your role is over."),
    ],
    ids=["role", "organisation", "last day"],
)
def test_the_link_that_fails_is_named(visitor: PageClient, breaking: object, words: str) -> None:
    person = a_user_with_telephone()
    role = a_role(person, an_operator("Fret Exemple"), administrator=True)
    breaking(role)  # type: ignore[operator]
    db.session.commit()
    page = sign_in_browser(visitor, person).get(PAGE)
    assert "This profile gives no right at the moment" in page.text
    assert words in page.text


def test_a_request_that_waits_gives_no_right(visitor: PageClient) -> None:
    person = a_user_with_telephone()
    a_role(person, an_operator("Fret Exemple"), RoleState.REQUESTED)
    assert "Role: Your request has not been decided yet." in sign_in_browser(visitor, person).get(PAGE).text


def test_a_method_that_decides_nothing_here_is_the_link_that_fails(country: Country) -> None:
    actor = acting(a_member(country.local))
    policy = replace(actor.policy, decision_methods=frozenset({Method.SECURITY_KEY}))
    role = db.session.query(Role).filter_by(account_id=actor.account_id).one()
    answers = {one.goal.name: one for one in explaining.answers_for(role, replace(actor, policy=policy))}
    assert answers["below"].broken == explaining.Broken(explaining.Link.METHOD, "method")
    assert answers["queue"].broken is None


@pytest.mark.parametrize("kind", ["operator", "body", "central", "customs", "commission"])
@pytest.mark.parametrize("administrator", [False, True])
def test_every_answer_is_that_of_the_rule(country: Country, kind: str, administrator: bool) -> None:
    body = a_control_body()
    homes: dict[str, Organisation] = {"operator": an_operator(), "body": body}
    home = homes.get(kind) or getattr(country, kind)
    scope = a_scope(body, supervisor=country.central) if kind == "body" else None
    actor = acting(a_member(home, administrator=administrator, scope=scope))
    role = db.session.query(Role).filter_by(account_id=actor.account_id).one()
    for one in explaining.answers_for(role, actor):
        assert (one.broken is None) is may(actor, one.goal.action, one.goal.target(home.id)), one.goal.name


def test_every_goal_and_every_reason_has_its_words() -> None:
    names = {goal.name for goal in explaining.GOALS}
    names |= {f"ask-{kind}" for kind in ("operator", "control-body", "authority")}
    assert names == rights_words.GOALS.keys()
    assert names <= rights_words.REASONS.keys()


def test_the_page_opens_behind_the_gate_only(app: Flask, country: Country) -> None:
    half = sign_in_browser(PageClient(app), a_member(country.local), second_factor=False)
    assert half.get(PAGE).status == 403
    assert Action.PROFILE_READ.freshness == "none"
