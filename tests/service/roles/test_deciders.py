"""Who decides which request (spec 2.4), and that queue, rule and mails say the same for every kind of person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access.actions import Action
from portal.access.authorise import may
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.paging import Place
from portal.roles import queries, queue
from portal.roles.deciders import deciders_of, nearest_deciders
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import (
    Country,
    a_control_body,
    a_country,
    a_scope,
    an_activity,
    an_authority,
    an_operator,
)
from tests.makers.roles import a_member, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")
RFL = ("RFL", "responsible")


def ids(*organisations: Organisation) -> frozenset[int]:
    """Their ids."""
    return frozenset(organisation.id for organisation in organisations)


def test_an_operators_user_is_decided_by_the_responsible_authority_and_those_above_but_the_commission() -> (
    None
):
    country = a_country()
    role = a_request(an_operator(responsible=country.local))
    assert deciders_of(role) == ids(country.local, country.regional, country.central)


def test_each_activity_brings_its_own_authority_unless_it_ended() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    an_activity(operator, country.customs, ("A", "a"))
    an_activity(operator, country.post, ("B", "b"), "deleted")
    role = a_request(operator)
    assert deciders_of(role) == ids(country.local, country.regional, country.central, country.customs)


def test_border_posts_of_the_country_decide_for_those_responsible_for_the_load() -> None:
    country = a_country()
    abroad = an_authority("Post abroad", AuthorityRole.BCP, above=country.commission, country="FR")
    role = a_request(an_operator(responsible=country.central, activity=RFL))
    assert country.post.id in deciders_of(role)
    assert abroad.id not in deciders_of(role)
    assert country.post.id not in deciders_of(a_request(an_operator(responsible=country.central)))


def test_a_control_body_named_for_an_activity_decides_and_so_does_the_authority_above_it() -> None:
    country, body = a_country(), a_control_body()
    a_scope(body, supervisor=country.central)
    role = a_request(an_operator(responsible=body))
    assert deciders_of(role) == ids(body, country.central)


@pytest.mark.parametrize("place", ["local", "post", "customs", "regional"])
def test_authorities_are_decided_strictly_from_above(place: str) -> None:
    country = a_country()
    a_member(country.central)
    asked: Organisation = getattr(country, place)
    expected = ids(country.central) | (ids(country.regional) if place == "local" else frozenset())
    assert deciders_of(a_request(asked)) == expected


def test_the_commission_stands_in_where_the_central_authority_has_no_user() -> None:
    country = a_country()
    role = a_request(country.local)
    assert country.commission.id in deciders_of(role)
    a_role(a_user_with_telephone(), country.central, RoleState.REQUESTED)
    assert country.commission.id in deciders_of(role)
    a_member(country.central)
    assert country.commission.id not in deciders_of(role)


def test_users_of_a_central_authority_are_decided_by_the_commission() -> None:
    country = a_country()
    a_member(country.central)
    assert deciders_of(a_request(country.central)) == ids(country.commission)


def test_the_code_of_a_control_body_says_who_decides() -> None:
    country, body = a_country(), a_control_body()
    own, abroad = a_scope(body, supervisor=country.regional), a_scope(body, country="ID")
    assert deciders_of(a_request(body, scope=own)) == ids(country.regional, country.central)
    assert deciders_of(a_request(body, scope=abroad)) == ids(country.commission)


def test_an_activity_without_responsible_authority_is_the_central_authoritys_of_that_country() -> None:
    country = a_country()
    an_authority("Central abroad", AuthorityRole.CCA, above=country.commission, country="FR")
    an_authority("Closed", AuthorityRole.CCA, above=country.commission, state="suspended")
    assert deciders_of(a_request(an_operator())) == ids(country.central)


def test_a_member_states_code_without_supervisor_is_the_organic_authoritys_else_the_commissions() -> None:
    country, body = a_country(), a_control_body()
    own = a_scope(body, supervisor=country.regional)
    own.supervisor_id = None
    db.session.commit()
    role = a_request(body, scope=own)
    assert deciders_of(role) == ids(country.commission)
    organic = an_authority("Organic", AuthorityRole.CCA, above=country.commission, competences=["ORGANIC"])
    an_authority("Abroad", AuthorityRole.CCA, above=country.commission, country="FR", competences=["ORGANIC"])
    assert deciders_of(role) == ids(organic)


def test_the_profile_names_the_nearest_deciders_first() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local))
    names = nearest_deciders([role.id])[role.id]
    assert names == ["Local authority", "Regional authority", "Central authority"]


def requests_of_every_kind(country: Country, people: list[Account]) -> list[Role]:
    """One request for each kind of organisation, and one of each person for an organisation of its own kind."""
    body = a_control_body("Asked body")
    operator = an_operator("Asked operator", responsible=country.local)
    wanted = [
        a_request(operator), a_request(an_operator(responsible=country.central, activity=RFL)),
        a_request(country.local), a_request(country.post), a_request(country.regional), a_request(country.central),
        a_request(body, scope=a_scope(body, supervisor=country.central)),
        a_request(body, scope=a_scope(body, country="ID")),
    ]  # fmt: skip
    return wanted + [a_request(country.customs, person) for person in people]


@pytest.mark.parametrize("strict", [False, True])
def test_the_queue_holds_exactly_what_the_rule_allows_for_every_person(strict: bool) -> None:
    country = a_country()
    places = (
        country.commission,
        country.central,
        country.regional,
        country.local,
        country.post,
        country.customs,
    )
    officers = [a_member(place, administrator=flag) for place in places for flag in (False, True)]
    operator, body = an_operator(responsible=country.local), a_control_body()
    an_operator("Organic one", responsible=body)
    scope = a_scope(body, supervisor=country.central)
    others = [a_member(operator, administrator=flag) for flag in (False, True)]
    others += [a_member(body, administrator=flag, scope=scope) for flag in (False, True)]
    waiting = requests_of_every_kind(country, officers[:4])
    waiting += [a_request(operator), a_request(body, scope=scope)]

    for person in [*officers, *others, a_user_with_telephone()]:
        actor = acting(person, strict=strict)
        allowed = {r.id for r in waiting if may(actor, Action.ROLE_VALIDATE, queries.target_of(r))}
        assert {role.id for role in queue.queue_for(actor).rows} == allowed
        assert queue.queue_count(actor) == len(allowed)


def test_the_commission_sees_central_authorities_and_third_country_bodies_only() -> None:
    country = a_country()
    a_member(country.central)
    commissioner = acting(a_member(country.commission))
    requests_of_every_kind(country, [])

    rows = queue.queue_for(commissioner).rows

    assert {(r.organisation.authority_role, r.scope.origin if r.scope else None) for r in rows} == {
        ("CCA", None), (None, "third-country")
    }  # fmt: skip


def test_those_who_are_told_are_those_who_may_decide() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    head, near, far = (
        a_member(operator, administrator=True),
        a_member(country.local),
        a_member(country.central),
    )
    a_member(operator), a_member(country.customs), a_member(country.commission)

    assert queries.validators_to_notify(a_request(operator)) == [head.id, near.id, far.id]


def test_the_queue_is_paged_oldest_first_and_each_request_stands_once() -> None:
    country = a_country()
    officer = acting(a_member(country.local))
    operator = an_operator(responsible=country.local)
    start = clock.now() - timedelta(days=3)
    expected = [
        a_request(operator, requested_at=start + timedelta(minutes=number % 7)).requested_at
        for number in range(60)
    ]

    first = queue.queue_for(officer)
    second = queue.queue_for(officer, place=Place(after=first.next_key or ""))
    third = queue.queue_for(officer, place=Place(after=second.next_key or ""))
    back = queue.queue_for(officer, place=Place(before=second.previous_key or ""))

    rows = [*first.rows, *second.rows, *third.rows]
    assert [role.requested_at for role in rows] == sorted(expected)
    assert len({role.id for role in rows}) == 60
    assert (first.previous_key, third.next_key) == (None, None)
    assert [role.id for role in back.rows] == [role.id for role in first.rows]


def test_a_queue_of_one_environment_knows_nothing_of_another() -> None:
    country = a_country()
    officer = acting(a_member(country.local))
    with using(Environment.TRAINING):
        a_request(an_operator(responsible=a_country().local))
    assert queue.queue_count(officer) == 0
