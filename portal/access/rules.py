"""Every rule of permission: one function `(actor, target) -> bool`, named as the sentence it states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock
from portal.access.actions import Action, Freshness
from portal.access.actor import Actor, Member, OwnAccount, OwnOrganisation, RequestedRole, WantedRole
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
    """Not suspended here, and the second factor was shown by a method this environment allows, or none is required yet
    (S0, S2)."""
    if actor.is_suspended:
        return False
    if actor.assurance is Assurance.SECOND_FACTOR:
        return actor.method in actor.policy.methods
    return actor.assurance is Assurance.PASSWORD and not actor.policy.second_factor_required


def has_shown_all_its_factors(actor: Actor) -> bool:
    """A password alone opens an account only while there is no second factor to ask for."""
    return actor.second_factor_at is not None or not actor.has_factor


def has_a_fresh_second_factor(actor: Actor) -> bool:
    """The second factor was shown in the last fifteen minutes."""
    return actor.second_factor_at is not None and clock.now() - actor.second_factor_at <= FACTOR_FRESH


def is_fresh_for_decisions(actor: Actor) -> bool:
    """By a method this environment allows for decisions; a quarter of an hour after the factor or the last decision,
    an hour after the factor at most; before the date a second factor is required, the password is enough."""
    if actor.assurance is Assurance.PASSWORD and not actor.policy.second_factor_required:
        return True
    if actor.second_factor_at is None or actor.method not in actor.policy.decision_methods:
        return False
    now, last = clock.now(), max(actor.second_factor_at, actor.acted_at or actor.second_factor_at)
    policy = actor.policy
    return now - last <= policy.decision_idle and now - actor.second_factor_at <= policy.decision_total


def is_fresh_for_signatures(actor: Actor) -> bool:
    """By a method this environment allows for decisions, shown in the last fifteen minutes whatever was done since."""
    return actor.method in actor.policy.decision_methods and has_a_fresh_second_factor(actor)


def is_fresh_enough(actor: Actor, action: Action) -> bool:
    """Whether the second factor was shown as recently as the action asks; an account without one has none to show."""
    if action.freshness is Freshness.DECISIONS:
        return is_fresh_for_decisions(actor)
    if action.freshness is Freshness.SIGNATURES:
        return is_fresh_for_signatures(actor)
    if actor.assurance is Assurance.RECOVERY:
        return action in ADDING
    if action.freshness is Freshness.FACTORS and actor.has_factor:
        return has_a_fresh_second_factor(actor)
    return action.freshness is Freshness.NONE or has_shown_all_its_factors(actor)


ADDING = frozenset({
    Action.ACCOUNT_PANIC,
    Action.ACCOUNT_READ,
    Action.FACTOR_ADD,
    Action.FACTOR_CONFIRM,
    Action.MAILBOX_CONFIRM,
    Action.TELEPHONE_ADD,
    Action.TELEPHONE_CONFIRM,
})  # fmt: skip
"""What a session opened by a recovery code is for: to add a new factor, or to press PANIC."""


@rule_for(
    Action.ACCOUNT_CONFIGURE,
    Action.ACCOUNT_DELETE,
    Action.ACCOUNT_PANIC,
    Action.ACCOUNT_READ,
    Action.FACTOR_CONFIRM,
    Action.FACTOR_READ,
    Action.FACTOR_RENAME,
    Action.LANGUAGE_KEEP,
    Action.MAILBOX_CONFIRM,
    Action.PERSONAL_DATA_EXPORT,
    Action.PERSONAL_DATA_READ,
    Action.SESSION_END,
    Action.SESSION_READ,
    Action.TELEPHONE_CONFIRM,
    Action.TELEPHONE_READ,
)
def people_have_their_own_account(actor: Actor, target: OwnAccount) -> bool:
    """Nobody opens another person's account; how fresh the factor must be stands with the action."""
    return actor.account_id == target.account_id


@rule_for(Action.STEP_UP)
def people_step_up_except_after_a_recovery_code(actor: Actor, target: OwnAccount) -> bool:
    """A recovery code lets a factor be added; what it opens is opened by signing in with that factor."""
    return actor.account_id == target.account_id and actor.assurance is not Assurance.RECOVERY


@rule_for(Action.FACTOR_ADD, Action.TELEPHONE_ADD)
def people_add_factors_beside_one_or_as_their_first(actor: Actor, target: OwnAccount) -> bool:
    """The first factor needs the password alone, and the mailbox too if the account holds a role."""
    if actor.account_id != target.account_id:
        return False
    return actor.has_factor or actor.mailbox_confirmed or not actor.holds_role_anywhere


