"""Audit events of files that come in, of lists that leave, and of Training made anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event
from portal.audit.work_events import WorkEvent


@dataclass(frozen=True)
class ImportBegun(WorkEvent):
    """The rows of a checked file are being imported in the name of an organisation."""

    organisation_id: int
    rows: int


@dataclass(frozen=True)
class ListExported(Event):
    """A list left as a file: its name, the format, how many rows; the subject is the account that took it."""

    subject_kind: ClassVar[str] = "account"
    listing: str
    file_format: str
    rows: int


@dataclass(frozen=True)
class TrainingReset(Event):
    """Training is being emptied of that many rows and filled by a template; the events of before stay."""

    subject_kind: ClassVar[str] = "work"
    template: str
    rows: int


@dataclass(frozen=True)
class TrainingFilled(Event):
    """Training was filled by a template and holds that many organisations now."""

    subject_kind: ClassVar[str] = "environment"
    template: str
    rows: int
