"""What each action is asked about in the permission matrix: loaded as the services load it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.access.actions import Action
from portal.access.actor import NewsFor, OwnAccount, OwnOrganisation, WantedRole
from portal.access.rules_operators import TwoOperators
from portal.access.rules_queue import NamedDeputy
from portal.access.rules_registers import AuthorityMove, ControlBodyTarget
from portal.organisations import authorities
from portal.organisations.models import Organisation
from portal.roles import members, operators, queries
from portal.roles.models import Role
from portal.vocabulary import OrganisationKind
from tests.security.matrix_certificates import (
    CERTIFICATES,
    DOCUMENTS,
    certificate_target,
    office_touched,
    wanted_certificate,
)
from tests.security.matrix_world import World

A = Action
NOT_THERE = object()
"""Nothing stands in that relation to that kind of person."""
Finder = Callable[[World, str, str], Any]

ALONE = frozenset({
    A.AUDIT_EXPORT, A.AUDIT_READ, A.AUTHORITY_CREATE, A.AUTHORITY_IMPORT, A.AUTHORITY_LIST, A.CERTIFICATE_LIST,
    A.CONTROL_BODY_IMPORT, A.MODEL_LOAD, A.MODEL_READ,
    A.CONTROL_BODY_KEEP, A.CONTROL_BODY_LIST, A.DEPUTY_READ, A.DOCUMENT_RIGHTS_KEEP, A.DOCUMENT_RIGHTS_READ,
    A.DUTY_PHONE_READ, A.ENVIRONMENT_READ, A.ENVIRONMENT_SWITCH, A.EXCHANGE_OPEN, A.FIGURES_READ, A.MEMBERS_READ,
    A.NEWS_READ, A.OPERATOR_CREATE, A.OPERATOR_FIND, A.OPERATOR_IMPORT, A.OPERATOR_LIST, A.PROFILE_READ,
    A.QUEUE_READ, A.ROLES_DECIDE, A.SUSPENSION_READ,
})  # fmt: skip
"""Asked about the person alone: in the own environment, and in one where the person holds nothing."""
ACCOUNT = frozenset({
    A.ACCOUNT_CONFIGURE, A.ACCOUNT_DELETE, A.ACCOUNT_PANIC, A.ACCOUNT_READ, A.EMAIL_CHANGE, A.FACTOR_ADD,
    A.FACTOR_CONFIRM, A.FACTOR_READ, A.FACTOR_REMOVE, A.FACTOR_RENAME, A.LANGUAGE_KEEP, A.MAILBOX_CONFIRM,
    A.NOTICE_CONFIGURE, A.NOTICE_READ, A.PASSWORD_CHANGE, A.PERSONAL_DATA_CHANGE, A.PERSONAL_DATA_EXPORT,
    A.PERSONAL_DATA_READ, A.RECOVERY_CODES_MAKE, A.SESSION_END, A.SESSION_READ, A.STEP_UP, A.TELEPHONE_ADD,
    A.TELEPHONE_CONFIRM, A.TELEPHONE_READ, A.TELEPHONE_REMOVE, A.WORK_READ, A.WORK_STOP,
})  # fmt: skip
HELD = frozenset({
    A.ADMINISTRATOR_NAME, A.ADMINISTRATOR_REMOVE, A.MEMBER_READ, A.ROLE_LIFT, A.ROLE_LIMIT, A.ROLE_REMOVE,
    A.ROLE_RENEW, A.ROLE_SUSPEND, A.SIGNING_ALLOW,
})  # fmt: skip
REQUESTED = frozenset({
    A.ROLE_ANSWER, A.ROLE_ASK, A.ROLE_FOLLOW, A.ROLE_READ, A.ROLE_REJECT, A.ROLE_VALIDATE, A.ROLE_WITHDRAW,
})  # fmt: skip
MEMBER = frozenset({A.NAME_CONFIRM, A.RECOVERY_VOUCH, A.SUSPENSION_LIFT})
KEPT = frozenset({A.DEPUTY_NAME, A.DUTY_PHONE_KEEP, A.PROFILE_CHOOSE})
CERTIFICATE = frozenset({
    A.CERTIFICATE_CANCEL, A.CERTIFICATE_CERTIFY, A.CERTIFICATE_CONTROL, A.CERTIFICATE_EDIT, A.CERTIFICATE_READ,
    A.CERTIFICATE_SIGN, A.CERTIFICATE_SUBMIT,
})  # fmt: skip
OPERATOR = frozenset({A.ACTIVITY_ADD, A.OPERATOR_EDIT, A.OPERATOR_READ})
ACTIVITY = frozenset({A.ACTIVITY_SUSPEND, A.ACTIVITY_VALIDATE})
AUTHORITY = frozenset({A.AUTHORITY_EDIT, A.AUTHORITY_READ, A.AUTHORITY_SUSPEND})
SEARCH = {
    A.OPERATOR_SEARCH: OrganisationKind.OPERATOR,
    A.AUTHORITY_SEARCH: OrganisationKind.AUTHORITY,
    A.CONTROL_BODY_SEARCH: OrganisationKind.CONTROL_BODY,
}
HIDING = {
    **dict.fromkeys(HELD, A.MEMBER_READ),
    **dict.fromkeys(REQUESTED, A.ROLE_READ),
    **dict.fromkeys(CERTIFICATE, A.CERTIFICATE_READ),
}
"""Who may not read it is not told that it is there."""


def role_of(world: World, kind: str, relation: str) -> Role | None:
    """A valid role in that relation; with `self` the person's own."""
    place = world.around(kind, relation)
    if relation == "self" and place is not None:
        return queries.roles_of(world.people[kind])[0]
    return world.rows[place.id].role if place else None


