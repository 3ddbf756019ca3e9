"""`authorise` and `may`: the difference is the refusal and the memory of the decision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.access import authorise as access
from portal.access.actions import Action
from portal.access.actor import OwnAccount
from portal.access.authorise import Refused, authorise, decisions, may
from tests.unit.access.personas import ME, SOMEBODY, nobody_yet


@pytest.fixture(autouse=True)
def _no_decision() -> Iterator[None]:
    token = decisions.set(frozenset())
    yield
    decisions.reset(token)


def test_what_was_allowed_is_remembered_for_the_commit() -> None:
    authorise(nobody_yet(), Action.ACCOUNT_READ, OwnAccount(ME))
    assert decisions.get() == {Action.ACCOUNT_READ}


def test_what_was_refused_is_not_remembered_and_names_action_and_target() -> None:
    target = OwnAccount(SOMEBODY)
    with pytest.raises(Refused) as refused:
        authorise(nobody_yet(), Action.ACCOUNT_READ, target)
    assert (refused.value.action, refused.value.target) == (Action.ACCOUNT_READ, target)
    assert decisions.get() == frozenset()


def test_asking_to_show_a_button_is_no_decision() -> None:
    assert may(nobody_yet(), Action.ACCOUNT_READ, OwnAccount(ME))
    assert decisions.get() == frozenset()


def test_an_action_without_a_rule_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {action: rule for action, rule in access.RULES.items() if action is not Action.ROLE_REJECT}
    monkeypatch.setattr(access, "RULES", without)
    with pytest.raises(RuntimeError, match="role:reject"):
        access.check_every_action_has_a_rule()


def test_actions_are_alphabetical_and_described() -> None:
    assert [action.value for action in Action] == sorted(action.value for action in Action)
    assert all(action.description and ":" in action.value for action in Action)
