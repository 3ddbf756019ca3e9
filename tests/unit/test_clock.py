"""The clock: aware, in UTC, moved by tests in one place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from portal import clock


@pytest.fixture(autouse=True)
def _clock_of_the_machine() -> Iterator[None]:
    clock.reset()
    yield
    clock.reset()


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_time_stands_still_inside_frozen_and_goes_on_after_it() -> None:
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    with clock.frozen(noon):
        assert clock.now() == clock.now() == noon
        assert clock.now().hour == 11
    assert clock.now() > noon.astimezone(UTC) - timedelta(days=3650)
    assert clock.now() != noon


def test_advance_moves_a_frozen_time() -> None:
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with clock.frozen(noon):
        clock.advance(timedelta(minutes=90))
        assert clock.now() == noon + timedelta(minutes=90)


def test_advance_moves_the_running_time_until_reset() -> None:
    before = clock.now()
    clock.advance(timedelta(days=2))
    assert timedelta(days=2) <= clock.now() - before < timedelta(days=2, minutes=1)
    clock.reset()
    assert clock.now() - before < timedelta(minutes=1)
