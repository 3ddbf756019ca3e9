"""Which environment is current, and that it never leaks out of its block."""

from __future__ import annotations

import contextlib
import contextvars
import threading
from collections.abc import Iterator

import pytest

from portal.environments import environment
from portal.environments.environment import Environment, NoEnvironment, using


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(environment, "_on_switch", [])
    token = environment._current.set(None)
    yield
    environment._current.reset(token)


def test_without_an_environment_asking_for_it_is_an_error_and_not_all_of_them() -> None:
    assert environment.current_or_none() is None
    with pytest.raises(NoEnvironment):
        environment.current()


def test_using_gives_back_what_was_current_before_also_after_an_error() -> None:
    with using(Environment.TRAINING):
        with contextlib.suppress(ValueError), using(Environment.PRODUCTION):
            assert environment.current() is Environment.PRODUCTION
            raise ValueError("inner")
        assert environment.current() is Environment.TRAINING
    assert environment.current_or_none() is None


def test_every_switch_runs_what_was_registered_and_staying_runs_nothing() -> None:
    switches: list[Environment | None] = []
    environment.on_switch(lambda: switches.append(environment.current_or_none()))
    with using(Environment.TRAINING), using(Environment.TRAINING):
        pass
    assert switches == [None, Environment.TRAINING]


def test_a_thread_starts_without_the_environment_of_the_one_that_made_it() -> None:
    seen: list[Environment | None] = []
    with using(Environment.TRAINING):
        thread = threading.Thread(target=lambda: seen.append(environment.current_or_none()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_a_copied_context_keeps_its_own_environment() -> None:
    with using(Environment.TRAINING):
        copied = contextvars.copy_context()
    assert copied.run(environment.current) is Environment.TRAINING
    assert environment.current_or_none() is None
