"""Who keeps and reads the registers of authorities and control bodies, and the rights on documents."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from portal.access.rules_registers import AuthorityMove, AuthorityPlace, AuthorityTarget, ControlBodyTarget
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    BODY,
    CHIEF,
    COMMISSION,
    HALF,
    INSPECTOR,
    OFFICIAL,
    Row,
    holding,
    nobody_yet,
    suspended,
)

MEMBER_OF_CENTRAL = replace(CHIEF, is_administrator=False)
MEMBER_OF_THE_COMMISSION = replace(COMMISSION, is_administrator=False)
TOP = AuthorityTarget(40, "COMMISSION", frozenset())
BELOW = AuthorityTarget(50, "LAU", frozenset({AUTHORITY, 40}))
BESIDE = AuthorityTarget(60, "LAU", frozenset({99, 40}))
SELF = AuthorityTarget(AUTHORITY, "CCA", frozenset({40}))
HERE, THERE = AuthorityPlace(frozenset({AUTHORITY, 40})), AuthorityPlace(frozenset({99, 40}))

READING: list[Row] = [
    ("local authority", holding(OFFICIAL), None, True),
    ("the Commission", holding(MEMBER_OF_THE_COMMISSION), None, True),
    ("operator", holding(ADMINISTRATOR), None, False),
    ("control body", holding(INSPECTOR), None, False),
    ("without a role", nobody_yet(), None, False),
    ("suspended", suspended(holding(OFFICIAL)), None, False),
]
KEEPING: list[Row] = [
    ("the Commission", holding(COMMISSION), BELOW, True),
    ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), BELOW, False),
    ("central authority above it", holding(MEMBER_OF_CENTRAL), BELOW, True),
    ("the same where only administrators decide", holding(MEMBER_OF_CENTRAL, strict=True), BELOW, False),
    ("administrator of it, strictly", holding(CHIEF, strict=True), BELOW, True),
    ("central authority elsewhere", holding(CHIEF), BESIDE, False),
    ("central authority, its own record", holding(CHIEF), SELF, False),
    ("local authority above it", holding(OFFICIAL), BELOW, False),
    ("operator", holding(ADMINISTRATOR), BELOW, False),
    ("suspended", suspended(holding(CHIEF)), BELOW, False),
]
COMMISSION_ALONE: list[Row] = [
    ("administrator of the Commission", holding(COMMISSION), None, True),
    ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, False),
    ("central authority", holding(CHIEF), None, False),
    ("control body", holding(INSPECTOR), None, False),
    ("with the password alone", HALF, None, False),
]
REGISTER_TABLES: dict[Action, list[Row]] = {
    Action.AUTHORITY_LIST: READING,
    Action.AUTHORITY_READ: READING,
    Action.CONTROL_BODY_LIST: READING,
    Action.AUTHORITY_CREATE: [
        ("the Commission anywhere", holding(COMMISSION), THERE, True),
        ("central authority below itself", holding(MEMBER_OF_CENTRAL), HERE, True),
        ("central authority elsewhere", holding(CHIEF), THERE, False),
        ("local authority below itself", holding(OFFICIAL), HERE, False),
        ("central authority, whatever the place", holding(CHIEF), None, True),
        ("local authority, whatever the place", holding(OFFICIAL), None, False),
        ("with the password alone", HALF, HERE, False),
    ],
    Action.AUTHORITY_EDIT: [*KEEPING, ("the Commission its own record", holding(COMMISSION), TOP, True)],
    Action.AUTHORITY_SUSPEND: [*KEEPING, ("the Commission itself", holding(COMMISSION), TOP, False)],
    Action.AUTHORITY_MOVE: [
        ("the Commission", holding(COMMISSION), AuthorityMove(BELOW, THERE), True),
        ("the Commission itself", holding(COMMISSION), AuthorityMove(TOP, HERE), False),
        ("central authority inside its part", holding(CHIEF), AuthorityMove(BELOW, HERE), True),
        ("central authority out of its part", holding(CHIEF), AuthorityMove(BELOW, THERE), False),
        ("central authority into its part", holding(CHIEF), AuthorityMove(BESIDE, HERE), False),
        ("suspended", suspended(holding(CHIEF)), AuthorityMove(BELOW, HERE), False),
    ],
    Action.CONTROL_BODY_READ: [
        ("its own user", holding(INSPECTOR), ControlBodyTarget(BODY), True),
        ("user of another one", holding(INSPECTOR), ControlBodyTarget(31), False),
        ("any authority", holding(OFFICIAL), ControlBodyTarget(BODY), True),
        ("operator", holding(ADMINISTRATOR), ControlBodyTarget(BODY), False),
        ("suspended", suspended(holding(INSPECTOR)), ControlBodyTarget(BODY), False),
    ],
    Action.CONTROL_BODY_KEEP: COMMISSION_ALONE,
    Action.DOCUMENT_RIGHTS_KEEP: COMMISSION_ALONE,
    Action.DOCUMENT_RIGHTS_READ: [
        ("operator", holding(ADMINISTRATOR), None, True),
        ("control body", holding(INSPECTOR), None, True),
        ("without a role", nobody_yet(), None, False),
        ("suspended", suspended(holding(OFFICIAL)), None, False),
    ],
}
