"""The limits: what they add up to for somebody who guesses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.identity.states import CODE_FAILURES_PER_HOUR, CODE_TRIES
from portal.limits import rates
from portal.limits.rates import Delay, Rate

RATES = [value for value in vars(rates).values() if isinstance(value, Rate)]
DELAYS = [value for value in vars(rates).values() if isinstance(value, Delay)]
FIVE_MINUTES = 300


def test_every_limit_has_a_name_of_its_own_that_fits_its_column() -> None:
    names = [limit.name for limit in [*RATES, *DELAYS]]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 40


@pytest.mark.parametrize("delay", DELAYS, ids=lambda delay: delay.name)
def test_delays_grow_and_never_exceed_five_minutes(delay: Delay) -> None:
    assert list(delay.seconds) == sorted(delay.seconds)
    assert delay.seconds[0] == 0
    assert 0 < delay.seconds[-1] <= FIVE_MINUTES


def test_an_owner_waits_half_a_minute_at_most_whoever_else_guesses() -> None:
    assert max(rates.PASSWORD_ACCOUNT_DELAY.seconds) <= 30


def test_guessing_from_one_network_reaches_few_hundred_passwords_a_day() -> None:
    delay = rates.PASSWORD_DELAY
    seconds, guesses = 0, 0
    while seconds < timedelta(days=1).total_seconds():
        seconds += delay.seconds[min(guesses, len(delay.seconds) - 1)]
        guesses += 1
    assert guesses < 310


def test_codes_allow_five_tries_each_and_ten_failures_an_hour() -> None:
    assert CODE_TRIES == 5
    assert CODE_FAILURES_PER_HOUR == 10


def test_sms_are_limited_by_account_number_prefix_and_network() -> None:
    assert rates.SMS_PER_ACCOUNT.count <= 10
    assert rates.SMS_PER_ACCOUNT_DAY.count <= 30
    assert {rates.SMS_PER_NUMBER.window, rates.SMS_PER_PREFIX.window, rates.SMS_PER_NETWORK.window} == {
        timedelta(hours=1)
    }
