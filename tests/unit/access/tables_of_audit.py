"""Who reads the audit trail, takes a part of it away, sees figures, and follows long work."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from portal.access.rules_audit import TrailOf
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    CHIEF,
    COMMISSION,
    HALF,
    INSPECTOR,
    MINE,
    NOT_MINE,
    OFFICIAL,
    OPERATOR,
    USER,
    Row,
    holding,
    nobody_yet,
    suspended,
)

MEMBER_OF_THE_COMMISSION = replace(COMMISSION, is_administrator=False)
OWN_WORK: list[Row] = [
    ("one's own", nobody_yet(), MINE, True),
    ("of somebody else", holding(COMMISSION), NOT_MINE, False),
    ("one's own while suspended", suspended(nobody_yet()), MINE, False),
    ("one's own with the password alone", HALF, MINE, False),
]
AUDIT_TABLES: dict[Action, list[Row]] = {
    Action.AUDIT_READ: [
        ("administrator of the operator", holding(ADMINISTRATOR), TrailOf(OPERATOR), True),
        ("administrator of another organisation", holding(CHIEF), TrailOf(OPERATOR), False),
        ("simple user", holding(USER), TrailOf(OPERATOR), False),
        ("user of the Commission", holding(MEMBER_OF_THE_COMMISSION), TrailOf(OPERATOR), True),
        ("user of the Commission for everything", holding(MEMBER_OF_THE_COMMISSION), TrailOf(None), True),
        ("administrator for everything", holding(CHIEF), TrailOf(None), False),
        ("with the password alone", HALF, TrailOf(OPERATOR), False),
    ],
    Action.AUDIT_EXPORT: [
        ("administrator of the authority", holding(CHIEF), TrailOf(AUTHORITY), True),
        ("simple user of the authority", holding(OFFICIAL), TrailOf(AUTHORITY), False),
        ("administrator of an operator", holding(ADMINISTRATOR), TrailOf(OPERATOR), False),
        ("administrator of the Commission for everything", holding(COMMISSION), TrailOf(None), True),
        ("user of the Commission", holding(MEMBER_OF_THE_COMMISSION), TrailOf(None), False),
        ("administrator of an authority for everything", holding(CHIEF), TrailOf(None), False),
        ("with the password alone", HALF, TrailOf(AUTHORITY), False),
    ],
    Action.FIGURES_READ: [
        ("user of an authority", holding(OFFICIAL), None, True),
        ("user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, True),
        ("administrator of an operator", holding(ADMINISTRATOR), None, False),
        ("user of a control body", holding(INSPECTOR), None, False),
        ("suspended", suspended(holding(OFFICIAL)), None, False),
        ("with the password alone", HALF, None, False),
    ],
    Action.WORK_READ: OWN_WORK,
    Action.WORK_STOP: OWN_WORK,
}
