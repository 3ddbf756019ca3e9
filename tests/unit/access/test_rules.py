"""One table for each action: who may, who may not, on what."""

from __future__ import annotations

from typing import Any

import pytest

from portal.access.actions import Action
from portal.access.actor import Actor, WantedRole
from portal.access.rules import RULES, rule_for
from portal.vocabulary import OrganisationKind
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    BODY,
    CHIEF,
    COMMISSION,
    FIRST_FACTOR,
    HALF,
    INSPECTOR,
    ME,
    MINE,
    NOT_MINE,
    OFFICIAL,
    SOMEBODY,
    USER,
    Row,
    a_request,
    does,
    holding,
    nobody_yet,
    with_a_stale_factor,
)
from tests.unit.access.tables_of_audit import AUDIT_TABLES
from tests.unit.access.tables_of_certificates import CERTIFICATE_TABLES
from tests.unit.access.tables_of_exchange import EXCHANGE_TABLES
from tests.unit.access.tables_of_factors import FACTOR_TABLES, OWN_DATA, OWN_PAGE, WITHOUT_GATE
from tests.unit.access.tables_of_notices import NOTICE_TABLES
from tests.unit.access.tables_of_operators import OPERATOR_TABLES
from tests.unit.access.tables_of_registers import REGISTER_TABLES
from tests.unit.access.tables_of_roles import ROLE_TABLES
from tests.unit.access.tables_of_the_queue import QUEUE_TABLES

KINDS = OrganisationKind


def search(kind: OrganisationKind, own: Actor, other: Actor) -> list[Row]:
    """The rows of one search."""
    return [
        ("without a role", nobody_yet(), kind, True),
        ("with a role of the kind", own, kind, True),
        ("with a role of another kind", other, kind, False),
        ("as the Commission", holding(COMMISSION), kind, True),
        ("with the password alone", HALF, kind, False),
    ]


DECISION: list[Row] = [
    ("administrator of the organisation", holding(ADMINISTRATOR), a_request(), True),
    ("simple user of the organisation", holding(USER), a_request(), False),
    ("user of a responsible authority", holding(OFFICIAL), a_request(SOMEBODY, AUTHORITY), True),
    ("user of another authority", holding(OFFICIAL), a_request(SOMEBODY, 99), False),
    ("user of a responsible authority where only administrators decide",
     holding(OFFICIAL, strict=True), a_request(SOMEBODY, AUTHORITY), False),
    ("administrator of one where only administrators decide",
     holding(CHIEF, strict=True), a_request(SOMEBODY, AUTHORITY), True),
    ("user of a control body that is responsible", holding(INSPECTOR), a_request(SOMEBODY, BODY), True),
    ("the Commission outside its scope", holding(COMMISSION), a_request(SOMEBODY, AUTHORITY), False),
    ("one's own request as administrator", holding(ADMINISTRATOR), a_request(ME), False),
    ("one's own request as responsible authority", holding(CHIEF), a_request(ME, AUTHORITY), False),
    ("without a role", nobody_yet(), a_request(SOMEBODY, AUTHORITY), False),
]  # fmt: skip

