"""Where long work and each of its items stand; pure."""

from __future__ import annotations

from enum import StrEnum


class WorkState(StrEnum):
    """Work waits, runs, and ends: all items tried, or stopped by the person who began it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


OPEN = frozenset({WorkState.WAITING, WorkState.RUNNING})


class ItemState(StrEnum):
    """An item is done or refused for a reason, never half done; after a stop the rest stays waiting."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
