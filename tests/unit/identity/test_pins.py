"""PINs of the phone app: those that everybody tries first are refused, most are left."""

from __future__ import annotations

import pytest

from portal.identity.device_codes import is_weak

EVERY = [f"{number:04}" for number in range(10_000)]


@pytest.mark.parametrize(
    "pin",
    ["0000", "1111", "1234", "4321", "2468", "1357", "9876", "1212", "1122", "1221", "1000", "1984", "2026", "2512",
     "1225", "0101", "2580", "0852"],
)  # fmt: skip
def test_repeats_runs_years_dates_and_patterns_are_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["4071", "8150", "9302", "7302", "3861"])
def test_others_are_not(pin: str) -> None:
    assert not is_weak(pin)


def test_most_pins_are_left_to_choose_from() -> None:
    left = [pin for pin in EVERY if not is_weak(pin)]
    assert 8_000 < len(left) < 9_500
