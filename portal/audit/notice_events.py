"""Audit events about announcements, open and closed environments, method policy and how people are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class MailPreferencesKept(Event):
    """The person chose how mails of this environment come."""


@dataclass(frozen=True)
class AnnouncementEvent(Event):
    """Something happened to an announcement; `kind` is news, stop or closure."""

    subject_kind: ClassVar[str] = "announcement"
    kind: str


@dataclass(frozen=True)
class AnnouncementMade(AnnouncementEvent):
    """News or a planned stop was announced; `closes` says whether the environment closes for it."""

    closes: bool


@dataclass(frozen=True)
class AnnouncementChanged(AnnouncementEvent):
    """Its time, country or effect was changed; `version` is the new one."""

    version: int


@dataclass(frozen=True)
class AnnouncementTextKept(AnnouncementEvent):
    """Its text in one language was written or changed."""

    language: str


@dataclass(frozen=True)
class AnnouncementEnded(AnnouncementEvent):
    """It is shown no more, or its stop was called off."""


@dataclass(frozen=True)
class EnvironmentClosed(AnnouncementEvent):
    """The environment was closed at once."""


@dataclass(frozen=True)
class EnvironmentOpened(AnnouncementEvent):
    """The environment was opened again."""


@dataclass(frozen=True)
class MethodPolicySet(Event):
    """Which second factors an environment accepts was changed; the rows say how."""

    subject_kind: ClassVar[str] = "policy-version"
    version: int
