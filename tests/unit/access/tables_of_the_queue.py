"""Who may ask, answer, follow, decide several at once and name deputies."""

from __future__ import annotations

from dataclasses import replace

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation
from portal.access.rules_queue import NamedDeputy
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    CHIEF,
    COMMISSION,
    HALF,
    ME,
    OFFICIAL,
    OPERATOR,
    SOMEBODY,
    USER,
    Row,
    a_request,
    holding,
    nobody_yet,
)

DEPUTY = replace(USER, is_deputy=True)
OWN: list[Row] = [
    ("one's own", nobody_yet(), a_request(ME), True),
    ("of somebody else", nobody_yet(), a_request(), False),
    ("of somebody else as administrator", holding(ADMINISTRATOR), a_request(), False),
    ("one's own with the password alone", HALF, a_request(ME), False),
]
WITH_A_QUEUE: list[Row] = [
    ("administrator of an operator", holding(ADMINISTRATOR), None, True),
    ("deputy of one", holding(DEPUTY), None, True),
    ("user of an authority", holding(OFFICIAL), None, True),
    ("user of an authority where only administrators decide", holding(OFFICIAL, strict=True), None, False),
    ("deputy of an administrator there", holding(replace(OFFICIAL, is_deputy=True), strict=True), None, True),
    ("simple user of an operator", holding(USER), None, False),
    ("with the password alone", HALF, None, False),
]
QUEUE_TABLES: dict[Action, list[Row]] = {
    Action.ROLE_ANSWER: OWN,
    Action.ROLE_FOLLOW: OWN,
    Action.ROLE_ASK: [
        ("administrator of the organisation", holding(ADMINISTRATOR), a_request(), True),
        ("deputy of the administrator", holding(DEPUTY), a_request(), True),
        ("simple user of the organisation", holding(USER), a_request(), False),
        ("user of a responsible authority", holding(OFFICIAL), a_request(SOMEBODY, AUTHORITY), True),
        ("the Commission", holding(COMMISSION), a_request(), False),
        ("one's own", holding(ADMINISTRATOR), a_request(ME), False),
        ("with the password alone", HALF, a_request(), False),
    ],
    Action.ROLES_DECIDE: WITH_A_QUEUE,
    Action.DEPUTY_READ: WITH_A_QUEUE,
    Action.DEPUTY_NAME: [
        ("administrator of the organisation", holding(ADMINISTRATOR), OwnOrganisation(OPERATOR), True),
        ("user of the authority", holding(OFFICIAL), OwnOrganisation(AUTHORITY), True),
        ("deputy of the administrator", holding(DEPUTY), OwnOrganisation(OPERATOR), False),
        ("simple user", holding(USER), OwnOrganisation(OPERATOR), False),
        ("administrator of another one", holding(CHIEF), OwnOrganisation(OPERATOR), False),
        ("with the password alone", HALF, OwnOrganisation(OPERATOR), False),
    ],
    Action.DEPUTY_END: [
        ("the one who is away", holding(USER), NamedDeputy(ME, SOMEBODY, OPERATOR), True),
        ("the one who stands in", holding(USER), NamedDeputy(SOMEBODY, ME, OPERATOR), True),
        ("administrator of the organisation", holding(ADMINISTRATOR), NamedDeputy(5, 6, OPERATOR), True),
        ("a colleague", holding(USER), NamedDeputy(5, 6, OPERATOR), False),
        ("with the password alone", HALF, NamedDeputy(ME, SOMEBODY, OPERATOR), False),
    ],
}
