"""Audit events of a role's life after its validation; ids and codes only, the words stand in the role's own row."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import RoleEvent


@dataclass(frozen=True)
class RoleSuspended(RoleEvent):
    """A role was suspended."""

    reason: str


@dataclass(frozen=True)
class RoleLifted(RoleEvent):
    """The suspension of a role was lifted."""

    reason: str


@dataclass(frozen=True)
class RoleRemoved(RoleEvent):
    """A role was removed, by somebody else or by the person; `last` where it was the last administrator's."""

    reason: str
    last: bool


@dataclass(frozen=True)
class AdministratorProposed(RoleEvent):
    """A first person proposed an administrator where two must agree."""


@dataclass(frozen=True)
class AdministratorNamed(RoleEvent):
    """A person became administrator of the organisation; `proposer_id` is who proposed it, 0 where one is enough."""

    proposer_id: int


@dataclass(frozen=True)
class ProposalWithdrawn(RoleEvent):
    """A proposed administrator is no longer proposed."""


@dataclass(frozen=True)
class AdministratorRemoved(RoleEvent):
    """A person is no longer administrator of the organisation; `last` where none is left."""

    last: bool


@dataclass(frozen=True)
class SigningAllowed(RoleEvent):
    """A person may sign certificates for the organisation."""


@dataclass(frozen=True)
class SigningEnded(RoleEvent):
    """A person may no longer sign certificates for the organisation."""


@dataclass(frozen=True)
class RoleLimited(RoleEvent):
    """A role got another last day, or none; the day stands in `until`, empty for none."""

    until: str


@dataclass(frozen=True)
class RenewalAsked(RoleEvent):
    """Somebody asked that a role that ends should go on."""


@dataclass(frozen=True)
class RoleEndAnnounced(RoleEvent):
    """The person and those who administer were told that a role ends in so many days."""

    days: int


@dataclass(frozen=True)
class RoleExpired(RoleEvent):
    """A role ended on its last day; `last` where it was the last administrator's."""

    last: bool
