"""The people of the generated register come in the shares that were asked for, each with a name of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.demo.generator import generate_operators
from portal.demo.made_up_people import MadeUpRole, email_of, roles_of, username_of
from portal.roles.states import RoleState

COUNT, SEED = 6000, 11


@pytest.fixture(scope="module")
def staff() -> list[list[MadeUpRole]]:
    """The roles of each operator."""
    return [list(roles_of(operator, SEED)) for operator in generate_operators(COUNT, SEED)]


def test_users_come_in_their_shares(staff: list[list[MadeUpRole]]) -> None:
    users = [sum(role.state is not RoleState.REQUESTED for role in roles) for roles in staff]
    shares = Counter("none" if n == 0 else "one" if n == 1 else "few" if n < 6 else "many" for n in users)
    assert shares["none"] / COUNT == pytest.approx(0.35, abs=0.03)
    assert shares["one"] / COUNT == pytest.approx(0.48, abs=0.03)
    assert shares["few"] / COUNT == pytest.approx(0.15, abs=0.02)
    assert shares["many"] / COUNT == pytest.approx(0.02, abs=0.01)
    assert max(users) <= 60


def test_the_backlog_is_six_in_a_thousand_operators(staff: list[list[MadeUpRole]]) -> None:
    waiting = [role for roles in staff for role in roles if role.state is RoleState.REQUESTED]
    assert len(waiting) / COUNT == pytest.approx(0.006, abs=0.003)
    assert all(role.decided_at is None for role in waiting)


def test_no_two_people_share_address_or_name_of_account(staff: list[list[MadeUpRole]]) -> None:
    people = {role.person for roles in staff for role in roles}
    assert len({email_of(person, SEED) for person in people}) == len(people)
    assert len({username_of(person, SEED) for person in people}) == len(people)
    assert {len(username_of(person, SEED)) for person in people} == {8}


def test_some_work_for_several_operators(staff: list[list[MadeUpRole]]) -> None:
    work = Counter(role.person.key for roles in staff for role in roles)
    assert max(work.values()) > 3


def test_an_operator_that_has_users_has_an_administrator_unless_it_is_gone(
    staff: list[list[MadeUpRole]],
) -> None:
    operators = generate_operators(COUNT, SEED)
    for operator, roles in zip(operators, staff, strict=True):
        if roles and roles[0].state is not RoleState.REQUESTED and operator.status in ("valid", "suspended"):
            assert roles[0].is_administrator


def test_two_seeds_name_their_people_otherwise() -> None:
    operators = list(generate_operators(200, SEED))
    one, other = (
        [username_of(role.person, seed) for operator in operators for role in roles_of(operator, seed)]
        for seed in (1, 2)
    )
    assert not set(one) & set(other)
