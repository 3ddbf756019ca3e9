"""Why a person can or cannot do something: the chain role, state, dates, method, rule, and the link that fails.

Nothing is decided here: every answer is the rule's own, asked for an object of the kind that the sentence names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from portal.access.actions import Action, Freshness
from portal.access.actor import Actor, OwnOrganisation, RequestedRole, RoleHeld, WantedRole
from portal.access.authorise import may
from portal.access.rules import is_fresh_enough
from portal.access.rules_operators import ActivityTarget, OperatorTarget, TwoOperators
from portal.access.rules_registers import AuthorityPlace
from portal.organisations.states import EFFECTIVE, OrganisationState
from portal.roles.models import Role
from portal.roles.standing_in import today
from portal.roles.states import RoleState
from portal.vocabulary import OrganisationKind


class Link(StrEnum):
    """The chain, in its order."""

    ROLE = "role"
    STATE = "state"
    DATES = "dates"
    METHOD = "method"
    RULE = "rule"


class Purpose(StrEnum):
    """What people want to do."""

    ASK = "ask"
    VALIDATE = "validate"
    ADMINISTER = "administer"
    SEARCH = "search"


@dataclass(frozen=True)
class Broken:
    """The one link that fails; `reason` names the sentence that says why and what to do."""

    link: Link
    reason: str


@dataclass(frozen=True)
class Goal:
    """Something people want to do, the action behind it, and an object of the kind it is done to."""

    name: str
    purpose: Purpose
    action: Action
    kinds: frozenset[OrganisationKind]
    target: Callable[[int], Any]


@dataclass(frozen=True)
class Answer:
    """Whether it can be done; `confirms` when the second factor is asked again before."""

    goal: Goal
    broken: Broken | None
    confirms: bool = False


OPERATOR, BODY, AUTHORITY = (
    OrganisationKind.OPERATOR,
    OrganisationKind.CONTROL_BODY,
    OrganisationKind.AUTHORITY,
)
ALL, OUTSIDE, OFFICIAL = frozenset(OrganisationKind), frozenset({BODY, AUTHORITY}), frozenset({AUTHORITY})
OWNERS = frozenset({OPERATOR})
NOBODY = 0
"""Stands for another person or organisation than one's own: no row has this number."""


def _nothing(_own: int) -> None:
    return None


def _kept(own: int) -> OperatorTarget:
    return OperatorTarget(NOBODY, frozenset({own}))


GOALS = (
    Goal("queue", Purpose.VALIDATE, Action.QUEUE_READ, ALL, _nothing),
    Goal("colleague", Purpose.VALIDATE, Action.ROLE_VALIDATE, ALL,
         lambda own: RequestedRole(NOBODY, NOBODY, own, frozenset())),
    Goal("below", Purpose.VALIDATE, Action.ROLE_VALIDATE, OUTSIDE,
         lambda own: RequestedRole(NOBODY, NOBODY, NOBODY, frozenset({own}))),
    Goal("activity", Purpose.VALIDATE, Action.ACTIVITY_VALIDATE, OUTSIDE,
         lambda own: ActivityTarget(NOBODY, NOBODY, frozenset({own}))),
    Goal("members", Purpose.ADMINISTER, Action.MEMBERS_READ, ALL, _nothing),
    Goal("duty-phones", Purpose.ADMINISTER, Action.DUTY_PHONE_KEEP, ALL, OwnOrganisation),
    Goal("own-operator", Purpose.ADMINISTER, Action.OPERATOR_EDIT, OWNERS,
         lambda own: OperatorTarget(own, frozenset())),
    Goal("operators", Purpose.ADMINISTER, Action.OPERATOR_EDIT, OUTSIDE, _kept),
    Goal("merge", Purpose.ADMINISTER, Action.OPERATOR_MERGE, OFFICIAL,
         lambda own: TwoOperators(_kept(own), _kept(own))),
    Goal("authorities", Purpose.ADMINISTER, Action.AUTHORITY_CREATE, OFFICIAL,
         lambda own: AuthorityPlace(frozenset({own}))),
    Goal("control-bodies", Purpose.ADMINISTER, Action.CONTROL_BODY_KEEP, OFFICIAL, _nothing),
    Goal("document-rights", Purpose.ADMINISTER, Action.DOCUMENT_RIGHTS_KEEP, OFFICIAL, _nothing),
    Goal("news", Purpose.ADMINISTER, Action.NEWS_KEEP, OFFICIAL, _nothing),
    Goal("environment", Purpose.ADMINISTER, Action.ENVIRONMENT_SWITCH, OFFICIAL, _nothing),
    Goal("find-operators", Purpose.SEARCH, Action.OPERATOR_FIND, OUTSIDE, _nothing),
    Goal("tree", Purpose.SEARCH, Action.AUTHORITY_LIST, ALL, _nothing),
    Goal("list-of-bodies", Purpose.SEARCH, Action.CONTROL_BODY_LIST, ALL, _nothing),
    Goal("read-rights", Purpose.SEARCH, Action.DOCUMENT_RIGHTS_READ, ALL, _nothing),
)  # fmt: skip
"""What a profile is for, in the order in which people look for it."""


