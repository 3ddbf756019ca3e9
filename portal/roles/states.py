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

VALIDATE = transition("validate", {RoleState.REQUESTED}, RoleState.VALID, needs=Action.ROLE_VALIDATE)
REJECT = transition("reject", {RoleState.REQUESTED}, RoleState.REJECTED, needs=Action.ROLE_REJECT)
WITHDRAW = transition("withdraw", {RoleState.REQUESTED}, RoleState.WITHDRAWN, needs=Action.ROLE_WITHDRAW)
TRANSITIONS = (VALIDATE, REJECT, WITHDRAW)


class RejectReason(StrEnum):
    """The catalogue of reasons, so that a decision crosses languages; free text may stand beside it."""

    UNKNOWN_PERSON = "unknown-person"
    WRONG_ORGANISATION = "wrong-organisation"
    FUNCTIONAL_MAILBOX = "functional-mailbox"
    NOT_ENTITLED = "not-entitled"
    DUPLICATE = "duplicate"
    OTHER = "other"
