"""Transitions: rows that say what may follow what; each noun's `states.py` holds its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class NotThere(Exception):
    """No such row for this person: unknown, of another environment, or none of theirs; its page says «not found»."""


class WrongState(Exception):
    """The transition does not start from the state the row is in; nothing was changed."""

    def __init__(self, name: str, state: str) -> None:
        super().__init__(f"{name} does not start from {state}")
        self.name, self.state = name, state


@dataclass(frozen=True)
class Transition:
    """One row: its name, the states it starts from, the state it leads to, the action it needs."""

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum
    needs: str

    def check(self, state: str) -> None:
        """Raise WrongState unless the transition starts from `state`."""
        if state not in self.sources:
            raise WrongState(self.name, state)


def transition(name: str, sources: Iterable[StrEnum], target: StrEnum, *, needs: str) -> Transition:
    """A row of a transition table."""
    return Transition(name, frozenset(sources), target, needs)


def allowed(table: Iterable[Transition], state: str) -> list[Transition]:
    """The transitions that start from `state`, in the table's order."""
    return [row for row in table if state in row.sources]
