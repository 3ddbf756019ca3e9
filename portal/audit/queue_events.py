"""Audit events around open requests: questions and answers, reminders, batches, deputies; ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event, RoleEvent


@dataclass(frozen=True)
class RequestQuestioned(RoleEvent):
    """A validator asked the requester something; the words stand in the message's own row."""

    message_id: int


@dataclass(frozen=True)
class RequestAnswered(RoleEvent):
    """The requester answered; the words stand in the message's own row."""

    message_id: int


@dataclass(frozen=True)
class RequestReminded(RoleEvent):
    """Those who may decide were told again of a request that waits; `accounts` is how many people."""

    accounts: int


@dataclass(frozen=True)
class RequestEscalated(RoleEvent):
    """The authority above was told of a request that waits; `accounts` is how many people."""

    accounts: int


@dataclass(frozen=True)
class DecidedForAbsent(RoleEvent):
    """A request was decided by somebody who stood in for an absent colleague."""

    absent_id: int
    deputy_row_id: int


@dataclass(frozen=True)
class DeputyEvent(Event):
    """Something about a deputy; the subject is the row that names the days."""

    subject_kind: ClassVar[str] = "deputy"
    organisation_id: int
    account_id: int
    deputy_id: int


@dataclass(frozen=True)
class DeputyNamed(DeputyEvent):
    """Somebody named a colleague for the days of an absence."""


@dataclass(frozen=True)
class DeputyEnded(DeputyEvent):
    """An absence was ended before its last day, or taken back."""
