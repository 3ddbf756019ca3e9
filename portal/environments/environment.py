"""The three environments, and which one is current; pages get it from the address, jobs from their row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from enum import StrEnum


class Environment(StrEnum):
    """Production is legally valid; Acceptance and Training are for practice (S3)."""

    PRODUCTION = "production"
    ACCEPTANCE = "acceptance"
    TRAINING = "training"


class NoEnvironment(Exception):
    """A scoped row was asked for while no environment is current."""


class EnvironmentMismatch(Exception):
    """A row of one environment was about to be written in another."""


_current: ContextVar[Environment | None] = ContextVar("environment", default=None)
_on_switch: list[Callable[[], None]] = []


def on_switch(act: Callable[[], None]) -> None:
    """Register what must happen at every switch (the session drops its identity map)."""
    if act not in _on_switch:
        _on_switch.append(act)


def current_or_none() -> Environment | None:
    """The current environment, None on identity pages."""
    return _current.get()


def current() -> Environment:
    """The current environment; raises NoEnvironment."""
    environment = _current.get()
    if environment is None:
        raise NoEnvironment("no environment is current")
    return environment


def enter(environment: Environment | None) -> None:
    """Make it current for the rest of this context (a request); drops what was loaded before."""
    if _current.get() != environment:
        for act in _on_switch:
            act()
        _current.set(environment)


@contextlib.contextmanager
def using(environment: Environment) -> Iterator[None]:
    """Make it current inside the block; what was loaded outside is not seen inside, and the reverse."""
    before = _current.get()
    enter(environment)
    try:
        yield
    finally:
        enter(before)
