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
class SuspensionLiftedNotice(Message):
    """To a person who was suspended: the environment of the mail is open again."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class RecoveryVouchedNotice(Message):
    """To a person who had used a recovery code: somebody vouched, everything can be changed again."""

    first_name: str
    last_name: str