def _request(world: World, kind: str, relation: str) -> Any:
    place = world.around(kind, relation)
    own = relation == "self"
    row = role_of(world, kind, relation) if own else world.rows[place.id].request if place else None
    return queries.target_of(row) if row else NOT_THERE


def _held(world: World, kind: str, relation: str) -> Any:
    row = role_of(world, kind, relation)
    return members.held_role(row) if row else NOT_THERE


def _member(world: World, kind: str, relation: str) -> Any:
    row = role_of(world, kind, relation)
    return members.member(row.account_id) if row else NOT_THERE


def _account(world: World, kind: str, relation: str) -> Any:
    number = world.people[kind]
    return OwnAccount(number if relation == "self" else number + 1000)


def _place(world: World, kind: str, relation: str) -> Any:
    place = world.around(kind, relation)
    return OwnOrganisation(place.id) if place else NOT_THERE


def _operator(world: World, kind: str, relation: str) -> Organisation | None:
    place = world.around(kind, relation)
    return place if place and place.kind == OrganisationKind.OPERATOR else None


def _operator_target(world: World, kind: str, relation: str) -> Any:
    place = _operator(world, kind, relation)
    return operators.target_of(place) if place else NOT_THERE


def _activity(world: World, kind: str, relation: str) -> Any:
    place = _operator(world, kind, relation)
    targets = operators.targets_of_activities(place) if place else {}
    return targets[max(targets)] if targets else NOT_THERE


def _two(world: World, kind: str, relation: str) -> Any:
    target = _operator_target(world, kind, relation)
    return TwoOperators(target, target) if target is not NOT_THERE else NOT_THERE


def _authority(world: World, kind: str, relation: str) -> Any:
    place = world.authority_around(kind, relation)
    return authorities.target_of(place) if place else NOT_THERE


def _move(world: World, kind: str, relation: str) -> Any:
    place = world.authority_around(kind, relation)
    if place is None:
        return NOT_THERE
    return AuthorityMove(authorities.target_of(place), authorities.place_under(world.country.regional))


def _touched(world: World, kind: str, relation: str) -> Any:
    return office_touched(world, kind, relation) or NOT_THERE


def _body(world: World, kind: str, relation: str) -> Any:
    own = world.body if kind in ("CB", "CA") else None
    place = {"own": own, "foreign": world.foreign_body}.get(relation)
    return ControlBodyTarget(place.id) if place else NOT_THERE


def _deputy(world: World, kind: str, relation: str) -> Any:
    place = world.around(kind, relation)
    return NamedDeputy(0, 0, place.id) if place else NOT_THERE


def _news(world: World, kind: str, relation: str) -> Any:
    return NewsFor({"own": "BE", "foreign": "FR"}.get(relation, ""))


def _searched(action: Action) -> Finder:
    return lambda _world, _kind, _relation: SEARCH[action]


def _wanted(world: World, kind: str, relation: str) -> Any:
    place = world.own(kind)
    own = OrganisationKind(place.kind) if place else OrganisationKind.OPERATOR
    other = OrganisationKind.AUTHORITY if own is OrganisationKind.OPERATOR else OrganisationKind.OPERATOR
    return WantedRole(world.people[kind], own if relation == "own" else other)


def _nothing(_world: World, _kind: str, _relation: str) -> None:
    return None


NEAR = ("own", "subordinate", "foreign")
FINDERS: dict[Action, tuple[Finder, tuple[str, ...]]] = {
    **dict.fromkeys(ALONE, (_nothing, ("alone",))),
    **dict.fromkeys(ACCOUNT, (_account, ("self", "foreign"))),
    **dict.fromkeys(HELD, (_held, ("self", *NEAR))),
    **dict.fromkeys(REQUESTED, (_request, ("self", *NEAR))),
    **dict.fromkeys(MEMBER, (_member, ("self", *NEAR))),
    **dict.fromkeys(KEPT, (_place, NEAR)),
    **dict.fromkeys(OPERATOR, (_operator_target, NEAR)),
    **dict.fromkeys(ACTIVITY, (_activity, NEAR)),
    **dict.fromkeys(AUTHORITY, (_authority, NEAR)),
    **{action: (_searched(action), ("alone",)) for action in SEARCH},
    **dict.fromkeys(CERTIFICATE, (certificate_target, CERTIFICATES)),
    A.CERTIFICATE_IMPACT: (_touched, NEAR),
    A.CERTIFICATE_CREATE: (wanted_certificate, DOCUMENTS),
    A.AUTHORITY_MOVE: (_move, NEAR),
    A.CONTROL_BODY_READ: (_body, ("own", "foreign")),
    A.DEPUTY_END: (_deputy, NEAR),
    A.NEWS_KEEP: (_news, ("own", "foreign", "everybody")),
    A.OPERATOR_MERGE: (_two, NEAR),
    A.ROLE_REQUEST: (_wanted, ("own", "foreign")),
    A.TRAINING_RESET: (lambda _world, _kind, _relation: "training", ("alone",)),
}
