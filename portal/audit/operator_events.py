"""Audit events about operators: their creation, changes, activities and merges; the rest stands in `events`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import OrganisationEvent


@dataclass(frozen=True)
class OperatorCreated(OrganisationEvent):
    """An operator was created with its first activity; `joined` when its creator asked for a role in it at once."""

    activity_id: int
    joined: bool


@dataclass(frozen=True)
class DuplicateDenied(OrganisationEvent):
    """Who created or changed it was shown another record like it and said it is another operator."""

    other_id: int


@dataclass(frozen=True)
class OperatorEdited(OrganisationEvent):
    """Details were changed; `fields` are their names. `revalidation` when activities went back to «new» by it."""

    fields: str
    revalidation: bool


@dataclass(frozen=True)
class OperatorAddressAdded(OrganisationEvent):
    """A further address was added."""

    address_id: int


@dataclass(frozen=True)
class OperatorAddressChanged(OrganisationEvent):
    """A further address was changed."""

    address_id: int


@dataclass(frozen=True)
class OperatorAddressRemoved(OrganisationEvent):
    """A further address was removed."""

    address_id: int


@dataclass(frozen=True)
class MainAddressChosen(OrganisationEvent):
    """A further address became the main one; the former main one has its place."""

    address_id: int


@dataclass(frozen=True)
class ActivityEvent(OrganisationEvent):
    """Something happened to an activity of the operator."""

    activity_id: int


@dataclass(frozen=True)
class ActivityAdded(ActivityEvent):
    """An activity was added and waits for validation."""


@dataclass(frozen=True)
class ActivityValidated(ActivityEvent):
    """An activity was validated."""


@dataclass(frozen=True)
class ActivityRejected(ActivityEvent):
    """An activity was rejected, with the code of the reason."""

    reason: str


@dataclass(frozen=True)
class ActivitySuspended(ActivityEvent):
    """An activity was suspended, with the code of the reason."""

    reason: str


@dataclass(frozen=True)
class ActivityLifted(ActivityEvent):
    """The suspension of an activity was lifted."""


@dataclass(frozen=True)
class ActivityDeleted(ActivityEvent):
    """An activity was deleted, with the code of the reason."""

    reason: str


@dataclass(frozen=True)
class OperatorsMerged(OrganisationEvent):
    """Another record became this one; how many rows of each table stands with the merge."""

    loser_id: int
    rows_moved: int


@dataclass(frozen=True)
class OperatorMergedInto(OrganisationEvent):
    """This record was merged into another one, which keeps what pointed here."""

    survivor_id: int
