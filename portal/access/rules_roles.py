"""Rules about the life of a role: who suspends, removes, limits it, who names administrators (spec 2.3, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor, OwnOrganisation
from portal.access.rules import has_passed_the_gate, rule_for
from portal.vocabulary import OrganisationKind


@dataclass(frozen=True)
class HeldRole:
    """A role that was validated: whose, where, and the organisations above that decide it.

    `is_last` where it is the only valid administrator's; `proposed_by` who proposed its holder as administrator.
    """

    role_id: int
    account_id: int
    organisation_id: int
    validating_authorities: frozenset[int]
    is_administrator: bool = False
    is_last: bool = False
    proposed_by: int | None = None
    certifies: bool = False
    """Whether the organisation issues certificates: then its people can be given the flag «may sign»."""


@rule_for(Action.PROFILE_CHOOSE)
def people_act_as_one_of_their_own_profiles(actor: Actor, target: OwnOrganisation) -> bool:
    """Of the organisations in which they hold a valid role here."""
    own = {role.organisation_id for role in (*actor.roles, *actor.other_roles)}
    return has_passed_the_gate(actor) and target.organisation_id in own


@rule_for(Action.MEMBER_READ)
def the_person_and_those_responsible_open_a_role(actor: Actor, target: HeldRole) -> bool:
    """The person, who administers or stands above, and the Commission, which reads without buttons."""
    if not has_passed_the_gate(actor):
        return False
    own = actor.account_id == target.account_id
    above = bool(actor.authorities & target.validating_authorities)
    return own or actor.is_commission or above or target.organisation_id in actor.organisations_administered


@rule_for(Action.ROLE_SUSPEND, Action.ROLE_LIFT, Action.ROLE_LIMIT)
def administrators_and_superiors_suspend_lift_and_limit_roles(actor: Actor, target: HeldRole) -> bool:
    """Of colleagues with the flag, below as a user of an authority above; never of oneself."""
    return actor.account_id != target.account_id and rules_over(actor, target)


@rule_for(Action.ROLE_REMOVE)
def administrators_superiors_and_the_person_remove_roles(actor: Actor, target: HeldRole) -> bool:
    """The last administrator's only from above: nobody leaves an organisation without one by himself."""
    if not has_passed_the_gate(actor):
        return False
    if target.is_last:
        return actor.account_id != target.account_id and is_above(actor, target)
    return actor.account_id == target.account_id or rules_over(actor, target)


@rule_for(Action.ROLE_RENEW)
def the_person_or_an_administrator_asks_for_more_time(actor: Actor, target: HeldRole) -> bool:
    """For oneself, or for a colleague whom one administers."""
    own = actor.account_id == target.account_id
    return has_passed_the_gate(actor) and (own or target.organisation_id in actor.organisations_administered)


@rule_for(Action.ADMINISTRATOR_NAME)
def administrators_and_superiors_name_administrators(actor: Actor, target: HeldRole) -> bool:
    """Never oneself; where two are needed, the second is another person than the one who proposed."""
    if actor.account_id in (target.account_id, target.proposed_by):
        return False
    return names_administrators(actor, target)


@rule_for(Action.ADMINISTRATOR_REMOVE)
def administrators_and_superiors_take_the_flag(actor: Actor, target: HeldRole) -> bool:
    """Administrators of the organisation, also their own; the last one's only from above."""
    if target.is_last and not (actor.account_id != target.account_id and is_above_for_flags(actor, target)):
        return False
    return names_administrators(actor, target)


def names_administrators(actor: Actor, target: HeldRole) -> bool:
    """Whether the flag in that organisation is the actor's to give and to take."""
    inside = target.organisation_id in actor.organisations_administered
    return has_passed_the_gate(actor) and (inside or is_above_for_flags(actor, target))


def rules_over(actor: Actor, target: HeldRole) -> bool:
    """Whether the role belongs to an organisation the actor administers, or to one below the actor's authority."""
    inside = target.organisation_id in actor.organisations_administered
    return has_passed_the_gate(actor) and (inside or is_above(actor, target))


def is_above(actor: Actor, target: HeldRole) -> bool:
    """Whether the actor acts for an authority above the organisation of the role."""
    return bool(actor.superior_to & target.validating_authorities)


def is_above_for_flags(actor: Actor, target: HeldRole) -> bool:
    """As `is_above`; for the flag, administrators of a control body too, in the operators it is responsible for."""
    bodies = {
        role.organisation_id
        for role in actor.roles
        if role.kind is OrganisationKind.CONTROL_BODY and role.is_administrator
    }
    return is_above(actor, target) or bool(bodies & target.validating_authorities)
