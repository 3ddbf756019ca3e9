"""What follows from the roles an actor holds, and from what the environment asks of a sign-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal import clock
from portal.access import rules
from portal.access.actions import Action
from portal.access.actor import MethodPolicy, OwnAccount
from portal.access.authorise import may
from portal.vocabulary import Method
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    BODY,
    CHIEF,
    COMMISSION,
    INSPECTOR,
    ME,
    OFFICIAL,
    OPERATOR,
    USER,
    does,
    holding,
    nobody_yet,
)


def test_only_the_administrator_flag_makes_an_administrator() -> None:
    assert holding(USER, OFFICIAL).organisations_administered == frozenset()
    assert holding(ADMINISTRATOR).organisations_administered == {OPERATOR}


def test_an_operator_is_no_authority_even_for_its_administrator() -> None:
    assert holding(ADMINISTRATOR).authorities == frozenset()
    assert holding(OFFICIAL, INSPECTOR).authorities == {AUTHORITY, BODY}


def test_strict_leaves_the_authorities_one_administers() -> None:
    assert holding(OFFICIAL, strict=True).authorities == frozenset()
    assert holding(CHIEF, strict=True).authorities == {AUTHORITY}


def test_the_commission_is_known_by_its_role() -> None:
    assert holding(COMMISSION).is_commission
    assert not holding(CHIEF).is_commission


def test_a_method_that_the_environment_has_switched_off_does_not_pass_the_gate() -> None:
    person = nobody_yet()
    assert rules.has_passed_the_gate(person)
    assert not rules.has_passed_the_gate(replace(person, policy=MethodPolicy(True, frozenset())))


def test_before_the_day_of_the_second_factor_a_password_passes_the_gate() -> None:
    half = replace(nobody_yet(second_factor=False), policy=MethodPolicy(False, frozenset({Method.SMS})))
    assert rules.has_passed_the_gate(half)


def test_a_factor_is_fresh_for_fifteen_minutes_and_not_longer() -> None:
    now = clock.now()
    person = nobody_yet()
    with clock.frozen(now):
        assert rules.has_a_fresh_second_factor(replace(person, second_factor_at=now - timedelta(minutes=15)))
        late = now - timedelta(minutes=15, seconds=1)
        assert not rules.has_a_fresh_second_factor(replace(person, second_factor_at=late))


def test_a_first_number_of_somebody_with_a_role_needs_the_mailbox_too() -> None:
    person = replace(nobody_yet(second_factor=False, has_factor=False), holds_role_anywhere=True)
    own = OwnAccount(ME)
    assert not may(person, Action.TELEPHONE_ADD, own)
    assert may(replace(person, mailbox_confirmed=True), Action.TELEPHONE_ADD, own)


def test_a_confirmed_mailbox_does_not_replace_an_existing_factor() -> None:
    person = replace(nobody_yet(second_factor=False), holds_role_anywhere=True, mailbox_confirmed=True)
    assert not does(person, Action.TELEPHONE_ADD, OwnAccount(ME))