TABLES: dict[Action, list[Row]] = {
    **AUDIT_TABLES,
    **CERTIFICATE_TABLES,
    **FACTOR_TABLES,
    **EXCHANGE_TABLES,
    **NOTICE_TABLES,
    **ROLE_TABLES,
    **OPERATOR_TABLES,
    **QUEUE_TABLES,
    **REGISTER_TABLES,
    Action.ACCOUNT_READ: OWN_PAGE,
    Action.MAILBOX_CONFIRM: OWN_PAGE,
    Action.LANGUAGE_KEEP: OWN_DATA,
    Action.PERSONAL_DATA_READ: OWN_DATA,
    Action.SESSION_END: OWN_DATA,
    Action.SESSION_READ: OWN_DATA,
    Action.TELEPHONE_READ: OWN_DATA,
    Action.TELEPHONE_ADD: [
        ("with a fresh factor", nobody_yet(), MINE, True),
        ("with an old factor", with_a_stale_factor(), MINE, False),
        ("with the password alone while there is a factor", HALF, MINE, False),
        ("as the first one", FIRST_FACTOR, MINE, True),
        ("for somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.TELEPHONE_CONFIRM: [
        ("with a factor that grew old while the message was on its way", with_a_stale_factor(), MINE, True),
        ("with the password alone while there is a factor", HALF, MINE, False),
        ("as the first one", FIRST_FACTOR, MINE, True),
        ("for somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.TELEPHONE_REMOVE: [
        ("with a fresh factor", nobody_yet(), MINE, True),
        ("with an old factor", with_a_stale_factor(), MINE, False),
        ("with the password alone", FIRST_FACTOR, MINE, False),
        ("of somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.PROFILE_READ: [
        ("through the gate", nobody_yet(), None, True),
        ("with the password alone", HALF, None, False),
        ("with the password alone and no factor", FIRST_FACTOR, None, False),
    ],
    Action.OPERATOR_SEARCH: search(KINDS.OPERATOR, holding(USER), holding(OFFICIAL)),
    Action.AUTHORITY_SEARCH: search(KINDS.AUTHORITY, holding(OFFICIAL), holding(USER)),
    Action.CONTROL_BODY_SEARCH: search(KINDS.CONTROL_BODY, holding(INSPECTOR), holding(USER)),
    Action.ROLE_REQUEST: [
        ("a first role", nobody_yet(), WantedRole(ME, KINDS.OPERATOR), True),
        ("another one of the kind", holding(USER), WantedRole(ME, KINDS.OPERATOR), True),
        ("one of another kind", holding(USER), WantedRole(ME, KINDS.AUTHORITY), False),
        ("for somebody else", nobody_yet(), WantedRole(SOMEBODY, KINDS.OPERATOR), False),
        ("as the Commission", holding(COMMISSION), WantedRole(ME, KINDS.AUTHORITY), False),
        ("with the password alone", HALF, WantedRole(ME, KINDS.OPERATOR), False),
    ],
    Action.ROLE_WITHDRAW: [
        ("one's own", nobody_yet(), a_request(ME), True),
        ("of somebody else", nobody_yet(), a_request(SOMEBODY), False),
        ("of somebody else as administrator", holding(ADMINISTRATOR), a_request(SOMEBODY), False),
        ("one's own with the password alone", HALF, a_request(ME), False),
    ],
    Action.QUEUE_READ: [
        ("administrator of an operator", holding(ADMINISTRATOR), None, True),
        ("simple user of an operator", holding(USER), None, False),
        ("user of an authority", holding(OFFICIAL), None, True),
        (
            "user of an authority where only administrators decide",
            holding(OFFICIAL, strict=True),
            None,
            False,
        ),
        ("user of a control body", holding(INSPECTOR), None, True),
        ("the Commission", holding(COMMISSION), None, True),
        ("without a role", nobody_yet(), None, False),
        ("with the password alone", HALF, None, False),
    ],
    Action.ROLE_VALIDATE: DECISION,
    Action.ROLE_REJECT: DECISION,
    Action.ROLE_READ: [
        ("one who may decide", holding(ADMINISTRATOR), a_request(), True),
        ("the Commission", holding(COMMISSION), a_request(), True),
        ("one's own", nobody_yet(), a_request(ME), True),
        ("a stranger", holding(USER), a_request(), False),
        ("without a role", nobody_yet(), a_request(), False),
        ("one's own with the password alone", HALF, a_request(ME), False),
    ],
}
CASES = [(action, *row) for action, rows in TABLES.items() for row in rows]


@pytest.mark.parametrize(
    ("action", "who", "actor", "target", "expected"),
    CASES,
    ids=[f"{case[0].value}, {case[1]}" for case in CASES],
)
def test_the_table_of_permissions_holds(
    action: Action, who: str, actor: Actor, target: Any, expected: bool
) -> None:
    assert does(actor, action, target) is expected


def test_every_action_has_a_table_with_a_yes_and_a_no() -> None:
    assert set(TABLES) == set(Action)
    for action, rows in TABLES.items():
        assert {row[3] for row in rows} == {True, False}, action


def test_every_action_has_one_rule_and_a_second_one_is_refused() -> None:
    assert set(RULES) == set(Action)
    with pytest.raises(ValueError, match="two rules"):
        rule_for(Action.ACCOUNT_READ)(lambda _actor, _target: True)


@pytest.mark.parametrize("action", sorted(set(Action) - WITHOUT_GATE))
def test_nothing_of_the_application_opens_to_the_password_alone(action: Action) -> None:
    targets = {row[2] for row in TABLES[action]}
    for roles in ((), (CHIEF,), (COMMISSION,), (ADMINISTRATOR,)):
        half = nobody_yet(second_factor=False) if not roles else _half(roles[0])
        assert not [target for target in targets if does(half, action, target)]


def _half(role: Any) -> Actor:
    from tests.makers.identity import an_actor

    return an_actor(ME, role, second_factor=False)
