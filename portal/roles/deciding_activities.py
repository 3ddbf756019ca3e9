"""Adding and deciding activities of an operator: load, authorise, check, change, record, tell (spec 2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, may
from portal.access.rules_operators import decides
from portal.audit import operator_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations.activities import ActivityDecided, activity_by_id, change_activity, follow, locked
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.registering import (
    NewActivity,
    Unacceptable,
    check_identifiers,
    check_may_register,
    details_of,
    new_activity,
    responsible_for,
)
from portal.organisations.responsible import Place
from portal.organisations.states import (
    ACTIVITY_TRANSITIONS,
    DELETE_ACTIVITY,
    LIFT_ACTIVITY,
    REJECT_ACTIVITY,
    SUSPEND_ACTIVITY,
    VALIDATE_ACTIVITY,
    ActivityReason,
    OrganisationState,
)
from portal.roles.changes import NotThere
from portal.roles.operator_mails import tell_administrators, tell_deciders
from portal.roles.operators import addresses_of, operator_by_id, target_of, targets_of_activities
from portal.workflow import Transition

EXPLAINED = frozenset({REJECT_ACTIVITY.name, SUSPEND_ACTIVITY.name, DELETE_ACTIVITY.name})
"""The decisions that need a reason."""


@dataclass(frozen=True)
class ActivityDecision:
    """A decision: the name of a transition, and a reason where it goes against the operator."""

    activity_id: int
    name: str
    reason: ActivityReason | None = None
    text: str = ""


class ReasonMissing(Exception):
    """A decision against an activity needs its reason, and «another reason» needs words."""


class NothingToDecide(Exception):
    """No activity of the operator is in a state from which that leads."""


class FirstNotValid(Exception):
    """Further activities are added once the first one was validated (OP5)."""


def operator_to_extend(operator_id: int, actor: Actor) -> Organisation:
    """The operator to which an activity can be added; raises NotThere, Refused, FirstNotValid."""
    operator = operator_by_id(operator_id)
    authorise(actor, Action.ACTIVITY_ADD, target_of(operator))
    if operator.state != OrganisationState.VALID:
        raise FirstNotValid
    return operator


def add_activity(operator_id: int, wanted: NewActivity, actor: Actor) -> OperatorActivity:
    """One more activity, to be validated; raises NotThere, Refused, FirstNotValid, Unacceptable."""
    operator = operator_to_extend(operator_id, actor)
    _locked(operator)
    if wanted.address_id and wanted.address_id not in {one.id for one in addresses_of(operator.id)}:
        raise Unacceptable(address="address-unknown")
    check_identifiers(details_of(operator), [(wanted.section, wanted.activity)])
    if not decides(actor, target_of(operator)):
        check_may_register(wanted.section)
    authority = responsible_for(wanted, Place(operator.country, operator.postcode))
    activity = new_activity(operator, wanted, authority.id if authority else None, actor.account_id)
    db.session.refresh(operator, ["activities"])
    trail.record(events.ActivityAdded(operator.id, activity.id), actor)
    tell_deciders(operator, actor)
    db.session.commit()
    return activity


def activity_to_decide(activity_id: int, name: str, actor: Actor) -> OperatorActivity:
    """The activity, for the page that asks before the decision; raises NotThere, Refused, ActivityDecided."""
    activity = activity_by_id(activity_id)
    row = ACTIVITY_TRANSITIONS.get(name)
    if activity is None or row is None:
        raise NotThere
    target = targets_of_activities(activity.organisation).get(activity.id)
    if target is None:
        raise NotThere
    authorise(actor, cast("Action", row.needs), target)
    if activity.state not in row.sources:
        raise ActivityDecided(activity)
    return activity


def decide_activity(decision: ActivityDecision, actor: Actor) -> OperatorActivity:
    """Raises NotThere, Refused, ActivityDecided, ReasonMissing; nothing is changed then."""
    activity = activity_to_decide(decision.activity_id, decision.name, actor)
    _check_reason(decision)
    locked(activity.organisation_id)
    _decide(activity, decision, actor)
    follow(activity.organisation)
    db.session.commit()
    return activity


def decide_all(operator_id: int, decision: ActivityDecision, actor: Actor) -> int:
    """Suspend, lift or delete the operator: every activity in one's remit; returns how many. Others stay.

    Raises NotThere, Refused, NothingToDecide, ReasonMissing; nothing is changed then.
    """
    operator = operator_by_id(operator_id)
    _locked(operator)
    activities = activities_to_decide(operator, decision.name, actor)
    _check_reason(decision)
    targets = targets_of_activities(operator)
    for activity in activities:
        authorise(actor, Action.ACTIVITY_SUSPEND, targets[activity.id])
        _decide(activity, decision, actor)
    follow(operator)
    db.session.commit()
    return len(activities)


def activities_to_decide(operator: Organisation, name: str, actor: Actor) -> list[OperatorActivity]:
    """Those of the operator that the actor may bring to that state now; raises Refused, NothingToDecide."""
    authorise(actor, Action.ACTIVITY_SUSPEND, target_of(operator, ended=True))
    activities = within_remit(operator, ACTIVITY_TRANSITIONS[name], actor)
    if not activities:
        raise NothingToDecide
    return activities


def _locked(operator: Organisation) -> None:
    # Whoever waited for the operator sees its activities as they are now.
    locked(operator.id)
    db.session.refresh(operator, ["activities"])
    for activity in operator.activities:
        db.session.refresh(activity)


def within_remit(operator: Organisation, row: Transition, actor: Actor) -> list[OperatorActivity]:
    """The activities of the operator that the actor may bring to that state now."""
    targets, action = targets_of_activities(operator), cast("Action", row.needs)
    return [
        one
        for one in operator.activities
        if one.state in row.sources and one.id in targets and may(actor, action, targets[one.id])
    ]


def _check_reason(decision: ActivityDecision) -> None:
    if decision.name not in EXPLAINED:
        return
    if decision.reason is None or (decision.reason is ActivityReason.OTHER and not decision.text.strip()):
        raise ReasonMissing


def _decide(activity: OperatorActivity, decision: ActivityDecision, actor: Actor) -> None:
    reason = decision.reason.value if decision.reason and decision.name in EXPLAINED else None
    row = ACTIVITY_TRANSITIONS[decision.name]
    change_activity(
        activity, row, actor, reason_code=reason, reason_text=decision.text.strip() if reason else ""
    )
    operator_id, code = activity.organisation_id, reason or ""
    recorded = {
        VALIDATE_ACTIVITY.name: events.ActivityValidated(operator_id, activity.id),
        REJECT_ACTIVITY.name: events.ActivityRejected(operator_id, activity.id, code),
        SUSPEND_ACTIVITY.name: events.ActivitySuspended(operator_id, activity.id, code),
        LIFT_ACTIVITY.name: events.ActivityLifted(operator_id, activity.id),
        DELETE_ACTIVITY.name: events.ActivityDeleted(operator_id, activity.id, code),
    }
    trail.record(recorded[decision.name], actor)
    tell_administrators(activity.organisation, activity, decision.name)


def decisions_for(operator: Organisation, actor: Actor) -> dict[int, list[str]]:
    """The names of the decisions that the actor may take on each activity now, for the buttons of the page."""
    found: dict[int, list[str]] = {one.id: [] for one in operator.activities}
    for name, row in ACTIVITY_TRANSITIONS.items():
        for activity in within_remit(operator, row, actor):
            found[activity.id].append(name)
    return found
