"""Rules about the registers of authorities and control bodies and the rights on documents, and what they look at."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.rules import has_passed_the_gate, rule_for
from portal.access.rules_notices import administers_the_commission
from portal.vocabulary import AuthorityRole, OrganisationKind

CREATING_BELOW = frozenset({AuthorityRole.CCA, AuthorityRole.RCA})
"""The authorities whose people keep the authorities below their own."""
C, R, L, B = AuthorityRole.CCA, AuthorityRole.RCA, AuthorityRole.LAU, AuthorityRole.BCP
HANGS_UNDER = {
    AuthorityRole.CCA: frozenset[AuthorityRole](),
    AuthorityRole.RCA: frozenset({C, R}),
    AuthorityRole.LAU: frozenset({C, R, L}),
    AuthorityRole.BCP: frozenset({C, R}),
    AuthorityRole.CP: frozenset({C, R, L, B}),
    AuthorityRole.CUSTOMS: frozenset({C, R, B}),
}
"""Under which authorities each one may hang; every one of them may hang under the Commission, which stands alone."""


def fits_under(role: str | None, superior_role: str | None) -> bool:
    """Whether an authority of that role may hang under one of the other."""
    above = AuthorityRole(superior_role) if superior_role else None
    if role is None or above is None or role == AuthorityRole.COMMISSION:
        return False
    return above is AuthorityRole.COMMISSION or above in HANGS_UNDER[AuthorityRole(role)]


@dataclass(frozen=True)
class AuthorityPlace:
    """A place in the tree: `line` is the superior there and all above it."""

    line: frozenset[int]


@dataclass(frozen=True)
class AuthorityTarget:
    """An authority: its role, and those strictly above it."""

    organisation_id: int
    role: str
    above: frozenset[int]


@dataclass(frozen=True)
class AuthorityMove:
    """An authority that is to hang elsewhere."""

    authority: AuthorityTarget
    place: AuthorityPlace


def creating_authorities(actor: Actor) -> frozenset[int]:
    """The central and regional authorities in whose name the actor keeps those below (strict: administered ones)."""
    own = (role.organisation_id for role in actor.roles if role.authority_role in CREATING_BELOW)
    return frozenset(own) & actor.authorities


@rule_for(Action.AUTHORITY_LIST, Action.AUTHORITY_READ)
def people_of_authorities_read_the_tree(actor: Actor, _target: AuthorityTarget | None) -> bool:
    """What it says of people is limited to those who may decide about them."""
    return has_passed_the_gate(actor) and any(r.kind is OrganisationKind.AUTHORITY for r in actor.roles)


@rule_for(Action.AUTHORITY_CREATE)
def authorities_are_created_by_the_commission_and_by_those_above(
    actor: Actor, target: AuthorityPlace | None
) -> bool:
    """The Commission everywhere, central and regional authorities below themselves; None: at any place."""
    if not has_passed_the_gate(actor):
        return False
    own = creating_authorities(actor)
    return administers_the_commission(actor) or bool(own if target is None else own & target.line)


@rule_for(Action.AUTHORITY_EDIT)
def authorities_are_kept_by_the_commission_and_by_those_above(actor: Actor, target: AuthorityTarget) -> bool:
    """The Commission every record, its own too; central and regional authorities what stands below them."""
    return has_passed_the_gate(actor) and keeps(actor, target)


@rule_for(Action.AUTHORITY_SUSPEND)
def authorities_but_the_commission_are_suspended_from_above(actor: Actor, target: AuthorityTarget) -> bool:
    """Suspend, lift and delete: the top of the tree stays."""
    bounded = target.role == AuthorityRole.COMMISSION
    return not bounded and has_passed_the_gate(actor) and keeps(actor, target)


@rule_for(Action.AUTHORITY_MOVE)
def authorities_are_moved_by_who_keeps_them_at_both_places(actor: Actor, target: AuthorityMove) -> bool:
    """Who may keep the authority where it is and create one where it shall be; the Commission never moves."""
    if target.authority.role == AuthorityRole.COMMISSION or not has_passed_the_gate(actor):
        return False
    there = authorities_are_created_by_the_commission_and_by_those_above(actor, target.place)
    return there and keeps(actor, target.authority)


def keeps(actor: Actor, target: AuthorityTarget) -> bool:
    """Whether the actor keeps the record of that authority."""
    return administers_the_commission(actor) or bool(creating_authorities(actor) & target.above)


@dataclass(frozen=True)
class ControlBodyTarget:
    """A control body."""

    organisation_id: int


@rule_for(Action.CONTROL_BODY_LIST)
def people_of_authorities_list_control_bodies(actor: Actor, _target: None) -> bool:
    """Those who supervise them, and the Commission that keeps them."""
    return has_passed_the_gate(actor) and any(r.kind is OrganisationKind.AUTHORITY for r in actor.roles)


@rule_for(Action.CONTROL_BODY_READ)
def control_bodies_are_read_by_their_people_and_authorities(actor: Actor, target: ControlBodyTarget) -> bool:
    """Their own users read and never change (AU11)."""
    own = {role.organisation_id for role in actor.roles}
    official = any(r.kind is OrganisationKind.AUTHORITY for r in actor.roles)
    return has_passed_the_gate(actor) and (official or target.organisation_id in own)


@rule_for(Action.CONTROL_BODY_KEEP)
def the_commission_keeps_control_bodies_and_their_scopes(actor: Actor, _target: None) -> bool:
    """The data come from the Commission's own list; neither users nor authorities edit them (T10)."""
    return has_passed_the_gate(actor) and administers_the_commission(actor)


@rule_for(Action.DOCUMENT_RIGHTS_READ)
def people_with_a_role_read_the_rights_on_documents(actor: Actor, _target: None) -> bool:
    """What every profile may do with each document is no secret among those who work with them."""
    return has_passed_the_gate(actor) and bool(actor.roles)


@rule_for(Action.DOCUMENT_RIGHTS_KEEP)
def the_commission_decides_the_rights_on_documents(actor: Actor, _target: None) -> bool:
    """One table for all people of the environment, so nobody else's to change."""
    return has_passed_the_gate(actor) and administers_the_commission(actor)
