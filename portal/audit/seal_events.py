"""Audit events about the keys that seal certificates; the rows of the keys say which and from when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class SealKeyEvent(Event):
    """Something happened to the seal key of an environment, by the command of its operator (subject 0)."""

    subject_kind: ClassVar[str] = "seal-key"


@dataclass(frozen=True)
class SealKeyMade(SealKeyEvent):
    """A new key seals from now on."""


@dataclass(frozen=True)
class SealKeyRetired(SealKeyEvent):
    """The key seals no more; what it sealed stays valid."""


@dataclass(frozen=True)
class SealAuthorityMade(SealKeyEvent):
    """Another issuing authority certifies keys from now on."""


@dataclass(frozen=True)
class SealAuthorityRetired(SealKeyEvent):
    """The issuing authority certifies no more; what its keys sealed stays valid."""


@dataclass(frozen=True)
class SealKeyRevoked(SealKeyEvent):
    """The key is not to be believed from a day on; `reason` is a word of the revocation list."""

    reason: str