def to_ask(kind: OrganisationKind, account_id: int) -> Goal:
    """Asking for a role of that kind: the person's own doing, without any profile."""
    return Goal(
        f"ask-{kind}", Purpose.ASK, Action.ROLE_REQUEST, ALL, lambda _own: WantedRole(account_id, kind)
    )


def answers_without_profile(actor: Actor) -> list[Answer]:
    """What the person may ask for here, type by type."""
    goals = [to_ask(kind, actor.account_id) for kind in OrganisationKind]
    return [_answer(goal, actor, NOBODY) for goal in goals]


def broken_link(role: Role) -> Broken | None:
    """The link before the rules that fails for that profile: the role itself, a state or a date."""
    if role.state in (RoleState.REQUESTED, RoleState.REJECTED):
        return Broken(Link.ROLE, f"role-{role.state}")
    if role.state != RoleState.VALID:
        return Broken(Link.STATE, f"role-{role.state}")
    if role.organisation.state not in EFFECTIVE:
        return Broken(Link.STATE, f"organisation-{OrganisationState(role.organisation.state).value}")
    if role.valid_until is not None and role.valid_until < today():
        return Broken(Link.DATES, "role-over")
    return None


def answers_for(role: Role, actor: Actor) -> list[Answer]:
    """Every goal of that profile, as if the person acted as it."""
    goals = [goal for goal in GOALS if role.kind in goal.kinds]
    broken = broken_link(role)
    held = _held(role.organisation_id, actor)
    if broken is not None or held is None:
        return [Answer(goal, broken or Broken(Link.ROLE, "role-requested")) for goal in goals]
    acting = replace(actor, roles=(held,), other_roles=())
    return [_answer(goal, acting, role.organisation_id) for goal in goals]


def _held(organisation_id: int, actor: Actor) -> RoleHeld | None:
    every = (*actor.roles, *actor.other_roles)
    return next((held for held in every if held.organisation_id == organisation_id), None)


def _answer(goal: Goal, actor: Actor, own: int) -> Answer:
    if not may(actor, goal.action, goal.target(own)):
        return Answer(goal, Broken(Link.RULE, goal.name))
    if goal.action.freshness is Freshness.DECISIONS and not decides_by_method(actor):
        return Answer(goal, Broken(Link.METHOD, "method"))
    return Answer(goal, None, confirms=not is_fresh_enough(actor, goal.action))


def decides_by_method(actor: Actor) -> bool:
    """Whether one may decide with the method of this sign-in, here and today."""
    return not actor.policy.second_factor_required or actor.method in actor.policy.decision_methods
