"""The people of the rule tables: actors that differ by one thing each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, Member, OwnAccount, RequestedRole, RoleHeld
from portal.access.authorise import Refused, authorise
from portal.vocabulary import Assurance, AuthorityRole, Method, OrganisationKind
from tests.makers.identity import an_actor

OPERATOR, AUTHORITY, BODY = 10, 20, 30
ME, SOMEBODY = 1, 2

USER = RoleHeld(OPERATOR, OrganisationKind.OPERATOR)
ADMINISTRATOR = RoleHeld(OPERATOR, OrganisationKind.OPERATOR, is_administrator=True)
OFFICIAL = RoleHeld(AUTHORITY, OrganisationKind.AUTHORITY, AuthorityRole.LAU)
CHIEF = RoleHeld(AUTHORITY, OrganisationKind.AUTHORITY, AuthorityRole.CCA, is_administrator=True)
INSPECTOR = RoleHeld(BODY, OrganisationKind.CONTROL_BODY)
COMMISSION = RoleHeld(40, OrganisationKind.AUTHORITY, AuthorityRole.COMMISSION, is_administrator=True)


def nobody_yet(**more: object) -> Actor:
    """Signed in with everything, no role."""
    return an_actor(ME, **more)  # type: ignore[arg-type]


def with_a_stale_factor() -> Actor:
    """The second factor was sixteen minutes ago."""
    return replace(an_actor(ME), second_factor_at=clock.now() - timedelta(minutes=16))


def holding(*roles: RoleHeld, strict: bool = False) -> Actor:
    """Signed in with everything, with these roles."""
    return an_actor(ME, *roles, strict=strict)


def a_request(of: int = SOMEBODY, *deciders: int) -> RequestedRole:
    """A request of somebody for the operator, which these authorities may decide."""
    return RequestedRole(7, of, OPERATOR, frozenset(deciders))


def does(actor: Actor, action: Action, target: Any) -> bool:
    """Whether the actor may do it now: the rule says yes, and the factor is fresh enough."""
    try:
        authorise(actor, action, target)
    except Refused:
        return False
    return True


def a_member(of: int = SOMEBODY, *deciders: int, **more: Any) -> Member:
    """A person with a role in the operator, which these authorities may decide."""
    return Member(of, frozenset({OPERATOR}), frozenset(deciders), **more)


Row = tuple[str, Actor, Any, bool]
MINE, NOT_MINE = OwnAccount(ME), OwnAccount(SOMEBODY)
HALF = nobody_yet(second_factor=False)
FIRST_FACTOR = nobody_yet(second_factor=False, has_factor=False)
RECOVERED = replace(HALF, assurance=Assurance.RECOVERY, method=Method.RECOVERY_CODE)
RESTING = replace(nobody_yet(), is_resting=True)


def suspended(actor: Actor) -> Actor:
    """The same person, suspended here."""
    return replace(actor, is_suspended=True)
