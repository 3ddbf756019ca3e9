"""Leaves an event of what a rule refused, in a transaction of its own: nothing else of the request is kept."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.audit import events, trail
from portal.web.guard import allowed_commit, declaration_of

NUMBERS = ("role_id", "account_id", "certificate_id")
"""What a target may be known by, the first that it has."""


def record(actor: Actor, action: Action, target: Any) -> None:
    """Who tried which action on what: `target` as the rule saw it, or None. Commits."""
    kind = type(target).__name__ if target is not None else ""
    number = next(filter(None, (getattr(target, name, None) for name in NUMBERS)), 0)
    with allowed_commit("denial"):
        trail.record_apart(events.AccessDenied(actor.account_id, action.value, kind, number), actor)


def record_declared(actor: Actor, target: Any) -> None:
    """The same of the action that the page of this request declares; nothing for a page without one. Commits."""
    declared = declaration_of(current_app, request.endpoint or "")
    if declared is not None and isinstance(declared[0], Action):
        record(actor, declared[0], target)
