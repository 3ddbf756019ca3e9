"""Who may create, read, change and merge operators, and decide their activities (spec 2.4, 2.5 and the matrix)."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from portal.access.actor import Actor, RoleHeld
from portal.access.rules_operators import ActivityTarget, OperatorTarget, TwoOperators
from portal.vocabulary import AuthorityRole, OrganisationKind
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    BODY,
    CHIEF,
    COMMISSION,
    HALF,
    INSPECTOR,
    ME,
    OFFICIAL,
    OPERATOR,
    SOMEBODY,
    USER,
    Row,
    holding,
    nobody_yet,
)

CUSTOMS = RoleHeld(AUTHORITY, OrganisationKind.AUTHORITY, AuthorityRole.CUSTOMS)
POST = RoleHeld(AUTHORITY, OrganisationKind.AUTHORITY, AuthorityRole.BCP)
NEWCOMER = nobody_yet()
OPERATORS_USER = replace(holding(USER), kind=OrganisationKind.OPERATOR)


def an_operator(*deciding: int, created_by: int = SOMEBODY) -> OperatorTarget:
    """An operator whose activities these organisations decide."""
    return OperatorTarget(OPERATOR, frozenset(deciding), created_by=created_by)


def an_activity(*deciding: int, created_by: int = SOMEBODY) -> ActivityTarget:
    """An activity that these organisations decide."""
    return ActivityTarget(7, OPERATOR, frozenset(deciding), created_by)


def two(first: OperatorTarget, second: OperatorTarget) -> TwoOperators:
    """Two records."""
    return TwoOperators(first, second)


def official(role: RoleHeld, *, strict: bool = False) -> Actor:
    """Somebody who acts for an authority or control body."""
    return replace(holding(role, strict=strict), kind=role.kind)


KEEPING: list[Row] = [
    ("user of an authority", official(OFFICIAL), None, True),
    ("user of a control body", official(INSPECTOR), None, True),
    ("the Commission, to read", official(COMMISSION), None, True),
    ("customs", official(CUSTOMS), None, False),
    ("user of an operator", OPERATORS_USER, None, False),
    ("without a role", NEWCOMER, None, False),
    ("with the password alone", HALF, None, False),
]
CHANGING: list[Row] = [
    ("administrator of the operator", holding(ADMINISTRATOR), an_operator(), True),
    ("plain user of the operator", holding(USER), an_operator(), False),
    ("user of a responsible authority", official(OFFICIAL), an_operator(AUTHORITY), True),
    ("user of a border post that is responsible", official(POST), an_operator(AUTHORITY), True),
    ("user of a responsible control body", official(INSPECTOR), an_operator(BODY), True),
    ("user of another authority", official(OFFICIAL), an_operator(99), False),
    ("where only administrators decide", official(OFFICIAL, strict=True), an_operator(AUTHORITY), False),
    ("customs", official(CUSTOMS), an_operator(AUTHORITY), False),
    ("the Commission", official(COMMISSION), an_operator(40), False),
    ("with the password alone", HALF, an_operator(), False),
]
DECIDING: list[Row] = [
    ("user of a responsible authority", official(OFFICIAL), an_activity(AUTHORITY), True),
    ("user of a responsible control body", official(INSPECTOR), an_activity(BODY), True),
    ("user of another authority", official(OFFICIAL), an_activity(99), False),
    ("administrator of the operator", holding(ADMINISTRATOR), an_activity(), False),
    ("somebody of the operator who acts for the authority too",
     holding(USER, OFFICIAL), an_activity(AUTHORITY), False),
    ("somebody of the operator who acts as the authority now",
     replace(official(OFFICIAL), other_roles=(USER,)), an_activity(AUTHORITY), False),
    ("where only administrators decide", official(OFFICIAL, strict=True), an_activity(AUTHORITY), False),
    ("deputy of an absent administrator there",
     official(replace(OFFICIAL, is_deputy=True), strict=True), an_activity(AUTHORITY), True),
    ("customs", official(CUSTOMS), an_activity(AUTHORITY), False),
    ("the Commission", official(COMMISSION), an_activity(40), False),
    ("with the password alone", HALF, an_activity(), False),
]  # fmt: skip
OPERATOR_TABLES: dict[Action, list[Row]] = {
    Action.OPERATOR_CREATE: [
        ("without a role", NEWCOMER, None, True),
        ("user of an operator", OPERATORS_USER, None, True),
        ("user of an authority", official(OFFICIAL), None, True),
        ("user of a control body", official(INSPECTOR), None, True),
        ("customs", official(CUSTOMS), None, False),
        ("the Commission", official(COMMISSION), None, False),
        ("with the password alone", HALF, None, False),
    ],
    Action.OPERATOR_LIST: KEEPING,
    Action.OPERATOR_FIND: KEEPING,
    Action.OPERATOR_READ: [
        ("its own user", holding(USER), an_operator(), True),
        ("user of a responsible authority", official(OFFICIAL), an_operator(AUTHORITY), True),
        ("who created it", NEWCOMER, an_operator(created_by=ME), True),
        ("the Commission", official(COMMISSION), an_operator(), True),
        ("user of another authority", official(OFFICIAL), an_operator(99), False),
        ("without a role", NEWCOMER, an_operator(), False),
        ("who created it, with the password alone", HALF, an_operator(created_by=ME), False),
    ],
    Action.OPERATOR_EDIT: CHANGING,
    Action.ACTIVITY_ADD: CHANGING,
    Action.ACTIVITY_VALIDATE: [
        *DECIDING,
        ("who put it there", official(OFFICIAL), an_activity(AUTHORITY, created_by=ME), False),
    ],
    Action.ACTIVITY_SUSPEND: [
        *DECIDING,
        ("who put it there", official(OFFICIAL), an_activity(AUTHORITY, created_by=ME), True),
    ],
    Action.OPERATOR_MERGE: [
        ("user of a local authority that decides both",
         official(OFFICIAL), two(an_operator(AUTHORITY), an_operator(AUTHORITY)), True),
        ("administrator of a central authority that decides both",
         official(CHIEF, strict=True), two(an_operator(AUTHORITY), an_operator(AUTHORITY)), True),
        ("of an authority that decides one", official(OFFICIAL), two(an_operator(AUTHORITY), an_operator(99)), False),
        ("of an authority that decides the other",
         official(OFFICIAL), two(an_operator(99), an_operator(AUTHORITY)), False),
        ("border post", official(POST), two(an_operator(AUTHORITY), an_operator(AUTHORITY)), False),
        ("control body", official(INSPECTOR), two(an_operator(BODY), an_operator(BODY)), False),
        ("customs", official(CUSTOMS), two(an_operator(AUTHORITY), an_operator(AUTHORITY)), False),
        ("the Commission", official(COMMISSION), two(an_operator(40), an_operator(40)), False),
        ("administrator of the operator", holding(ADMINISTRATOR), two(an_operator(), an_operator()), False),
        ("with the password alone", HALF, two(an_operator(AUTHORITY), an_operator(AUTHORITY)), False),
    ],
}  # fmt: skip
