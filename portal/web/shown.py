"""What the layout shows of menu, languages, place, brand, person and session: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A line of a menu."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Language:
    """A language of the choice at the top right: «français (fr)»."""

    code: str
    label: str
    url: str


@dataclass(frozen=True)
class Place:
    """The environment of the page, with its name in words."""

    key: str
    label: str


@dataclass(frozen=True)
class Brand:
    """Names shown at the top."""

    identity: str
    application: str
    tagline: str


@dataclass(frozen=True)
class Profile:
    """One of «Available profiles»: an organisation with the competences that come with it."""

    organisation: str
    competences: list[str] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    number: int = 0
    is_acted_as: bool = False


@dataclass(frozen=True)
class Person:
    """The signed-in person as the menus show them."""

    full_name: str
    email: str
    username: str
    last_sign_in: str
    is_complete: bool
    profiles: list[Profile] = field(default_factory=list)


@dataclass(frozen=True)
class SessionEnd:
    """For the warning before the session ends."""

    seconds_left: int
    warn_seconds: int
    extend_url: str
    sign_out_url: str
