"""Messages around open requests: questions, answers, reminders, escalation, deputies."""

from __future__ import annotations

from dataclasses import dataclass

from portal.messages.catalogue import Message


@dataclass(frozen=True)
class RequestQuestionNotice(Message):
    """To the requester: a validator asks something, in the validator's own words."""

    first_name: str
    last_name: str
    organisation: str
    explanation: str
    path: str


@dataclass(frozen=True)
class RequestAnswerNotice(Message):
    """To the validator who asked: the requester answered."""

    first_name: str
    last_name: str
    requester: str
    organisation: str
    path: str


@dataclass(frozen=True)
class RequestsWaitNotice(Message):
    """To those who may decide: so many requests have waited for some days."""

    first_name: str
    last_name: str
    requests: int
    days: int
    path: str


@dataclass(frozen=True)
class RequestsEscalatedNotice(Message):
    """To the authority above: so many requests below it were not decided in time."""

    first_name: str
    last_name: str
    requests: int
    days: int
    path: str


@dataclass(frozen=True)
class DeputyNamedNotice(Message):
    """To a colleague: stands in for somebody from one day to another."""

    first_name: str
    last_name: str
    person: str
    organisation: str
    from_at: str
    until_at: str
    path: str
