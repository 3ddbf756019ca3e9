"""Every rule of permission: one function `(actor, target) -> bool`, named as the sentence it states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount, RequestedRole, WantedRole
from portal.vocabulary import Assurance, OrganisationKind

Rule = Callable[[Actor, Any], bool]
RULES: dict[Action, Rule] = {}
FACTOR_FRESH = timedelta(minutes=15)


def rule_for(*actions: Action) -> Callable[[Rule], Rule]:
    """Register the one rule of each action; a second one is a programming error."""

    def register(rule: Rule) -> Rule:
        for action in actions:
            if action in RULES:
                raise ValueError(f"{action} has two rules")
            RULES[action] = rule
        return rule

    return register


def has_passed_the_gate(actor: Actor) -> bool:
    """The second factor is done by a method this environment allows, or none is required yet (S0, S2)."""
    if actor.assurance is Assurance.SECOND_FACTOR:
        return actor.method in actor.policy.methods
    return not actor.policy.second_factor_required


def has_shown_all_its_factors(actor: Actor) -> bool:
    """A password alone opens an account only while there is no second factor to ask for."""
    return actor.second_factor_at is not None or not actor.has_factor


def has_a_fresh_second_factor(actor: Actor) -> bool:
    """The second factor was shown in the last fifteen minutes."""
    return actor.second_factor_at is not None and clock.now() - actor.second_factor_at <= FACTOR_FRESH


@rule_for(Action.ACCOUNT_READ, Action.MAILBOX_CONFIRM)
def people_open_their_own_account(actor: Actor, target: OwnAccount) -> bool:
    """Also with the password alone: the cards must be seen to enrol a first factor."""
    return actor.account_id == target.account_id


@rule_for(
    Action.LANGUAGE_KEEP,
    Action.PERSONAL_DATA_READ,
    Action.SESSION_END,
    Action.SESSION_READ,
    Action.TELEPHONE_READ,
)
def people_see_their_own_data_after_all_their_factors(actor: Actor, target: OwnAccount) -> bool:
    """A stolen password shows nothing of an account that has a second factor."""
    return actor.account_id == target.account_id and has_shown_all_its_factors(actor)


@rule_for(Action.TELEPHONE_ADD)
def people_add_numbers_with_a_factor_or_as_their_first_one(actor: Actor, target: OwnAccount) -> bool:
    """The first number needs the password alone, and the mailbox too if the account holds a role."""
    if actor.account_id != target.account_id:
        return False
    if actor.has_factor:
        return has_a_fresh_second_factor(actor)
    return actor.mailbox_confirmed or not actor.holds_role_anywhere


@rule_for(Action.TELEPHONE_CONFIRM)
def people_type_the_code_of_the_number_they_were_allowed_to_add(actor: Actor, target: OwnAccount) -> bool:
    """A text message may take a quarter of an hour (S0): the factor was fresh when the code left."""
    return actor.account_id == target.account_id and has_shown_all_its_factors(actor)


@rule_for(Action.TELEPHONE_REMOVE)
def people_remove_numbers_with_a_fresh_factor(actor: Actor, target: OwnAccount) -> bool:
    """Whoever finds an open session may not take the factors away."""
    return actor.account_id == target.account_id and has_a_fresh_second_factor(actor)


@rule_for(Action.PROFILE_READ)
def people_enter_an_environment_through_the_gate(actor: Actor, _target: None) -> bool:
    """Everything of the application lies behind the second factor."""
    return has_passed_the_gate(actor)


@rule_for(Action.OPERATOR_SEARCH, Action.AUTHORITY_SEARCH, Action.CONTROL_BODY_SEARCH)
def people_search_organisations_of_their_kind(actor: Actor, target: OrganisationKind) -> bool:
    """One kind of role per person and environment (S3); the Commission may look at all."""
    return has_passed_the_gate(actor) and (actor.kind in (None, target) or actor.is_commission)


@rule_for(Action.ROLE_REQUEST)
def people_ask_for_roles_of_their_kind(actor: Actor, target: WantedRole) -> bool:
    """The Commission's people are made by the Commission, they ask for nothing here."""
    own = actor.account_id == target.account_id and actor.kind in (None, target.kind)
    return own and has_passed_the_gate(actor) and not actor.is_commission


@rule_for(Action.ROLE_WITHDRAW)
def people_withdraw_their_own_requests(actor: Actor, target: RequestedRole) -> bool:
    """Only the requester takes a request back."""
    return has_passed_the_gate(actor) and actor.account_id == target.account_id


@rule_for(Action.QUEUE_READ)
def people_with_a_role_open_the_queue(actor: Actor, _target: None) -> bool:
    """What stands in it is limited to what they may decide or, for the Commission, see."""
    return has_passed_the_gate(actor) and bool(actor.organisations_administered or actor.authorities)


@rule_for(Action.ROLE_VALIDATE, Action.ROLE_REJECT)
def validators_decide_inside_their_scope_and_never_for_themselves(
    actor: Actor, target: RequestedRole
) -> bool:
    """Administrators of the organisation, and the authorities that spec 2.4 names for the request."""
    if actor.account_id == target.account_id or not has_passed_the_gate(actor):
        return False
    return target.organisation_id in actor.organisations_administered or bool(
        actor.authorities & target.validating_authorities
    )


@rule_for(Action.ROLE_READ)
def validators_and_the_commission_open_requests(actor: Actor, target: RequestedRole) -> bool:
    """The Commission reads all without buttons; one's own request opens, without buttons too."""
    if not has_passed_the_gate(actor):
        return False
    own = actor.account_id == target.account_id
    return (
        own
        or actor.is_commission
        or validators_decide_inside_their_scope_and_never_for_themselves(actor, target)
    )
