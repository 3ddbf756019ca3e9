"""Audit events about the registers: authorities, control bodies, scopes, rights on documents; the rest in `events`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event, OrganisationEvent


@dataclass(frozen=True)
class AuthorityCreated(OrganisationEvent):
    """An authority was created under another one."""

    superior_id: int
    role: str


@dataclass(frozen=True)
class AuthorityEdited(OrganisationEvent):
    """Details of an authority were changed; `fields` are their names."""

    fields: str


@dataclass(frozen=True)
class AuthorityMoved(OrganisationEvent):
    """An authority hangs under another superior now; `rows_moved` counts it and all below it."""

    from_id: int
    to_id: int
    rows_moved: int


@dataclass(frozen=True)
class AuthoritySuspended(OrganisationEvent):
    """An authority was suspended: the roles of its people have no effect until that is lifted."""


@dataclass(frozen=True)
class AuthorityLifted(OrganisationEvent):
    """The suspension of an authority was lifted."""


@dataclass(frozen=True)
class AuthorityDeleted(OrganisationEvent):
    """An authority was deleted."""


@dataclass(frozen=True)
class ControlBodyCreated(OrganisationEvent):
    """A control body was created."""


@dataclass(frozen=True)
class ControlBodyEdited(OrganisationEvent):
    """Details of a control body were changed; `fields` are their names."""

    fields: str


@dataclass(frozen=True)
class ControlBodySuspended(OrganisationEvent):
    """A control body was suspended: the roles of its people have no effect until that is lifted."""


@dataclass(frozen=True)
class ControlBodyLifted(OrganisationEvent):
    """The suspension of a control body was lifted."""


@dataclass(frozen=True)
class ControlBodyDeleted(OrganisationEvent):
    """A control body was deleted."""


@dataclass(frozen=True)
class ScopeAdded(OrganisationEvent):
    """A code for a country was added to a control body."""

    scope_id: int


@dataclass(frozen=True)
class ScopeChanged(OrganisationEvent):
    """Categories, supervisor or last day of a scope were changed; `fields` are their names."""

    scope_id: int
    fields: str


@dataclass(frozen=True)
class ScopeEnded(OrganisationEvent):
    """The recognition of a scope was ended; the day is in the row."""

    scope_id: int


@dataclass(frozen=True)
class ScopeRenewed(OrganisationEvent):
    """A scope counts again or longer; the day is in the row."""

    scope_id: int


@dataclass(frozen=True)
class DocumentRightsChanged(Event):
    """The rights of one profile on documents were changed; `rights` are the codes as they stand now."""

    subject_kind: ClassVar[str] = "document-rights"
    profile: str
    rights: str
