"""The transition table of roles over all its states; the reasons of a rejection."""

from __future__ import annotations

import pytest

from portal.access.actions import Action
from portal.access.rules import RULES
from portal.roles.states import HOLDING, REJECT, TRANSITIONS, VALIDATE, WITHDRAW, RoleState
from portal.workflow import Transition, WrongState, allowed

VALID_OR_SUSPENDED = {RoleState.VALID, RoleState.SUSPENDED}
STARTS = {
    "validate": {RoleState.REQUESTED},
    "reject": {RoleState.REQUESTED},
    "withdraw": {RoleState.REQUESTED},
    "suspend": {RoleState.VALID},
    "lift": {RoleState.SUSPENDED},
    "remove": VALID_OR_SUSPENDED,
}


@pytest.mark.parametrize("state", list(RoleState))
@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.name)
def test_a_transition_starts_from_the_states_of_the_specification_and_no_other(
    row: Transition, state: RoleState
) -> None:
    if state in STARTS[row.name]:
        row.check(state)
    else:
        with pytest.raises(WrongState):
            row.check(state)


def test_each_transition_leads_where_its_name_says() -> None:
    assert [row.target for row in (VALIDATE, REJECT, WITHDRAW)] == ["valid", "rejected", "withdrawn"]


def test_each_transition_needs_an_action_that_has_a_rule() -> None:
    assert {Action(row.needs) for row in TRANSITIONS} <= set(RULES)


def test_nothing_follows_a_rejection() -> None:
    assert allowed(TRANSITIONS, RoleState.REJECTED) == []


def test_open_valid_and_suspended_roles_hold_their_kind() -> None:
    assert {"requested", "valid", "suspended"} == HOLDING
