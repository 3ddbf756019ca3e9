"""Who brings files, and who makes Training anew."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from tests.unit.access.personas import (
    ADMINISTRATOR,
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

EXCHANGE_TABLES: dict[Action, list[Row]] = {
    Action.OPERATOR_IMPORT: [
        ("local authority", holding(OFFICIAL), None, True),
        ("control body", holding(INSPECTOR), None, True),
        ("the same where only administrators decide", holding(OFFICIAL, strict=True), None, False),
        ("administrator of the Commission", holding(COMMISSION), None, False),
        ("operator", holding(ADMINISTRATOR), None, False),
        ("suspended", suspended(holding(OFFICIAL)), None, False),
    ],
    Action.AUTHORITY_IMPORT: [
        ("administrator of the Commission", holding(COMMISSION), None, True),
        ("central authority", holding(MEMBER_OF_CENTRAL), None, True),
        ("the same where only administrators decide", holding(MEMBER_OF_CENTRAL, strict=True), None, False),
        ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, False),
        ("local authority", holding(OFFICIAL), None, False),
        ("control body", holding(INSPECTOR), None, False),
        ("suspended", suspended(holding(CHIEF)), None, False),
    ],
    Action.CONTROL_BODY_IMPORT: [
        ("administrator of the Commission", holding(COMMISSION), None, True),
        ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, False),
        ("central authority", holding(CHIEF), None, False),
        ("control body", holding(INSPECTOR), None, False),
    ],
    Action.EXCHANGE_OPEN: [
        ("local authority", holding(OFFICIAL), None, True),
        ("control body", holding(INSPECTOR), None, True),
        ("administrator of the Commission", holding(COMMISSION), None, True),
        ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, False),
        ("operator", holding(ADMINISTRATOR), None, False),
        ("without a role", nobody_yet(), None, False),
        ("with the password alone", HALF, None, False),
    ],
    Action.TRAINING_RESET: [
        ("administrator of the Commission, in Training", holding(COMMISSION), "training", True),
        ("the same in Production", holding(COMMISSION), "production", False),
        ("the same in Acceptance", holding(COMMISSION), "acceptance", False),
        ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), "training", False),
        ("central authority", holding(CHIEF), "training", False),
        ("suspended", suspended(holding(COMMISSION)), "training", False),
    ],
}
