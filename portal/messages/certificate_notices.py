"""Messages about certificates: one waits, was sent back, cancelled, or controlled; `reference` is its number."""

from __future__ import annotations

from dataclasses import dataclass

from portal.messages.catalogue import Message


@dataclass(frozen=True)
class CertificateSubmittedNotice(Message):
    """To the people of the body that certifies: a certificate waits for them."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    path: str


@dataclass(frozen=True)
class CertificateRefusedNotice(Message):
    """To who began and who submitted it: the certifying body sent it back, with the code of the reason."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class CertificateCancelledNotice(Message):
    """To the people of every organisation it names: a valid certificate was cancelled."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class CertificateControlledNotice(Message):
    """To the people of the maker and of the certifying body: a control of the consignment was recorded."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    path: str


@dataclass(frozen=True)
class CertificateSignedNotice(Message):
    """To the people of every organisation it names: a certificate was issued; `replaced` is the number of the one whose
    place it takes, or empty."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    replaced: str
    path: str


@dataclass(frozen=True)
class CertificateReplacedNotice(Message):
    """To the people of organisations that a replaced certificate names, and the one in its place does not."""

    first_name: str
    last_name: str
    reference: str
    organisation: str
    path: str


@dataclass(frozen=True)
class CertificateWarnedNotice(Message):
    """To people of the organisations that a certificate concerns: a key or a role behind it was found wrong.

    `organisation` issued it, is to issue it, or drafts it, as `state` says; `reason` is the code of what was found,
    `acts` are the words of what was done under the role, with a space in between. Where nobody signed it, `signed_at`
    is when it was begun.
    """

    first_name: str
    last_name: str
    reference: str
    organisation: str
    signed_at: str
    reason: str
    path: str
    state: str = "valid"
    acts: str = ""


@dataclass(frozen=True)
class CertificateNotSignedNotice(Message):
    """To the officer who confirmed it: nothing was signed, with the code of the reason."""

    first_name: str
    last_name: str
    reference: str
    reason: str
    path: str
