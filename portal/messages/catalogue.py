"""Every e-mail and SMS: a frozen dataclass of its facts; the words stand in templates/messages/<name>/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from portal.vocabulary import Channel


@dataclass(frozen=True)
class Message:
    """Facts of one message; links and codes are derived from their row's id when it leaves, never kept here."""

    channel: ClassVar[Channel] = Channel.EMAIL

    @classmethod
    def name(cls) -> str:
        """The folder of its templates: the class name in small letters and underscores."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True)
class RegistrationLink(Message):
    """To a new person: the link to choose a password, good for 90 minutes (S3)."""

    first_name: str
    last_name: str
    link_id: int


@dataclass(frozen=True)
class AccountExists(Message):
    """To a person who registers again: there is an account already, here is how to get in."""

    first_name: str
    last_name: str


@dataclass(frozen=True)
class PasswordLink(Message):
    """To a person who lost the password: the link to choose another one."""

    first_name: str
    last_name: str
    link_id: int


@dataclass(frozen=True)
class NoAccountHere(Message):
    """To an address without account for which somebody asked a new password."""


@dataclass(frozen=True)
class PasswordChangedNotice(Message):
    """The password was changed through a link."""

    first_name: str
    last_name: str
    changed_at: str
    link_id: int


@dataclass(frozen=True)
class MailboxLink(Message):
    """The link that confirms the mailbox before a first second factor is added."""

    first_name: str
    last_name: str
    link_id: int


@dataclass(frozen=True)
class TelephoneAddedNotice(Message):
    """A number was added; «this was not me» ends sessions and makes the password unusable."""

    first_name: str
    last_name: str
    last_digits: str
    added_at: str
    link_id: int


@dataclass(frozen=True)
class TelephoneRemovedNotice(Message):
    """A number was deleted."""

    first_name: str
    last_name: str
    last_digits: str
    removed_at: str
    link_id: int


@dataclass(frozen=True)
class TelephoneCode(Message):
    """SMS: the code that proves a number, for adding it to an account."""

    channel: ClassVar[Channel] = Channel.SMS
    account: str
    challenge_id: int


@dataclass(frozen=True)
class SignInCode(Message):
    """SMS: the code that completes a sign-in; names the masked account and, if any, the environment."""

    channel: ClassVar[Channel] = Channel.SMS
    account: str
    environment_key: str
    challenge_id: int


@dataclass(frozen=True)
class RoleRequestedNotice(Message):
    """To each validator: a request waits."""

    first_name: str
    last_name: str
    requester: str
    organisation: str
    path: str


@dataclass(frozen=True)
class RoleRequestReceived(Message):
    """To the requester: the request was recorded and who decides it."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class RoleValidatedNotice(Message):
    """To the requester: the role is valid."""

    first_name: str
    last_name: str
    organisation: str
    administrator: bool
    path: str


@dataclass(frozen=True)
class RoleRejectedNotice(Message):
    """To the requester: the role was rejected, with the code of the reason and the validator's own words."""

    first_name: str
    last_name: str
    organisation: str
    reason: str
    explanation: str
    path: str


def every_message() -> dict[str, type[Message]]:
    """All messages by name."""
    return {cls.name(): cls for cls in Message.__subclasses__()}
