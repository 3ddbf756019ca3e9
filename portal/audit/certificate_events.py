"""Audit events of certificates before and after their signature; what is in the boxes never stands here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class CertificateEvent(Event):
    """Something happened to a certificate; the organisation is the one in whose name it was done."""

    subject_kind: ClassVar[str] = "certificate"
    organisation_id: int


@dataclass(frozen=True)
class CertificateBegun(CertificateEvent):
    """A draft was begun under a model; `document` is COI or INTRA; `in_outage` where a paper was issued before."""

    document: str
    in_outage: bool


@dataclass(frozen=True)
class CertificateCopied(CertificateEvent):
    """A draft was begun with what stands in another certificate; `replacing` where it is to take its place."""

    document: str
    source_id: int
    replacing: bool


@dataclass(frozen=True)
class CertificateFilled(CertificateEvent):
    """Boxes were changed; `items` is how many."""

    items: int


@dataclass(frozen=True)
class CertificateDeleted(CertificateEvent):
    """A draft was deleted."""


@dataclass(frozen=True)
class CertificateSubmitted(CertificateEvent):
    """The operator's declaration: by a method of which class, over data with which SHA-256."""

    method: str
    data_sha256: str


@dataclass(frozen=True)
class CertificateTakenBack(CertificateEvent):
    """A submitted certificate became a draft again before anybody opened it."""


@dataclass(frozen=True)
class CertificateOpened(CertificateEvent):
    """Somebody of the certifying body took it up."""


@dataclass(frozen=True)
class CertificateRefused(CertificateEvent):
    """The certifying body sent it back; the words stand in the certificate's own row."""

    reason: str


@dataclass(frozen=True)
class CertificateCancelled(CertificateEvent):
    """A valid certificate was cancelled; the words stand in its own row."""

    reason: str


@dataclass(frozen=True)
class CertificateWarned(CertificateEvent):
    """Its parties were told that a key or a role was found wrong; `accounts` is how many people."""

    reason: str
    accounts: int


@dataclass(frozen=True)
class CertificateControlled(CertificateEvent):
    """A later part was added by whoever received the consignment; what was found stands in its own row."""

    control_id: int
