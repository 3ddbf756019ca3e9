"""The states of a role and what may follow what; the table is the whole truth (spec 2.3)."""

from __future__ import annotations

from enum import StrEnum

from portal.access.actions import Action
from portal.workflow import transition


class RoleState(StrEnum):
    """«Demandé», «Valide», «Suspendu», and the ends of a request."""

    REQUESTED = "requested"
    VALID = "valid"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


HOLDING = frozenset({RoleState.REQUESTED, RoleState.VALID, RoleState.SUSPENDED})
"""In these states a role holds its kind: the person can ask for no other kind in the environment."""
ENDED = frozenset(RoleState) - HOLDING

VALIDATE = transition("validate", {RoleState.REQUESTED}, RoleState.VALID, needs=Action.ROLE_VALIDATE)
REJECT = transition("reject", {RoleState.REQUESTED}, RoleState.REJECTED, needs=Action.ROLE_REJECT)
WITHDRAW = transition("withdraw", {RoleState.REQUESTED}, RoleState.WITHDRAWN, needs=Action.ROLE_WITHDRAW)
SUSPEND = transition("suspend", {RoleState.VALID}, RoleState.SUSPENDED, needs=Action.ROLE_SUSPEND)
LIFT = transition("lift", {RoleState.SUSPENDED}, RoleState.VALID, needs=Action.ROLE_LIFT)
REMOVE = transition(
    "remove", {RoleState.VALID, RoleState.SUSPENDED}, RoleState.REMOVED, needs=Action.ROLE_REMOVE
)
TRANSITIONS = (VALIDATE, REJECT, WITHDRAW, SUSPEND, LIFT, REMOVE)


class RejectReason(StrEnum):
    """The catalogue of reasons, so that a decision crosses languages; free text may stand beside it."""

    UNKNOWN_PERSON = "unknown-person"
    WRONG_ORGANISATION = "wrong-organisation"
    FUNCTIONAL_MAILBOX = "functional-mailbox"
    NOT_ENTITLED = "not-entitled"
    DUPLICATE = "duplicate"
    OTHER = "other"


class RoleReason(StrEnum):
    """Why a role was suspended, lifted or removed; as with `RejectReason`, words may stand beside it."""

    LEFT = "left"
    DUTIES = "duties-changed"
    SECURITY = "security"
    MISUSE = "misuse"
    CHECKED = "checked"
    RETURNED = "returned"
    MISTAKE = "mistake"
    OWN_WISH = "own-wish"
    EXPIRED = "expired"
    OTHER = "other"


ENDING_REASONS = (
    RoleReason.LEFT,
    RoleReason.DUTIES,
    RoleReason.SECURITY,
    RoleReason.MISUSE,
    RoleReason.OTHER,
)
"""What may be said when a role is suspended or removed."""
LIFTING_REASONS = (RoleReason.CHECKED, RoleReason.RETURNED, RoleReason.MISTAKE, RoleReason.OTHER)
"""What may be said when a suspension is lifted."""
