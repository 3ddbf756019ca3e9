"""Audit events of long work: begun, stopped; each item has the events of the service that did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class WorkEvent(Event):
    """About one batch or import."""

    subject_kind: ClassVar[str] = "work"
    kind: str


@dataclass(frozen=True)
class WorkBegun(WorkEvent):
    """A batch or import was confirmed."""

    items: int


@dataclass(frozen=True)
class WorkStopped(WorkEvent):
    """The person who began it stopped it."""
