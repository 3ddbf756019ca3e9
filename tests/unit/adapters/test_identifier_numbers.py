"""EORI and VAT numbers: what is typed, what is kept, what is refused and why."""

from __future__ import annotations

import pytest

from portal.adapters.identifier_numbers import NotANumber, eori_number, vat_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("BED479168518", "BED479168518"),
        ("be d479 168518", "BED479168518"),
        ("XI-123456789000", "XI123456789000"),
    ],
)
def test_an_eori_number_is_kept_in_capitals_without_signs(typed: str, kept: str) -> None:
    assert eori_number(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("479168518", "shape"),
        ("BE", "shape"),
        ("BE12345678901234567", "shape"),
        ("BR123456", "country"),
        ("", "shape"),
    ],
)
def test_what_is_no_eori_number_says_why(typed: str, reason: str) -> None:
    with pytest.raises(NotANumber) as refused:
        eori_number(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("0403.170.701", "BE", "BE0403170701"),
        ("BE 0403 170 701", "FR", "BE0403170701"),
        ("094259216", "GR", "EL094259216"),
        ("FR 40 303 265 045", "FR", "FR40303265045"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
    ],
)
def test_a_vat_number_is_kept_with_its_country(typed: str, country: str, kept: str) -> None:
    assert vat_number(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country"), [("BE0403170702", "BE"), ("403170702", "BE"), ("FR41303265045", "FR"), ("1", "XX")]
)
def test_a_wrong_check_digit_or_shape_is_refused(typed: str, country: str) -> None:
    with pytest.raises(NotANumber):
        vat_number(typed, country)


def test_where_a_country_has_no_known_rule_the_shape_alone_counts() -> None:
    assert vat_number("ab 1234", "TV") == "AB1234"
