"""Rows of the rule tables about the own account, its factors, and those who vouch for people."""

from __future__ import annotations

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    CHIEF,
    COMMISSION,
    FIRST_FACTOR,
    HALF,
    ME,
    MINE,
    NOT_MINE,
    OFFICIAL,
    OPERATOR,
    RECOVERED,
    RESTING,
    SOMEBODY,
    USER,
    Row,
    a_member,
    holding,
    nobody_yet,
    suspended,
    with_a_stale_factor,
)

OWN_PAGE: list[Row] = [
    ("with all factors", nobody_yet(), MINE, True),
    ("with the password alone", HALF, MINE, True),
    ("after a recovery code", RECOVERED, MINE, True),
    ("of somebody else", nobody_yet(), NOT_MINE, False),
]
OWN_DATA: list[Row] = [
    ("with all factors", nobody_yet(), MINE, True),
    ("with an old second factor", with_a_stale_factor(), MINE, True),
    ("with the password alone while there is no factor", FIRST_FACTOR, MINE, True),
    ("with the password alone while there is one", HALF, MINE, False),
    ("after a recovery code", RECOVERED, MINE, False),
    ("of somebody else", nobody_yet(), NOT_MINE, False),
]
OWN_OPTIONS: list[Row] = [
    ("with a fresh factor", nobody_yet(), MINE, True),
    ("with an old factor", with_a_stale_factor(), MINE, False),
    ("with the password alone while there is no factor", FIRST_FACTOR, MINE, True),
    ("with the password alone while there is one", HALF, MINE, False),
    ("after a recovery code", RECOVERED, MINE, False),
    ("of somebody else", nobody_yet(), NOT_MINE, False),
]
OWN_PROTECTION: list[Row] = [
    ("with a fresh factor", nobody_yet(), MINE, True),
    ("with an old factor", with_a_stale_factor(), MINE, False),
    ("in the day after a recovery code", RESTING, MINE, False),
    ("without any factor", FIRST_FACTOR, MINE, False),
    ("with the password alone while there is a factor", HALF, MINE, False),
    ("after a recovery code", RECOVERED, MINE, False),
    ("of somebody else", nobody_yet(), NOT_MINE, False),
]
CONFIRMING: list[Row] = [
    ("with a factor that grew old meanwhile", with_a_stale_factor(), MINE, True),
    ("after a recovery code", RECOVERED, MINE, True),
    ("with the password alone while there is a factor", HALF, MINE, False),
    ("of somebody else", nobody_yet(), NOT_MINE, False),
]
VOUCHING: list[Row] = [
    ("administrator of the organisation", holding(ADMINISTRATOR), a_member(), True),
    ("authority above", holding(OFFICIAL), a_member(SOMEBODY, AUTHORITY), True),
    ("simple user of the organisation", holding(USER), a_member(), False),
    ("another authority", holding(OFFICIAL), a_member(SOMEBODY, 99), False),
    ("for oneself", holding(ADMINISTRATOR), a_member(ME), False),
    ("suspended here", suspended(holding(ADMINISTRATOR)), a_member(), False),
    ("with the password alone", HALF, a_member(), False),
]
FACTOR_TABLES: dict[Action, list[Row]] = {
    Action.ACCOUNT_PANIC: OWN_PAGE,
    Action.ACCOUNT_CONFIGURE: OWN_OPTIONS,
    Action.ACCOUNT_DELETE: OWN_OPTIONS,
    Action.PERSONAL_DATA_EXPORT: OWN_OPTIONS,
    Action.FACTOR_READ: OWN_DATA,
    Action.FACTOR_RENAME: OWN_DATA,
    Action.FACTOR_CONFIRM: CONFIRMING,
    Action.FACTOR_ADD: [
        ("with a fresh factor", nobody_yet(), MINE, True),
        ("with an old factor", with_a_stale_factor(), MINE, False),
        ("as the first one", FIRST_FACTOR, MINE, True),
        ("after a recovery code", RECOVERED, MINE, True),
        ("with the password alone while there is a factor", HALF, MINE, False),
        ("for somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.EMAIL_CHANGE: OWN_PROTECTION,
    Action.FACTOR_REMOVE: OWN_PROTECTION,
    Action.PERSONAL_DATA_CHANGE: OWN_PROTECTION,
    Action.RECOVERY_CODES_MAKE: OWN_PROTECTION,
    Action.PASSWORD_CHANGE: [
        ("with a fresh factor", nobody_yet(), MINE, True),
        ("with the password, the only thing there is", FIRST_FACTOR, MINE, True),
        ("with an old factor", with_a_stale_factor(), MINE, False),
        ("in the day after a recovery code", RESTING, MINE, False),
        ("with the password alone while there is a factor", HALF, MINE, False),
        ("of somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.STEP_UP: [
        ("with the password alone", HALF, MINE, True),
        ("with an old factor", with_a_stale_factor(), MINE, True),
        ("after a recovery code", RECOVERED, MINE, False),
        ("of somebody else", nobody_yet(), NOT_MINE, False),
    ],
    Action.SUSPENSION_LIFT: [
        *VOUCHING,
        ("before a new factor is there", holding(ADMINISTRATOR), a_member(has_factor=False), False),
        ("as second one after oneself", holding(ADMINISTRATOR), a_member(first_by=ME), False),
        ("as second one after another", holding(ADMINISTRATOR), a_member(first_by=9), True),
    ],
    Action.RECOVERY_VOUCH: VOUCHING,
    Action.NAME_CONFIRM: VOUCHING,
    Action.MEMBERS_READ: [
        ("with a role", holding(USER), None, True),
        ("without a role", nobody_yet(), None, False),
        ("suspended here", suspended(holding(CHIEF)), None, False),
    ],
    Action.SUSPENSION_READ: [
        ("with a role", holding(COMMISSION), None, True),
        ("without a role", nobody_yet(), None, False),
    ],
    Action.DUTY_PHONE_READ: [
        ("with a role", holding(USER), None, True),
        ("without a role", nobody_yet(), None, False),
    ],
    Action.DUTY_PHONE_KEEP: [
        ("administrator of the organisation", holding(ADMINISTRATOR), OwnOrganisation(OPERATOR), True),
        ("administrator of another one", holding(CHIEF), OwnOrganisation(OPERATOR), False),
        ("simple user", holding(USER), OwnOrganisation(OPERATOR), False),
    ],
}
WITHOUT_GATE = frozenset({
    Action.ACCOUNT_CONFIGURE, Action.ACCOUNT_DELETE, Action.ACCOUNT_PANIC, Action.ACCOUNT_READ, Action.EMAIL_CHANGE,
    Action.FACTOR_ADD, Action.FACTOR_CONFIRM, Action.FACTOR_READ, Action.FACTOR_REMOVE, Action.FACTOR_RENAME,
    Action.LANGUAGE_KEEP, Action.MAILBOX_CONFIRM, Action.PASSWORD_CHANGE, Action.PERSONAL_DATA_CHANGE,
    Action.PERSONAL_DATA_EXPORT, Action.PERSONAL_DATA_READ, Action.RECOVERY_CODES_MAKE, Action.SESSION_END,
    Action.SESSION_READ, Action.STEP_UP, Action.TELEPHONE_ADD, Action.TELEPHONE_CONFIRM, Action.TELEPHONE_READ,
    Action.TELEPHONE_REMOVE,
})  # fmt: skip
"""Permissions of the own account: its own tables say what a password alone opens; all others lie behind the gate."""
