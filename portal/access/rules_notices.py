"""Rules of notices, announcements and the Commission's switches of an environment."""

from __future__ import annotations

from portal.access.actions import Action
from portal.access.actor import Actor, NewsFor, OwnAccount
from portal.access.rules import has_passed_the_gate, rule_for
from portal.vocabulary import AuthorityRole


def administers_the_commission(actor: Actor) -> bool:
    """An administrator of the Commission in this environment."""
    return any(
        role.is_administrator and role.authority_role is AuthorityRole.COMMISSION for role in actor.roles
    )


@rule_for(Action.NOTICE_READ, Action.NOTICE_CONFIGURE)
def people_read_their_own_notices(actor: Actor, target: OwnAccount) -> bool:
    """Nobody else's, and only behind the second factor: a notice names people and organisations."""
    return actor.account_id == target.account_id and has_passed_the_gate(actor)


@rule_for(Action.NEWS_READ)
def people_read_the_news_of_an_environment(actor: Actor, _target: None) -> bool:
    """News of a country are shown to its people; the list is limited to them."""
    return has_passed_the_gate(actor)


@rule_for(Action.NEWS_KEEP)
def the_commission_and_central_authorities_announce(actor: Actor, target: NewsFor | None) -> bool:
    """The Commission for everybody, a central authority for its own country (permissions: news, s')."""
    if not has_passed_the_gate(actor):
        return False
    if administers_the_commission(actor):
        return True
    countries = countries_announced_to(actor)
    return bool(countries) if target is None else target.country in countries


def countries_announced_to(actor: Actor) -> frozenset[str]:
    """The countries for which the actor writes news as their central authority."""
    return frozenset(
        role.country
        for role in actor.roles
        if role.authority_role is AuthorityRole.CCA
        and role.organisation_id in actor.authorities
        and role.country
    )


@rule_for(Action.ENVIRONMENT_READ, Action.ENVIRONMENT_SWITCH)
def administrators_of_the_commission_switch_environments(actor: Actor, _target: None) -> bool:
    """Open or closed, planned stops, accepted methods: one for all people, so nobody else's to decide."""
    return has_passed_the_gate(actor) and administers_the_commission(actor)
