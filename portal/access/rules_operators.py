"""Rules about operators and their activities (spec 2.4 and 2.5), and what they look at."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor, RoleHeld
from portal.access.rules import has_passed_the_gate, rule_for
from portal.vocabulary import AuthorityRole, OrganisationKind

MERGING = frozenset({AuthorityRole.CCA, AuthorityRole.RCA, AuthorityRole.LAU})
"""The authorities whose people make two records into one."""
KEEPING_NO_OPERATORS = frozenset({AuthorityRole.CUSTOMS, AuthorityRole.COMMISSION})


@dataclass(frozen=True)
class OperatorTarget:
    """An operator: `deciding` decide at least one of its activities, `responsible` are named for one, ended or not."""

    organisation_id: int
    deciding: frozenset[int]
    responsible: frozenset[int] = frozenset()
    created_by: int | None = None


@dataclass(frozen=True)
class ActivityTarget:
    """One activity of an operator: who decides it, and who put it there."""

    activity_id: int
    organisation_id: int
    deciding: frozenset[int]
    created_by: int | None = None


@dataclass(frozen=True)
class TwoOperators:
    """Two records of which one is to remain."""

    survivor: OperatorTarget
    loser: OperatorTarget


def keeps_operators(role: RoleHeld) -> bool:
    """Whether people in that role keep operators: authorities without customs and Commission, and control bodies."""
    if role.kind is OrganisationKind.OPERATOR:
        return False
    return role.authority_role not in KEEPING_NO_OPERATORS


def keeping_organisations(actor: Actor) -> frozenset[int]:
    """The organisations in whose name the actor keeps operators (strict reading: those administered)."""
    own = frozenset(role.organisation_id for role in actor.roles if keeps_operators(role))
    return own & actor.authorities_decided


def joins_what_it_creates(actor: Actor) -> bool:
    """Whether the actor asks for a role in an operator with its creation; authorities create without."""
    return actor.kind in (None, OrganisationKind.OPERATOR)


@rule_for(Action.OPERATOR_CREATE)
def people_create_operators_to_join_or_to_keep(actor: Actor, _target: None) -> bool:
    """Operators' people and newcomers with their own request; authorities and control bodies as master data."""
    may_keep = bool(keeping_organisations(actor))
    return has_passed_the_gate(actor) and (joins_what_it_creates(actor) or may_keep)


@rule_for(Action.OPERATOR_LIST, Action.OPERATOR_FIND)
def people_who_keep_operators_list_and_find_them(actor: Actor, _target: None) -> bool:
    """The Commission reads all, without buttons."""
    return has_passed_the_gate(actor) and (
        actor.is_commission or any(keeps_operators(r) for r in actor.roles)
    )


@rule_for(Action.OPERATOR_READ)
def operators_are_open_to_their_people_and_their_authorities(actor: Actor, target: OperatorTarget) -> bool:
    """Its own users, those responsible for one of its activities or above, who created it, and the Commission."""
    if not has_passed_the_gate(actor):
        return False
    own = {role.organisation_id for role in actor.roles}
    mine = target.organisation_id in own or bool(own & (target.deciding | target.responsible))
    return mine or actor.is_commission or target.created_by == actor.account_id


@rule_for(Action.OPERATOR_EDIT, Action.ACTIVITY_ADD)
def administrators_and_their_authorities_change_operators(actor: Actor, target: OperatorTarget) -> bool:
    """The operator's administrators (then it is validated again), and those who decide an activity of it."""
    if not has_passed_the_gate(actor):
        return False
    return target.organisation_id in actor.organisations_administered or decides(actor, target)


def decides(actor: Actor, target: OperatorTarget | ActivityTarget) -> bool:
    """Whether the actor acts for an organisation that decides it."""
    return bool(keeping_organisations(actor) & target.deciding)


def _belongs_to(actor: Actor, target: OperatorTarget | ActivityTarget) -> bool:
    """Whether the person holds a role in the operator, acted as or not."""
    return target.organisation_id in {role.organisation_id for role in (*actor.roles, *actor.other_roles)}


@rule_for(Action.ACTIVITY_VALIDATE)
def those_responsible_validate_activities_they_did_not_create(actor: Actor, target: ActivityTarget) -> bool:
    """Never the operator's own people, never who put the activity there (Z-04)."""
    stranger = not _belongs_to(actor, target) and target.created_by != actor.account_id
    return stranger and has_passed_the_gate(actor) and decides(actor, target)


@rule_for(Action.ACTIVITY_SUSPEND)
def those_responsible_suspend_lift_and_delete_activities(actor: Actor, target: ActivityTarget) -> bool:
    """Those who may validate it, and who put it there too: nothing is gained by it."""
    return not _belongs_to(actor, target) and has_passed_the_gate(actor) and decides(actor, target)


@rule_for(Action.OPERATOR_MERGE)
def territorial_authorities_merge_operators_they_both_decide(actor: Actor, target: TwoOperators) -> bool:
    """Central, regional and local authorities, inside their scope: they decide an activity of either record."""
    if not has_passed_the_gate(actor):
        return False
    merging = {role.organisation_id for role in actor.roles if role.authority_role in MERGING}
    mine = merging & actor.authorities
    return bool(mine & target.survivor.deciding) and bool(mine & target.loser.deciding)
