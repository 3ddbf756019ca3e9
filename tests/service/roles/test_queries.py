"""What people hold, in which environment, and the evidence a validator sees."""

from __future__ import annotations

import pytest

from portal.environments.environment import Environment, using
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.evidence import evidence_of
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole, OrganisationKind
from tests.makers.identity import a_telephone, a_user, a_user_with_telephone
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request, a_role

pytestmark = pytest.mark.usefixtures("production")


def test_only_valid_roles_in_valid_organisations_count() -> None:
    person = a_user_with_telephone()
    valid = an_operator()
    a_role(person, valid, administrator=True)
    a_role(person, an_operator(state=OrganisationState.SUSPENDED))
    for state in (RoleState.REQUESTED, RoleState.SUSPENDED, RoleState.REJECTED, RoleState.WITHDRAWN):
        a_role(person, an_operator(), state)

    (held,) = queries.held_roles(person.id)

    assert (held.organisation_id, held.kind, held.is_administrator) == (
        valid.id,
        OrganisationKind.OPERATOR,
        True,
    )


def test_a_role_in_an_authority_says_what_the_authority_is() -> None:
    person = a_member(a_country().commission)
    (held,) = queries.held_roles(person.id)
    assert (held.authority_role, held.country) == (AuthorityRole.COMMISSION, "EU")


def test_roles_kinds_and_profiles_of_another_environment_are_not_seen() -> None:
    with using(Environment.TRAINING):
        person = a_member(an_operator())
    assert queries.held_roles(person.id) == ()
    assert queries.kind_held(person.id) is None
    assert list(queries.roles_of(person.id)) == list(queries.organisations_of(person.id)) == []


@pytest.mark.parametrize(
    ("state", "protected"),
    [("valid", True), ("suspended", True), ("requested", False), ("rejected", False), ("removed", False)],
)
def test_a_valid_or_suspended_role_of_any_environment_protects_the_factors(
    state: str, protected: bool
) -> None:
    with using(Environment.ACCEPTANCE):
        person = a_user()
        a_role(person, an_operator(), RoleState(state))
    assert queries.holds_role_anywhere(person.id) is protected


def test_the_profile_keeps_rejected_requests_and_forgets_withdrawn_ones() -> None:
    person = a_user()
    for state in RoleState:
        a_role(person, an_operator(), state)
    assert [role.state for role in queries.roles_of(person.id)] == [
        "requested",
        "valid",
        "suspended",
        "rejected",
    ]


def test_the_evidence_is_green_for_a_person_with_an_own_mailbox_and_telephone() -> None:
    evidence = evidence_of(a_request(an_operator()))
    assert evidence.is_green
    assert evidence.is_first_user
    assert evidence.organisation_state is OrganisationState.VALID


def test_an_offices_mailbox_is_no_green_evidence() -> None:
    office = a_user_with_telephone(email="info@agri.example")
    assert evidence_of(a_request(an_operator(), office)).mailbox_looks_functional
    assert not evidence_of(a_request(an_operator(), office)).is_green


def test_a_shared_telephone_is_yes_or_no() -> None:
    first, second = a_user(), a_user()
    a_telephone(first, "+46701740606")
    a_telephone(second, "+46701740607")
    role = a_request(an_operator(), first)
    assert not evidence_of(role).shares_telephone
    a_telephone(second, "+46701740606")
    evidence = evidence_of(role)
    assert (evidence.shares_telephone, evidence.is_green) == (True, False)


def test_earlier_refusals_count_inside_the_same_organisation_only() -> None:
    person, operator = a_user_with_telephone(), an_operator()
    a_role(person, operator, RoleState.REJECTED)
    a_role(person, an_operator(), RoleState.REJECTED)
    assert evidence_of(a_request(operator, person)).earlier_refusals == 1


def test_a_second_user_is_no_first_user() -> None:
    operator = an_operator()
    a_member(operator)
    assert not evidence_of(a_request(operator)).is_first_user
