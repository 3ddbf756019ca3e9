"""Messages about the life of a role after its validation."""

from __future__ import annotations

from dataclasses import dataclass

from portal.messages.catalogue import Message


@dataclass(frozen=True)
class RoleSuspendedNotice(Message):
    """To the person: the role is suspended, with the reason."""

    first_name: str
    last_name: str
    organisation: str
    role_reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class RoleLiftedNotice(Message):
    """To the person: the role is valid again."""

    first_name: str
    last_name: str
    organisation: str
    role_reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class RoleRemovedNotice(Message):
    """To the person: the role was removed, with the reason."""

    first_name: str
    last_name: str
    organisation: str
    role_reason: str
    explanation: str
    path: str


@dataclass(frozen=True)
class AdministratorNamedNotice(Message):
    """To the person: administrator of the organisation from now on."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class AdministratorRemovedNotice(Message):
    """To the person: no longer administrator of the organisation."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class SigningAllowedNotice(Message):
    """To the person: may sign certificates for the organisation from now on."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class SigningEndedNotice(Message):
    """To the person: no longer signs certificates for the organisation."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class AdministratorProposedNotice(Message):
    """To another administrator: a colleague proposed a person; a second one must confirm."""

    first_name: str
    last_name: str
    person: str
    organisation: str
    path: str


@dataclass(frozen=True)
class RoleLimitedNotice(Message):
    """To the person: the role ends on that day."""

    first_name: str
    last_name: str
    organisation: str
    until_at: str
    path: str


@dataclass(frozen=True)
class RoleUnlimitedNotice(Message):
    """To the person: the role no longer ends by itself."""

    first_name: str
    last_name: str
    organisation: str
    path: str


@dataclass(frozen=True)
class RoleEndsNotice(Message):
    """To the person: the role ends in so many days."""

    first_name: str
    last_name: str
    organisation: str
    until_at: str
    path: str


@dataclass(frozen=True)
class RoleOfMemberEndsNotice(Message):
    """To those who administer: the role of a person ends soon."""

    first_name: str
    last_name: str
    person: str
    organisation: str
    until_at: str
    path: str


@dataclass(frozen=True)
class RenewalAskedNotice(Message):
    """To those who may set the last day: somebody asks that a role should go on."""

    first_name: str
    last_name: str
    person: str
    organisation: str
    until_at: str
    path: str


@dataclass(frozen=True)
class RoleExpiredNotice(Message):
    """To the person: the role ended on its last day."""

    first_name: str
    last_name: str
    organisation: str
    until_at: str
    path: str


@dataclass(frozen=True)
class WithoutAdministratorNotice(Message):
    """To the authority above: an organisation has lost its last administrator."""

    first_name: str
    last_name: str
    organisation: str
    path: str
