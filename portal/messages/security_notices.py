"""Messages about factors, sessions and what people change of themselves; the rest stands in `catalogue`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.messages.catalogue import Message
from portal.vocabulary import Channel


@dataclass(frozen=True)
class StepUpCode(Message):
    """SMS: the code that confirms an act in an open session; `occasion` is a word of `access.actions.Freshness`."""

    channel: ClassVar[Channel] = Channel.SMS
    account: str
    environment_key: str
    occasion: str
    challenge_id: int


@dataclass(frozen=True)
class SignedInNotice(Message):
    """Somebody signed in from a browser or network not seen before (or at all, if the person wants each one told)."""

    first_name: str
    last_name: str
    browser: str
    network: str
    signed_in_at: str
    link_id: int


@dataclass(frozen=True)
class AuthenticatorAddedNotice(Message):
    """An authenticator app was added; `factor` is the name the person gave it."""

    first_name: str
    last_name: str
    factor: str
    added_at: str
    link_id: int


@dataclass(frozen=True)
class AuthenticatorRemovedNotice(Message):
    """An authenticator app was removed."""

    first_name: str
    last_name: str
    factor: str
    removed_at: str
    link_id: int


@dataclass(frozen=True)
class DeviceAddedNotice(Message):
    """A telephone with the phone app was added; «this was not me» ends sessions and makes the password unusable."""

    first_name: str
    last_name: str
    device_name: str
    added_at: str
    link_id: int


@dataclass(frozen=True)
class DeviceRemovedNotice(Message):
    """A telephone with the phone app was removed."""

    first_name: str
    last_name: str
    device_name: str
    removed_at: str
    link_id: int


@dataclass(frozen=True)
class DeviceStoppedNotice(Message):
    """A telephone with the phone app works no more after five wrong PIN codes."""

    first_name: str
    last_name: str
    device_name: str
    stopped_at: str
    link_id: int


@dataclass(frozen=True)
class SecurityKeyAddedNotice(Message):
    """A security key, platform or passkey was added; `factor` is the name the person gave it."""

    first_name: str
    last_name: str
    factor: str
    added_at: str
    link_id: int


@dataclass(frozen=True)
class SecurityKeyRemovedNotice(Message):
    """A security key, platform or passkey was removed."""

    first_name: str
    last_name: str
    factor: str
    removed_at: str
    link_id: int


@dataclass(frozen=True)
class SecurityKeyStoppedNotice(Message):
    """A security key works no more: its counter looks as if there were a copy of it."""

    first_name: str
    last_name: str
    factor: str
    stopped_at: str
    link_id: int


@dataclass(frozen=True)
class EidAddedNotice(Message):
    """A national electronic identity was linked; `factor` is the name of its provider."""

    first_name: str
    last_name: str
    factor: str
    added_at: str
    link_id: int


@dataclass(frozen=True)
class EidRemovedNotice(Message):
    """A national electronic identity was unlinked."""

    first_name: str
    last_name: str
    factor: str
    removed_at: str
    link_id: int


@dataclass(frozen=True)
class SuspensionLiftedNotice(Message):
    """To a person who was suspended: the environment of the mail is open again."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class RecoveryVouchedNotice(Message):
    """To a person who had used a recovery code: somebody vouched, everything can be changed again."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class NameChangedNotice(Message):
    """The name was changed; `factor` is the new full name."""

    first_name: str
    last_name: str
    factor: str
    changed_at: str
    link_id: int


@dataclass(frozen=True)
class NameChangedForAdministrator(Message):
    """To administrators: a person of the organisation has another name, which somebody should confirm."""

    first_name: str
    last_name: str
    old_name: str
    new_name: str
    username: str


@dataclass(frozen=True)
class EmailChangeLink(Message):
    """To the new address: the link that makes it the address of the account."""

    first_name: str
    last_name: str
    link_id: int


@dataclass(frozen=True)
class EmailChangeAskedNotice(Message):
    """To the old address: another one was asked for; `factor` is it, masked."""

    first_name: str
    last_name: str
    factor: str
    asked_at: str
    link_id: int


@dataclass(frozen=True)
class EmailWantedNotice(Message):
    """To the owner of an address that somebody wanted for another account: nothing was changed."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class EmailChangedNotice(Message):
    """To the old address: the account has another one, which can be undone for seven days."""

    first_name: str
    last_name: str
    new_address: str
    link_id: int


@dataclass(frozen=True)
class DeletionAskedNotice(Message):
    """The account will be deleted on a day; until then it can be kept."""

    first_name: str
    last_name: str
    due_at: str


@dataclass(frozen=True)
class DeletionOfLastAdministrator(Message):
    """To the responsible authority: the last administrator of an organisation leaves."""

    first_name: str
    last_name: str
    person: str
    organisation: str
    due_at: str


@dataclass(frozen=True)
class AccountClosedNotice(Message):
    """The account was deleted; the last mail."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class RecoveryCodesMadeNotice(Message):
    """New recovery codes were made; `factor` is how many."""

    first_name: str
    last_name: str
    factor: str
    made_at: str
    link_id: int


@dataclass(frozen=True)
class RecoveryCodeUsedNotice(Message):
    """A recovery code was used; `remaining` is how many are left."""

    first_name: str
    last_name: str
    used_at: str
    remaining: int
    link_id: int


@dataclass(frozen=True)
class PanicLink(Message):
    """PANIC was pressed with the password alone: the link that does it, and one that stops whoever it was."""

    first_name: str
    last_name: str
    link_id: int
    not_me_link_id: int


@dataclass(frozen=True)
class PanicDoneNotice(Message):
    """Every factor was removed; what to do next."""

    first_name: str
    last_name: str
    pressed_at: str


@dataclass(frozen=True)
class DutyPhoneLostNotice(Message):
    """A duty phone was lost and is no longer on the account; `suspended` when it was the only factor."""

    first_name: str
    last_name: str
    place: str
    last_digits: str
    suspended: bool
