"""Rules of what comes in by files, of lists that leave as files, and of Training made anew."""

from __future__ import annotations

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.rules import has_passed_the_gate, rule_for
from portal.access.rules_operators import keeping_organisations
from portal.access.rules_registers import creating_authorities
from portal.vocabulary import AuthorityRole


def commission_administered(actor: Actor) -> frozenset[int]:
    """The Commission, for its administrators."""
    top = (role for role in actor.roles if role.authority_role is AuthorityRole.COMMISSION)
    return frozenset(role.organisation_id for role in top if role.is_administrator)


def names_imported(actor: Actor, action: Action) -> frozenset[int]:
    """In whose name the actor brings files of that kind."""
    if action is Action.OPERATOR_IMPORT:
        return keeping_organisations(actor)
    below = creating_authorities(actor) if action is Action.AUTHORITY_IMPORT else frozenset()
    return below | commission_administered(actor)


@rule_for(Action.OPERATOR_IMPORT)
def authorities_and_control_bodies_bring_files_of_operators(actor: Actor, _target: None) -> bool:
    """Not the Commission: it keeps no operators; each row is judged again by who answers for it."""
    return has_passed_the_gate(actor) and bool(keeping_organisations(actor))


@rule_for(Action.AUTHORITY_IMPORT)
def registrars_bring_files_of_authorities(actor: Actor, _target: None) -> bool:
    """Administrators of the Commission; central and regional authorities for what stands below them."""
    return has_passed_the_gate(actor) and bool(names_imported(actor, Action.AUTHORITY_IMPORT))


@rule_for(Action.CONTROL_BODY_IMPORT)
def commission_administrators_bring_files_of_control_bodies(actor: Actor, _target: None) -> bool:
    """Who keeps control bodies and their scopes."""
    return has_passed_the_gate(actor) and bool(commission_administered(actor))


@rule_for(Action.EXCHANGE_OPEN)
def people_who_bring_some_file_open_the_page_of_files(actor: Actor, _target: None) -> bool:
    """The page lists the kinds of file this person may bring."""
    actions = (Action.OPERATOR_IMPORT, Action.AUTHORITY_IMPORT, Action.CONTROL_BODY_IMPORT)
    return has_passed_the_gate(actor) and any(names_imported(actor, action) for action in actions)


@rule_for(Action.TRAINING_RESET)
def commission_administrators_make_training_anew(actor: Actor, environment_key: str) -> bool:
    """Training and nothing else, whatever a page or a setting says."""
    return (
        environment_key == "training" and has_passed_the_gate(actor) and bool(commission_administered(actor))
    )
