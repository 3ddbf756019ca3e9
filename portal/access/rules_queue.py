"""Rules around the queue: questions and answers, many decisions at once, deputies, following the own request."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor, OwnOrganisation, RequestedRole
from portal.access.rules import (
    has_passed_the_gate,
    people_with_a_role_open_the_queue,
    rule_for,
    validators_decide_inside_their_scope_and_never_for_themselves,
)


@dataclass(frozen=True)
class NamedDeputy:
    """Target of ending an absence: who is away, who stands in, in which organisation."""

    account_id: int
    deputy_id: int
    organisation_id: int


@rule_for(Action.ROLE_ASK)
def validators_ask_about_requests_they_may_decide(actor: Actor, target: RequestedRole) -> bool:
    """Who decides may ask before deciding."""
    return validators_decide_inside_their_scope_and_never_for_themselves(actor, target)


@rule_for(Action.ROLE_ANSWER, Action.ROLE_FOLLOW)
def people_follow_and_explain_their_own_requests(actor: Actor, target: RequestedRole) -> bool:
    """Only the requester sees where the request is and answers for it."""
    return has_passed_the_gate(actor) and actor.account_id == target.account_id


@rule_for(Action.ROLES_DECIDE)
def people_with_a_queue_decide_several_at_once(actor: Actor, _target: None) -> bool:
    """Each request is judged by its own rule, when it is looked at and again when it is done."""
    return people_with_a_role_open_the_queue(actor, None)


@rule_for(Action.DEPUTY_READ)
def people_with_a_queue_see_who_stands_in(actor: Actor, _target: None) -> bool:
    """What the page lists is limited to the own organisations."""
    return people_with_a_role_open_the_queue(actor, None)


@rule_for(Action.DEPUTY_NAME)
def validators_name_their_own_deputies(actor: Actor, target: OwnOrganisation) -> bool:
    """Who decides in that organisation by an own right; a deputy names no further deputy."""
    deciding = actor.organisations_administered | actor.authorities
    return has_passed_the_gate(actor) and target.organisation_id in deciding


@rule_for(Action.DEPUTY_END)
def both_sides_and_administrators_end_an_absence(actor: Actor, target: NamedDeputy) -> bool:
    """The one who is back, the one who stands in, or an administrator of the organisation."""
    concerned = actor.account_id in (target.account_id, target.deputy_id)
    administers = target.organisation_id in actor.organisations_administered
    return has_passed_the_gate(actor) and (concerned or administers)


def is_colleague_of(actor: Actor, target: RequestedRole) -> bool:
    """Whether the actor has a role in the organisation of the request: then it is forbidden, not unknown."""
    return target.organisation_id in {role.organisation_id for role in actor.roles}
