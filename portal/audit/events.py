"""Every audit event: a frozen dataclass in the past tense that holds ids and codes only, never personal text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """What happened to one subject; `subject_kind` names the table the id belongs to."""

    subject_kind: ClassVar[str] = "account"
    subject_id: int


@dataclass(frozen=True)
class AccountOpened(Event):
    """The password was set through the link of a registration: the account exists."""


@dataclass(frozen=True)
class RegistrationStarted(Event):
    """Somebody filled in «Create an account» with an address that has none."""

    subject_kind: ClassVar[str] = "registration"


@dataclass(frozen=True)
class PasswordLinkSent(Event):
    """A link to choose a new password was asked for."""

    link_id: int


@dataclass(frozen=True)
class MailboxLinkSent(Event):
    """A link that confirms the mailbox before a first second factor was asked for."""

    link_id: int


@dataclass(frozen=True)
class MailboxConfirmed(Event):
    """The link that confirms the mailbox was followed."""

    link_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    """A new password was set through a link; every session ended."""

    link_id: int


@dataclass(frozen=True)
class ActivityDisowned(Event):
    """The person followed «this was not me»: sessions ended, password unusable."""

    link_id: int


@dataclass(frozen=True)
class PasswordAccepted(Event):
    """The right password was given; what is still needed stands in `needed`."""

    needed: str


@dataclass(frozen=True)
class SignInFailed(Event):
    """A wrong password or a number that is not on the account; `step` says which screen."""

    step: str


@dataclass(frozen=True)
class CodeRejected(Event):
    """A wrong, late or used code; `purpose` says what it was for."""

    purpose: str
    challenge_id: int


@dataclass(frozen=True)
class SignedIn(Event):
    """A sign-in was completed by `method`."""

    method: str
    sign_in_id: int


@dataclass(frozen=True)
class SignedOut(Event):
    """A session ended; `reason` is one of the words of `identity.states.EndReason`."""

    reason: str
    sign_in_id: int


@dataclass(frozen=True)
class LanguageKept(Event):
    """The person chose the language of mails; `language` is its code."""

    language: str


@dataclass(frozen=True)
class TelephoneChallengeSent(Event):
    """A code was sent to a number; the number itself is never here."""

    purpose: str
    challenge_id: int


@dataclass(frozen=True)
class TelephoneAdded(Event):
    """A number passed its challenge and is a factor now."""

    telephone_id: int
    first_factor: bool


@dataclass(frozen=True)
class TelephoneRemoved(Event):
    """A number is no factor any more."""

    telephone_id: int


@dataclass(frozen=True)
class AccessDenied(Event):
    """A rule said no; the subject is the account that tried."""

    action: str
    target_kind: str
    target_id: int


@dataclass(frozen=True)
class RoleEvent(Event):
    """Something happened to a role; the organisation is named by its id."""

    subject_kind: ClassVar[str] = "role"
    account_id: int
    organisation_id: int


@dataclass(frozen=True)
class RoleRequested(RoleEvent):
    """A role was asked for."""


@dataclass(frozen=True)
class RoleValidated(RoleEvent):
    """A role was validated, with or without the administrator flag."""

    administrator: bool


@dataclass(frozen=True)
class EvidenceRead(RoleEvent):
    """A validator opened a request with the facts about the person."""


@dataclass(frozen=True)
class RoleRejected(RoleEvent):
    """A role was rejected; the reason stands in the role's own row."""


@dataclass(frozen=True)
class RoleWithdrawn(RoleEvent):
    """The requester took the request back."""


@dataclass(frozen=True)
class RoleEnded(RoleEvent):
    """A role or request ended because the person's account was closed."""


@dataclass(frozen=True)
class RoleGrantedByCommand(RoleEvent):
    """The command line gave a role: the first Commission administrators, or demo people."""

    administrator: bool


@dataclass(frozen=True)
class OrganisationEvent(Event):
    """Something happened to an organisation."""

    subject_kind: ClassVar[str] = "organisation"


@dataclass(frozen=True)
class OperatorValidated(OrganisationEvent):
    """An operator's activities were validated together with a role in it."""
