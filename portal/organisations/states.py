"""The states of organisations and activities; pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from portal.access.actions import Action
from portal.workflow import Transition, transition


class OrganisationState(StrEnum):
    """An operator follows its activities; authorities and control bodies are valid as registered."""

    NEW = "new"
    VALID = "valid"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    DELETED = "deleted"


class ActivityState(StrEnum):
    """Validation is per activity (spec 2.5)."""

    NEW = "new"
    VALID = "valid"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    DELETED = "deleted"


REQUESTABLE = (OrganisationState.NEW, OrganisationState.VALID)
"""Organisations in these states stand in the searches for a role."""
EFFECTIVE = (OrganisationState.NEW, OrganisationState.VALID)
"""In these states the roles of an organisation have effect: an operator that is validated again keeps its people."""
VALIDATE_ACTIVITY = transition(
    "validate", {ActivityState.NEW}, ActivityState.VALID, needs=Action.ACTIVITY_VALIDATE
)
REJECT_ACTIVITY = transition(
    "reject", {ActivityState.NEW}, ActivityState.REJECTED, needs=Action.ACTIVITY_VALIDATE
)
SUSPEND_ACTIVITY = transition(
    "suspend", {ActivityState.VALID}, ActivityState.SUSPENDED, needs=Action.ACTIVITY_SUSPEND
)
LIFT_ACTIVITY = transition(
    "lift", {ActivityState.SUSPENDED}, ActivityState.VALID, needs=Action.ACTIVITY_SUSPEND
)
DELETE_ACTIVITY = transition(
    "delete",
    {ActivityState.NEW, ActivityState.VALID, ActivityState.SUSPENDED},
    ActivityState.DELETED,
    needs=Action.ACTIVITY_SUSPEND,
)
ACTIVITY_TRANSITIONS = {
    row.name: row
    for row in (VALIDATE_ACTIVITY, REJECT_ACTIVITY, SUSPEND_ACTIVITY, LIFT_ACTIVITY, DELETE_ACTIVITY)
}
"""What may follow what for an activity (spec 2.5), by the word in the address."""
RETURNING = (ActivityState.VALID,)
"""Activities in these states are validated again after the operator's own people changed what they rest on."""


def _of_registers(needs: Action) -> dict[str, Transition]:
    valid, suspended = OrganisationState.VALID, OrganisationState.SUSPENDED
    rows = (
        transition("suspend", {valid}, suspended, needs=needs),
        transition("lift", {suspended}, valid, needs=needs),
        transition("delete", {valid, suspended}, OrganisationState.DELETED, needs=needs),
    )
    return {row.name: row for row in rows}


AUTHORITY_TRANSITIONS = _of_registers(Action.AUTHORITY_SUSPEND)
CONTROL_BODY_TRANSITIONS = _of_registers(Action.CONTROL_BODY_KEEP)
"""What may follow what for an authority and a control body, by the word in the address."""


class ActivityReason(StrEnum):
    """The catalogue of reasons against an activity, so that a decision crosses languages."""

    NOT_APPROVED = "not-approved"
    WRONG_DETAILS = "wrong-details"
    DUPLICATE = "duplicate"
    CEASED = "ceased"
    INFRINGEMENT = "infringement"
    OTHER = "other"


def state_of_operator(activities: Collection[str]) -> OrganisationState:
    """An operator is valid while one of its activities is; else what speaks most for it."""
    order = (
        OrganisationState.VALID,
        OrganisationState.NEW,
        OrganisationState.SUSPENDED,
        OrganisationState.REJECTED,
    )
    return next((state for state in order if state.value in activities), OrganisationState.DELETED)
