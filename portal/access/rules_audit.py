"""Rules of the audit trail and of figures: who reads about whom."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.rules import has_passed_the_gate, rule_for
from portal.vocabulary import OrganisationKind


@dataclass(frozen=True)
class TrailOf:
    """The list of one organisation with all it oversees; without a number, everything in the environment."""

    organisation_id: int | None


@rule_for(Action.AUDIT_READ)
def administrators_read_their_own_trail_and_the_commission_all(actor: Actor, target: TrailOf | None) -> bool:
    """Its list has the organisation's own events and those of all below it; without a target: whether there is one."""
    if not has_passed_the_gate(actor):
        return False
    if target is None or actor.is_commission:
        return actor.is_commission or bool(actor.organisations_administered)
    return target.organisation_id in actor.organisations_administered


@rule_for(Action.AUDIT_EXPORT)
def administrators_of_authorities_take_their_part_away(actor: Actor, target: TrailOf | None) -> bool:
    """Only who administers an authority; the Commission's administrators take the whole environment too."""
    administered = {
        role.organisation_id
        for role in actor.roles
        if role.is_administrator and role.kind is OrganisationKind.AUTHORITY
    }
    if target is None:
        return has_passed_the_gate(actor) and bool(administered)
    if target.organisation_id is None:
        return has_passed_the_gate(actor) and actor.is_commission and bool(administered)
    return has_passed_the_gate(actor) and target.organisation_id in administered


@rule_for(Action.FIGURES_READ)
def people_of_authorities_see_figures(actor: Actor, _target: None) -> bool:
    """Whoever has a role in an authority; what is counted is limited to what the authority oversees."""
    return has_passed_the_gate(actor) and any(role.kind is OrganisationKind.AUTHORITY for role in actor.roles)
