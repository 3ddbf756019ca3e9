"""Two records of one operator become one (OP12): what will move, what is there twice, and the act."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_operators import TwoOperators
from portal.audit import operator_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations.activities import follow
from portal.organisations.merging import move_rows, pointing_rows
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.operator_models import OperatorAddress, OperatorMerge
from portal.organisations.states import ActivityState, OrganisationState
from portal.roles.models import Role
from portal.roles.operator_mails import people_of, tell_merged
from portal.roles.operators import operator_by_id, survivor_of, target_of
from portal.roles.states import HOLDING, RoleState

STRONGER_ROLE = (RoleState.SUSPENDED, RoleState.VALID, RoleState.REQUESTED)
"""Of two roles of one person the first of these remains: a merge lifts no suspension."""
STRONGER_ACTIVITY = (
    ActivityState.SUSPENDED,
    ActivityState.VALID,
    ActivityState.NEW,
    ActivityState.REJECTED,
    ActivityState.DELETED,
)


ACTIVITIES = "operator_activities.organisation_id"
"""Of an activity that both have, one stays behind as deleted: it does not move."""


@dataclass(frozen=True)
class TwoRoles:
    """One person in both records: the role that remains, and the one that ends."""

    remains: Role
    ends: Role


@dataclass(frozen=True)
class TwoActivities:
    """One activity in both records: the one that remains, and the one that is deleted."""

    remains: OperatorActivity
    ends: OperatorActivity


@dataclass(frozen=True)
class MergePlan:
    """What will happen: rows by table, and what is there twice."""

    survivor: Organisation
    loser: Organisation
    rows: dict[str, int]
    roles: list[TwoRoles]
    activities: list[TwoActivities]


class SameRecord(Exception):
    """An operator cannot be merged with itself."""


class AlreadyMerged(Exception):
    """One of the two is gone by now: it was merged or deleted meanwhile; nothing was changed."""


def merge_plan(survivor_id: int, loser_id: int, actor: Actor) -> MergePlan:
    """What a merge would do; raises NotThere, Refused, SameRecord, AlreadyMerged."""
    survivor, loser = operator_by_id(survivor_id), operator_by_id(loser_id)
    _check_living(survivor, loser)
    authorise(actor, Action.OPERATOR_MERGE, TwoOperators(target_of(survivor), target_of(loser)))
    if survivor.id == loser.id:
        raise SameRecord
    rows, twice = pointing_rows(loser.id), _activities_in_both(survivor, loser)
    rows[ACTIVITIES] = rows.get(ACTIVITIES, 0) - len(twice)
    moving = {name: count for name, count in rows.items() if count}
    return MergePlan(survivor, loser, moving, _roles_in_both(survivor, loser), twice)


def _check_living(survivor: Organisation, loser: Organisation) -> None:
    if survivor_of(survivor.id) or survivor_of(loser.id):
        raise AlreadyMerged
    if OrganisationState.DELETED in (survivor.state, loser.state):
        raise AlreadyMerged


def merge_operators(survivor_id: int, loser_id: int, actor: Actor) -> OperatorMerge:
    """Everything of the one is the other's; raises NotThere, Refused, SameRecord, AlreadyMerged."""
    _lock_both(survivor_id, loser_id)
    plan = merge_plan(survivor_id, loser_id, actor)
    people, name = people_of(loser_id), plan.loser.name
    _settle_roles(plan, actor)
    _settle_activities(plan, actor)
    _keep_address(plan)
    moved = move_rows(loser_id, survivor_id)
    survivor, loser = operator_by_id(survivor_id), operator_by_id(loser_id)
    loser.state = OrganisationState.DELETED.value
    follow(survivor)
    merge = OperatorMerge(
        loser_id=loser_id, survivor_id=survivor_id, moved=json.dumps(moved, sort_keys=True),
        merged_at=clock.now(), merged_by=actor.account_id,
    )  # fmt: skip
    db.session.add(merge)
    trail.record(events.OperatorsMerged(survivor_id, loser_id, sum(moved.values())), actor)
    trail.record(events.OperatorMergedInto(loser_id, survivor_id), actor)
    tell_merged(people, name, survivor)
    db.session.commit()
    return merge


def _lock_both(*ids: int) -> None:
    # In the order of their numbers: two people who merge A into B and B into A wait for one another, not forever.
    query = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def _roles_in_both(survivor: Organisation, loser: Organisation) -> list[TwoRoles]:
    query = select(Role).where(Role.organisation_id.in_([survivor.id, loser.id]), Role.state.in_(HOLDING))
    by_person: dict[int, list[Role]] = {}
    for role in db.session.scalars(query.order_by(Role.id)):
        by_person.setdefault(role.account_id, []).append(role)
    pairs = [sorted(roles, key=_role_rank) for roles in by_person.values() if len(roles) > 1]
    return [TwoRoles(first, second) for first, second in pairs]


def _role_rank(role: Role) -> tuple[int, bool]:
    return STRONGER_ROLE.index(RoleState(role.state)), not role.is_administrator


def _activities_in_both(survivor: Organisation, loser: Organisation) -> list[TwoActivities]:
    there = {(one.section_code, one.activity_code): one for one in survivor.activities}
    twice = [
        (there[key], one)
        for one in loser.activities
        if (key := (one.section_code, one.activity_code)) in there
    ]
    ranked = (sorted(pair, key=_activity_rank) for pair in twice)
    return [TwoActivities(first, second) for first, second in ranked]


def _activity_rank(activity: OperatorActivity) -> int:
    return STRONGER_ACTIVITY.index(ActivityState(activity.state))


def _settle_roles(plan: MergePlan, actor: Actor) -> None:
    for pair in plan.roles:
        pair.ends.state = RoleState.REMOVED.value
        pair.ends.decided_at, pair.ends.decided_by = clock.now(), actor.account_id
    db.session.flush()


def _settle_activities(plan: MergePlan, actor: Actor) -> None:
    # An operator has an activity once: the weaker one changes places with the one that remains, and stays behind.
    for pair in plan.activities:
        pair.ends.state = ActivityState.DELETED.value
        pair.ends.decided_at, pair.ends.decided_by = clock.now(), actor.account_id
        trail.record(events.ActivityDeleted(pair.ends.organisation_id, pair.ends.id, "duplicate"), actor)
        if pair.remains.organisation_id == plan.loser.id:
            _change_places(pair, plan)
    db.session.flush()


def _change_places(pair: TwoActivities, plan: MergePlan) -> None:
    section = pair.ends.section_code
    # The pair of codes is unique for an operator: the one steps aside while the other takes its place.
    pair.ends.section_code = f"-{pair.ends.id}"
    db.session.flush()
    pair.remains.organisation_id = plan.survivor.id
    db.session.flush()
    pair.ends.organisation_id, pair.ends.section_code = plan.loser.id, section
    db.session.flush()


def _keep_address(plan: MergePlan) -> None:
    """The main address of the record that goes becomes a further one, unless it is the same."""
    loser, survivor = plan.loser, plan.survivor
    same = all(getattr(loser, part) == getattr(survivor, part) for part in ("street", "postcode", "city"))
    if same or not loser.street:
        return
    db.session.add(
        OperatorAddress(
            organisation_id=survivor.id,
            label=loser.name[:100],
            street=loser.street,
            postcode=loser.postcode,
            city=loser.city,
            country=loser.country,
        )  # fmt: skip
    )


def moved_by(merge: OperatorMerge) -> dict[str, int]:
    """What a merge moved, rows by table."""
    moved: dict[str, int] = json.loads(merge.moved)
    return moved
