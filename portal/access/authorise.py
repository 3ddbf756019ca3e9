"""`authorise`: ask the one rule of an action; a decision that was taken is remembered for the commit check."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from portal.access import rules_audit as _rules_audit  # noqa: F401 - its rules register themselves
from portal.access import rules_certificates as _rules_certificates  # noqa: F401 - its rules register themselves
from portal.access import rules_exchange as _rules_exchange  # noqa: F401 - its rules register themselves
from portal.access import rules_notices as _rules_notices  # noqa: F401 - its rules register themselves
from portal.access import rules_operators as _rules_operators  # noqa: F401 - its rules register themselves
from portal.access import rules_queue as _rules_queue  # noqa: F401 - its rules register themselves
from portal.access import rules_registers as _rules_registers  # noqa: F401 - its rules register themselves
from portal.access import rules_roles as _rules_roles  # noqa: F401 - its rules register themselves
from portal.access import rules_work as _rules_work  # noqa: F401 - its rules register themselves
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.rules import RULES, is_fresh_enough

decisions: ContextVar[frozenset[Action]] = ContextVar("decisions", default=frozenset())
"""Actions that were asked and allowed in this request."""


class Refused(Exception):
    """The rule of the action says no; nothing was changed."""

    def __init__(self, action: Action, target: Any = None) -> None:
        super().__init__(action.value)
        self.action, self.target = action, target


class StepUpNeeded(Refused):
    """The rule says yes, but the second factor has to be shown first, or shown again; nothing was changed."""


class Hidden(Refused):
    """The person may not even know of it: the answer is that of a page that does not exist."""


def may(actor: Actor, action: Action, target: Any = None) -> bool:
    """Whether the actor may do it; changes nothing, so pages ask it before they show a button."""
    return RULES[action](actor, target)


def authorise(actor: Actor, action: Action, target: Any = None) -> None:
    """Raise Refused unless the rule allows it, StepUpNeeded where the factor is not fresh enough for it.

    Services call it on the loaded object before any change."""
    if not may(actor, action, target):
        raise Refused(action, target)
    if not is_fresh_enough(actor, action):
        raise StepUpNeeded(action, target)
    decisions.set(decisions.get() | {action})


def authorise_to_see(actor: Actor, action: Action, target: Any = None) -> None:
    """As `authorise`, for what strangers may not know of: raises Hidden where the rule says no."""
    if not may(actor, action, target):
        raise Hidden(action, target)
    authorise(actor, action, target)


def check_every_action_has_a_rule() -> None:
    """Called at start: an action without a rule does not start."""
    missing = [action.value for action in Action if action not in RULES]
    if missing:
        raise RuntimeError("actions without a rule: " + ", ".join(missing))
