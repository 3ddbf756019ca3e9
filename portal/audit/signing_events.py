"""Audit events of signatures: confirmed, carried out or not, the file versions after them, and their end."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.certificate_events import CertificateEvent


@dataclass(frozen=True)
class SigningConfirmed(CertificateEvent):
    """An officer confirmed the data with that SHA-256, with a second factor of that method shown for it."""

    intent_id: int
    method: str
    data_sha256: str


@dataclass(frozen=True)
class CertificateSigned(CertificateEvent):
    """What was confirmed was sealed: the certificate is valid, its file has that SHA-256."""

    intent_id: int
    file_id: int
    method: str
    data_sha256: str
    pdf_sha256: str


@dataclass(frozen=True)
class CertificateReplaced(CertificateEvent):
    """A newer certificate took its place."""

    replacement_id: int


@dataclass(frozen=True)
class SigningFailed(CertificateEvent):
    """What was confirmed was not signed; its number is used up. `reason` is a word of IntentFailure."""

    intent_id: int
    reason: str


@dataclass(frozen=True)
class CertificateProlonged(CertificateEvent):
    """A further version of the file was kept, with newer proof and a newer time stamp."""

    file_id: int
    pdf_sha256: str


@dataclass(frozen=True)
class CertificateErased(CertificateEvent):
    """After the retention date files and personal data went; number, state and hashes stay."""
