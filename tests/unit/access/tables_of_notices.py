"""Who reads notices and news, who announces, who switches an environment."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from portal.access.actor import NewsFor
from tests.unit.access.personas import (
    ADMINISTRATOR,
    CHIEF,
    COMMISSION,
    HALF,
    MINE,
    NOT_MINE,
    OFFICIAL,
    Row,
    holding,
    nobody_yet,
    suspended,
)

CENTRAL = replace(CHIEF, country="BE")
MEMBER_OF_CENTRAL = replace(CENTRAL, is_administrator=False)
MEMBER_OF_THE_COMMISSION = replace(COMMISSION, is_administrator=False)
OWN: list[Row] = [
    ("one's own", nobody_yet(), MINE, True),
    ("of somebody else", holding(COMMISSION), NOT_MINE, False),
    ("one's own while suspended", suspended(nobody_yet()), MINE, False),
    ("one's own with the password alone", HALF, MINE, False),
]
SWITCHES: list[Row] = [
    ("administrator of the Commission", holding(COMMISSION), None, True),
    ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), None, False),
    ("central authority", holding(CENTRAL), None, False),
    ("without a role", nobody_yet(), None, False),
    ("with the password alone", HALF, None, False),
]
NOTICE_TABLES: dict[Action, list[Row]] = {
    Action.NOTICE_READ: OWN,
    Action.NOTICE_CONFIGURE: OWN,
    Action.NEWS_READ: [
        ("without a role", nobody_yet(), None, True),
        ("suspended", suspended(nobody_yet()), None, False),
        ("with the password alone", HALF, None, False),
    ],
    Action.NEWS_KEEP: [
        ("the Commission for everybody", holding(COMMISSION), NewsFor(""), True),
        ("the Commission for a country", holding(COMMISSION), NewsFor("BE"), True),
        ("simple user of the Commission", holding(MEMBER_OF_THE_COMMISSION), NewsFor(""), False),
        ("central authority for its country", holding(CENTRAL), NewsFor("BE"), True),
        ("member of one for its country", holding(MEMBER_OF_CENTRAL), NewsFor("BE"), True),
        ("the same where only administrators decide",
         holding(MEMBER_OF_CENTRAL, strict=True), NewsFor("BE"), False),
        ("central authority for another country", holding(CENTRAL), NewsFor("FR"), False),
        ("central authority for everybody", holding(CENTRAL), NewsFor(""), False),
        ("central authority without a country for everybody", holding(CHIEF), NewsFor(""), False),
        ("central authority, whatever it will be", holding(CENTRAL), None, True),
        ("local authority, whatever it will be", holding(OFFICIAL), None, False),
        ("operator", holding(ADMINISTRATOR), NewsFor(""), False),
        ("with the password alone", HALF, NewsFor(""), False),
    ],
    Action.ENVIRONMENT_READ: SWITCHES,
    Action.ENVIRONMENT_SWITCH: SWITCHES,
}  # fmt: skip
