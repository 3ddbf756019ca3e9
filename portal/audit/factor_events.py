"""Audit events about second factors, losing them, and what people change of themselves; the rest stands in `events`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class SteppedUp(Event):
    """A second factor was shown in an open session, by `method`."""

    method: str
    sign_in_id: int


@dataclass(frozen=True)
class FactorRejected(Event):
    """A wrong, late, used or foreign answer to a factor's challenge; which part was wrong is not kept apart."""

    method: str
    challenge_id: int


@dataclass(frozen=True)
class FactorAdded(Event):
    """A device, authenticator app, security key or eID became a factor; `kind` says which table `factor_id` is of."""

    kind: str
    factor_id: int
    first_factor: bool


@dataclass(frozen=True)
class FactorRenamed(Event):
    """A factor has another name; the name stands in its own row."""

    kind: str
    factor_id: int


@dataclass(frozen=True)
class FactorStopped(Event):
    """A factor works no more though nobody removed it: too many wrong PINs, or a sign of a copied key."""

    kind: str
    factor_id: int
    reason: str


@dataclass(frozen=True)
class FactorRemoved(Event):
    """A device, authenticator app, security key or eID is no factor any more."""

    kind: str
    factor_id: int


@dataclass(frozen=True)
class PersonSuspended(Event):
    """A person is kept out of one environment because the factors went; `reason` is a word of `identity.states`."""

    suspension_id: int
    reason: str


@dataclass(frozen=True)
class SuspensionVouched(Event):
    """The first of two people vouched for a suspended person; `recognised` is a word of `identity.states`."""

    suspension_id: int
    recognised: str


@dataclass(frozen=True)
class SuspensionLifted(Event):
    """A person may enter the environment again; `recognised` is a word of `identity.states`."""

    suspension_id: int
    recognised: str


@dataclass(frozen=True)
class NameConfirmed(Event):
    """An administrator confirmed the changed name of a person."""

    name_change_id: int


@dataclass(frozen=True)
class RecoveryVouched(Event):
    """Somebody vouched for a person who had used a recovery code."""


@dataclass(frozen=True)
class StandingRead(Event):
    """Somebody opened how a person stands with the factors, and from where they went."""


@dataclass(frozen=True)
class NameChanged(Event):
    """The person changed first or last name; both stand in the row of the change."""

    name_change_id: int


@dataclass(frozen=True)
class EmailChangeAsked(Event):
    """The person asked for another e-mail address."""

    email_change_id: int


@dataclass(frozen=True)
class EmailChanged(Event):
    """The link at the new address was followed: the address is another one."""

    email_change_id: int


@dataclass(frozen=True)
class EmailChangeUndone(Event):
    """The old mailbox took the change of address back: sessions ended, password unusable."""

    email_change_id: int


@dataclass(frozen=True)
class OwnPasswordChanged(Event):
    """The person changed the password with the old one; the other sessions ended."""


@dataclass(frozen=True)
class AccountConfigured(Event):
    """The person changed the options of the account."""


@dataclass(frozen=True)
class PersonalDataExported(Event):
    """The person downloaded the own data."""


@dataclass(frozen=True)
class DeletionAsked(Event):
    """The person asked for the account to be deleted."""

    days: int


@dataclass(frozen=True)
class DeletionTakenBack(Event):
    """The person keeps the account after all."""


@dataclass(frozen=True)
class AccountClosed(Event):
    """The account was closed: its personal data are gone."""


@dataclass(frozen=True)
class RecoveryCodesMade(Event):
    """Ten new recovery codes; the earlier ones are worth nothing."""


@dataclass(frozen=True)
class RecoveryCodeUsed(Event):
    """A recovery code opened a session that only adds a factor."""


@dataclass(frozen=True)
class PanicAsked(Event):
    """PANIC was pressed with the password alone: a link went to the mailbox."""

    link_id: int


@dataclass(frozen=True)
class PanicPressed(Event):
    """Every factor was removed, every session ended, the person suspended in every environment."""

    factors_removed: int


@dataclass(frozen=True)
class SharedFactorShown(Event):
    """The telephone that was shown is a duty phone, held by whoever is on duty."""

    duty_phone_id: int
    sign_in_id: int


@dataclass(frozen=True)
class DutyPhoneListed(Event):
    """A duty phone was put on the list of an organisation, or its place or holder changed."""

    subject_kind: ClassVar[str] = "duty-phone"
    organisation_id: int


@dataclass(frozen=True)
class DutyPhoneUnlisted(Event):
    """A duty phone was taken from the list; it stays on the accounts that have it."""

    subject_kind: ClassVar[str] = "duty-phone"
    organisation_id: int


@dataclass(frozen=True)
class DutyPhoneLost(Event):
    """A duty phone was reported lost: it was withdrawn from the members of the organisation."""

    subject_kind: ClassVar[str] = "duty-phone"
    organisation_id: int
    accounts: int
