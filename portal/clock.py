"""The time: `now()` is the only place that reads it; tests move it here and nowhere else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_offset = timedelta()
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return _frozen if _frozen is not None else datetime.now(UTC) + _offset


@contextlib.contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """For tests: time stands still at `moment` (aware) inside the block."""
    global _frozen
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def advance(step: timedelta) -> None:
    """For tests: all later readings are `step` further on (time goes on running)."""
    global _offset, _frozen
    if _frozen is not None:
        _frozen += step
    else:
        _offset += step


def reset() -> None:
    """For tests: back to the clock of the machine."""
    global _offset, _frozen
    _offset, _frozen = timedelta(), None
