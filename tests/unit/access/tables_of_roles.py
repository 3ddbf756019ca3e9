"""The rule tables of a role's life: suspended, removed, limited, its administrator flag, the profile acted as."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation, RoleHeld
from portal.access.rules_roles import HeldRole
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
    suspended,
)

CUSTOMS = RoleHeld(AUTHORITY, OrganisationKind.AUTHORITY, AuthorityRole.CUSTOMS)
BODY_CHIEF = replace(INSPECTOR, is_administrator=True)


def a_role(of: int = SOMEBODY, *deciders: int, **more: Any) -> HeldRole:
    """A valid role of somebody in the operator, which these organisations decide."""
    return HeldRole(7, of, OPERATOR, frozenset(deciders), **more)


OVER_OTHERS: list[Row] = [
    ("administrator of the organisation", holding(ADMINISTRATOR), a_role(), True),
    ("simple user of the organisation", holding(USER), a_role(), False),
    ("user of an authority above", holding(OFFICIAL), a_role(SOMEBODY, AUTHORITY), True),
    ("user of another authority", holding(OFFICIAL), a_role(SOMEBODY, 99), False),
    (
        "user of an authority above, strict",
        holding(OFFICIAL, strict=True),
        a_role(SOMEBODY, AUTHORITY),
        False,
    ),
    ("administrator of it, strict", holding(CHIEF, strict=True), a_role(SOMEBODY, AUTHORITY), True),
    ("user of a responsible control body", holding(INSPECTOR), a_role(SOMEBODY, BODY), False),
    ("administrator of that control body", holding(BODY_CHIEF), a_role(SOMEBODY, BODY), False),
    ("customs", holding(CUSTOMS), a_role(SOMEBODY, AUTHORITY), False),
    ("the Commission outside its scope", holding(COMMISSION), a_role(SOMEBODY, AUTHORITY), False),
    ("one's own", holding(ADMINISTRATOR), a_role(ME), False),
    ("suspended here", suspended(holding(ADMINISTRATOR)), a_role(), False),
    ("with the password alone", HALF, a_role(), False),
]
LAST = {"is_administrator": True, "is_last": True}
FLAG: list[Row] = [
    ("administrator of the organisation", holding(ADMINISTRATOR), a_role(), True),
    ("simple user of the organisation", holding(USER), a_role(), False),
    ("user of an authority above", holding(OFFICIAL), a_role(SOMEBODY, AUTHORITY), True),
    ("user of a responsible control body", holding(INSPECTOR), a_role(SOMEBODY, BODY), False),
    ("administrator of that control body", holding(BODY_CHIEF), a_role(SOMEBODY, BODY), True),
    ("customs", holding(CUSTOMS), a_role(SOMEBODY, AUTHORITY), False),
    ("the Commission outside its scope", holding(COMMISSION), a_role(SOMEBODY, AUTHORITY), False),
    ("with the password alone", HALF, a_role(), False),
]
ROLE_TABLES: dict[Action, list[Row]] = {
    Action.ROLE_SUSPEND: OVER_OTHERS,
    Action.ROLE_LIFT: OVER_OTHERS,
    Action.ROLE_LIMIT: OVER_OTHERS,
    Action.ROLE_REMOVE: [
        *(row for row in OVER_OTHERS if row[0] != "one's own"),
        ("one's own", holding(USER), a_role(ME), True),
        ("one's own as the last administrator", holding(ADMINISTRATOR), a_role(ME, **LAST), False),
        ("the last administrator's from above", holding(OFFICIAL), a_role(SOMEBODY, AUTHORITY, **LAST), True),
        ("the last administrator's from inside", holding(ADMINISTRATOR), a_role(**LAST), False),
    ],
    Action.ROLE_RENEW: [
        ("one's own", holding(USER), a_role(ME), True),
        ("administrator of the organisation", holding(ADMINISTRATOR), a_role(), True),
        ("a colleague", holding(USER), a_role(), False),
        ("with the password alone", HALF, a_role(ME), False),
    ],
    Action.ADMINISTRATOR_NAME: [
        *FLAG,
        ("one's own", holding(ADMINISTRATOR), a_role(ME), False),
        ("the one who proposed it", holding(ADMINISTRATOR), a_role(proposed_by=ME), False),
        ("a second one", holding(ADMINISTRATOR), a_role(proposed_by=99), True),
    ],
    Action.ADMINISTRATOR_REMOVE: [
        *FLAG,
        ("one's own", holding(ADMINISTRATOR), a_role(ME, is_administrator=True), True),
        ("one's own as the last one", holding(ADMINISTRATOR), a_role(ME, **LAST), False),
        ("the last one's from above", holding(OFFICIAL), a_role(SOMEBODY, AUTHORITY, **LAST), True),
        ("one's own as the last one, from above too", holding(CHIEF), a_role(ME, AUTHORITY, **LAST), False),
    ],
    Action.MEMBER_READ: [
        ("one's own", nobody_yet(), a_role(ME), True),
        ("administrator of the organisation", holding(ADMINISTRATOR), a_role(), True),
        ("user of an authority above", holding(OFFICIAL), a_role(SOMEBODY, AUTHORITY), True),
        ("user of a responsible control body", holding(INSPECTOR), a_role(SOMEBODY, BODY), True),
        ("the Commission", holding(COMMISSION), a_role(), True),
        ("a colleague", holding(USER), a_role(), False),
        ("user of another authority", holding(OFFICIAL), a_role(SOMEBODY, 99), False),
        ("with the password alone", HALF, a_role(ME), False),
    ],
    Action.PROFILE_CHOOSE: [
        ("the one acted as", holding(USER), OwnOrganisation(OPERATOR), True),
        ("another own one", replace(nobody_yet(), other_roles=(USER,)), OwnOrganisation(OPERATOR), True),
        ("a foreign one", holding(OFFICIAL), OwnOrganisation(OPERATOR), False),
        ("with the password alone", replace(HALF, other_roles=(USER,)), OwnOrganisation(OPERATOR), False),
    ],
}
