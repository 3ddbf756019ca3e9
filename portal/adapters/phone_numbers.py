"""Telephone numbers, through the phonenumbers library: international form in, E.164 out."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

MOBILE_TYPES = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
LENGTH_AT_MOST = 40


class NotAMobileNumber(Exception):
    """Not in international form, not a valid number, or not one that receives SMS; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def mobile_number(typed: str) -> str:
    """The number as E.164; raises NotAMobileNumber with `international`, `invalid` or `not-mobile`."""
    text = typed.strip()[:LENGTH_AT_MOST]
    if not text.startswith(("+", "00")):
        raise NotAMobileNumber("international")
    try:
        number = phonenumbers.parse("+" + text[2:] if text.startswith("00") else text)
    except NumberParseException:
        raise NotAMobileNumber("invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise NotAMobileNumber("invalid")
    if phonenumbers.number_type(number) not in MOBILE_TYPES:
        raise NotAMobileNumber("not-mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(number: str) -> str:
    """ISO 3166 alpha-2 code of an E.164 number, empty when no country owns it (satellites)."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def for_people(number: str) -> str:
    """An E.164 number with the blanks of its country."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def dialling_code(country: str) -> str:
    """«+33» for FR; empty for a country without one."""
    code = phonenumbers.country_code_for_region(country.upper())
    return f"+{code}" if code else ""
