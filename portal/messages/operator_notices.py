"""Messages about operators and their activities; the rest stands in `catalogue`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.messages.catalogue import Message


@dataclass(frozen=True)
class OperatorWaitsNotice(Message):
    """To those responsible: an activity of an operator waits for their validation."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class ActivityDecidedNotice(Message):
    """To the operator's administrators: an activity was decided; `decision` is a state of activities, or `lifted`."""

    first_name: str
    last_name: str
    organisation: str
    activity: str
    decision: str
    reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class OperatorMergedNotice(Message):
    """To the people of a record that was merged: which one it is now."""

    first_name: str
    last_name: str
    organisation: str
    survivor: str
    path: str
