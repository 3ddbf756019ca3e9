"""The states of organisations and activities; pure."""

from __future__ import annotations

from enum import StrEnum


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