@rule_for(Action.PASSWORD_CHANGE)
def people_change_their_password_unless_it_rests(actor: Actor, target: OwnAccount) -> bool:
    """For a day after a recovery code was used nothing that protects the account is changed."""
    return actor.account_id == target.account_id and not actor.is_resting


@rule_for(
    Action.EMAIL_CHANGE,
    Action.FACTOR_REMOVE,
    Action.PERSONAL_DATA_CHANGE,
    Action.RECOVERY_CODES_MAKE,
    Action.TELEPHONE_REMOVE,
)
def people_change_what_identifies_and_protects_them_with_a_factor(actor: Actor, target: OwnAccount) -> bool:
    """A password alone changes none of it, not even on an account without factor; nor for a day after recovery."""
    own = actor.account_id == target.account_id and not actor.is_resting
    return own and actor.has_factor


@rule_for(Action.PROFILE_READ)
def people_enter_an_environment_through_the_gate(actor: Actor, _target: None) -> bool:
    """Everything of the application lies behind the second factor."""
    return has_passed_the_gate(actor)


@rule_for(Action.OPERATOR_SEARCH, Action.AUTHORITY_SEARCH, Action.CONTROL_BODY_SEARCH)
def people_search_organisations_of_their_kind(actor: Actor, target: OrganisationKind) -> bool:
    """One kind of role per person and environment (S3); the Commission may look at all."""
    return has_passed_the_gate(actor) and (actor.kind in (None, target) or actor.belongs_to_commission)


@rule_for(Action.ROLE_REQUEST)
def people_ask_for_roles_of_their_kind(actor: Actor, target: WantedRole) -> bool:
    """The Commission's people are made by the Commission, they ask for nothing here."""
    own = actor.account_id == target.account_id and actor.kind in (None, target.kind)
    return own and has_passed_the_gate(actor) and not actor.belongs_to_commission


@rule_for(Action.ROLE_WITHDRAW)
def people_withdraw_their_own_requests(actor: Actor, target: RequestedRole) -> bool:
    """Only the requester takes a request back."""
    return has_passed_the_gate(actor) and actor.account_id == target.account_id


@rule_for(Action.QUEUE_READ)
def people_with_a_role_open_the_queue(actor: Actor, _target: None) -> bool:
    """What stands in it is limited to what they may decide or, for the Commission, see."""
    return has_passed_the_gate(actor) and bool(actor.organisations_decided or actor.authorities_decided)


@rule_for(Action.ROLE_VALIDATE, Action.ROLE_REJECT)
def validators_decide_inside_their_scope_and_never_for_themselves(
    actor: Actor, target: RequestedRole
) -> bool:
    """Administrators of the organisation or their deputies, and the authorities that spec 2.4 names for the request."""
    if actor.account_id == target.account_id or not has_passed_the_gate(actor):
        return False
    return target.organisation_id in actor.organisations_decided or bool(
        actor.authorities_decided & target.validating_authorities
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


@rule_for(Action.MEMBERS_READ, Action.SUSPENSION_READ, Action.DUTY_PHONE_READ)
def people_with_a_role_see_who_belongs_to_their_organisations(actor: Actor, _target: None) -> bool:
    """What the pages list is limited to what the actor administers, supervises or, for duty phones, belongs to."""
    return has_passed_the_gate(actor) and bool(actor.roles)


@rule_for(Action.SUSPENSION_LIFT, Action.RECOVERY_VOUCH)
def administrators_and_authorities_vouch_for_their_people(actor: Actor, target: Member) -> bool:
    """Of the person's organisation or above it (states 2.6: no control body, no customs office is above anybody); never
    for oneself, never twice, and only once the person has a factor again."""
    if actor.account_id in (target.account_id, target.first_by) or not target.has_factor:
        return False
    inside = bool(actor.organisations_administered & target.organisations)
    return has_passed_the_gate(actor) and (inside or bool(actor.superior_to & target.validating_authorities))


@rule_for(Action.NAME_CONFIRM)
def administrators_confirm_the_names_of_their_people(actor: Actor, target: Member) -> bool:
    """Another person than oneself, of the organisation or above it."""
    own = actor.account_id == target.account_id
    return not own and has_passed_the_gate(actor) and is_responsible_for(actor, target)


def is_responsible_for(actor: Actor, target: Member) -> bool:
    """Whether the actor administers an organisation of that person or acts for an authority over one."""
    return bool(
        actor.organisations_administered & target.organisations
        or actor.authorities & target.validating_authorities
    )


@rule_for(Action.DUTY_PHONE_KEEP)
def administrators_keep_the_duty_phones_of_their_organisation(actor: Actor, target: OwnOrganisation) -> bool:
    """S0: «chaque responsable local établira en amont la liste des téléphones portables utilisables»."""
    return has_passed_the_gate(actor) and target.organisation_id in actor.organisations_administered
