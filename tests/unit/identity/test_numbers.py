"""Mobile numbers: international form in, E.164 out; what cannot receive SMS is refused with its reason."""

from __future__ import annotations

import pytest

from portal.identity import numbers


@pytest.mark.parametrize(
    "typed", ["+46701740605", "+46 70 174 06 05", "0046 70-174 06 05", " +46 (0)70 174 06 05 "]
)
def test_one_number_has_one_form_however_it_is_typed(typed: str) -> None:
    assert numbers.mobile_number(typed) == "+46701740605"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0612345678", "international"), ("", "international"), ("+46 70", "invalid"), ("+999 123 456", "invalid"),
        ("+33 1 42 34 56 78", "not-mobile"),
    ],
)  # fmt: skip
def test_other_numbers_are_refused_with_their_reason(typed: str, reason: str) -> None:
    with pytest.raises(numbers.NotAMobileNumber) as refused:
        numbers.mobile_number(typed)
    assert refused.value.reason == reason


def test_a_very_long_text_is_refused_quickly() -> None:
    with pytest.raises(numbers.NotAMobileNumber):
        numbers.mobile_number("+" + "4" * 100_000)


def test_people_read_numbers_with_blanks_and_countries_have_codes() -> None:
    assert numbers.for_people("+46701740605") == "+46 70 174 06 05"
    assert (numbers.dialling_code("fr"), numbers.dialling_code("XX")) == ("+33", "")
