"""Messages about an environment as a whole, and the mail of the day; the rest stands in `catalogue`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.messages.catalogue import Message


@dataclass(frozen=True)
class DailyDigest(Message):
    """What happened since yesterday, in the person's language; `lines` has one for each notice."""

    first_name: str
    last_name: str
    lines: str


@dataclass(frozen=True)
class PolicyChangedNotice(Message):
    """To the people of an environment: from a day on other second factors open it or decide there."""

    first_name: str
    last_name: str
    applies_at: str
    without_text_messages: bool
    path: str


@dataclass(frozen=True)
class PolicySetNotice(Message):
    """To every administrator of the Commission: a colleague changed which second factors are accepted."""

    first_name: str
    last_name: str
    person: str
    applies_at: str
    path: str


@dataclass(frozen=True)
class EnvironmentSwitchedNotice(Message):
    """To every administrator of the Commission: a colleague closed the environment, or opened it again."""

    first_name: str
    last_name: str
    person: str
    closed: bool
    path: str
