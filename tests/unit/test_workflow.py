"""Transitions: what may follow what, and the refusal of everything else."""

from __future__ import annotations

from enum import StrEnum

import pytest

from portal.workflow import WrongState, allowed, transition


class Door(StrEnum):
    """States of an example."""

    OPEN = "open"
    CLOSED = "closed"
    LOCKED = "locked"


CLOSE = transition("close", [Door.OPEN], Door.CLOSED, needs="door:close")
LOCK = transition("lock", [Door.CLOSED, Door.OPEN], Door.LOCKED, needs="door:lock")


@pytest.mark.parametrize("state", list(Door))
@pytest.mark.parametrize("row", [CLOSE, LOCK], ids=lambda row: row.name)
def test_a_transition_starts_from_its_sources_and_from_nothing_else(row: object, state: Door) -> None:
    if state in row.sources:  # type: ignore[attr-defined]
        row.check(state)  # type: ignore[attr-defined]
        return
    with pytest.raises(WrongState) as refused:
        row.check(state)  # type: ignore[attr-defined]
    assert (refused.value.name, refused.value.state) == (row.name, state)  # type: ignore[attr-defined]


def test_a_state_is_compared_by_its_word_as_the_database_keeps_it() -> None:
    CLOSE.check("open")
    with pytest.raises(WrongState):
        CLOSE.check("OPEN")


def test_allowed_gives_the_rows_that_start_here_in_the_order_of_the_table() -> None:
    assert [row.name for row in allowed((CLOSE, LOCK), Door.OPEN)] == ["close", "lock"]
    assert [row.name for row in allowed((CLOSE, LOCK), Door.CLOSED)] == ["lock"]
    assert allowed((CLOSE, LOCK), Door.LOCKED) == []
