"""EORI and VAT numbers: their shape and, where the country has one, their check digit (python-stdnum)."""

from __future__ import annotations

import re

import stdnum
from stdnum.eu import vat as union_vat
from stdnum.exceptions import ValidationError

from portal.vocabulary import MEMBER_STATES

EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
EORI_COUNTRIES = frozenset({*MEMBER_STATES, "XI", "GB"})
"""Who gives EORI numbers: Member States; Northern Ireland and Great Britain by the same scheme."""
VAT_ELSEWHERE = re.compile(r"[A-Z0-9]{4,20}")
GREECE = {"GR": "EL"}
"""In VAT numbers Greece is EL, in addresses GR."""


class NotANumber(Exception):
    """It is no number of that kind; `reason` is `shape`, `country` or `check`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def eori_number(typed: str) -> str:
    """In capitals without blanks and signs; raises NotANumber. The scheme has no check digit of its own."""
    number = _plain(typed)
    if not EORI.fullmatch(number):
        raise NotANumber("shape")
    if number[:2] not in EORI_COUNTRIES:
        raise NotANumber("country")
    return number


def vat_number(typed: str, country: str) -> str:
    """With its country prefix; the check digit is verified where the country has one. Raises NotANumber."""
    number = _plain(typed)
    prefix = GREECE.get(country, country)
    if _is_union_prefix(number[:2]):
        return _union_number(number)
    if _is_union_prefix(prefix):
        return _union_number(prefix + number)
    return _number_elsewhere(number, country)


def _plain(typed: str) -> str:
    return re.sub(r"[\s.\-/]", "", typed).upper()


def _is_union_prefix(prefix: str) -> bool:
    return prefix.lower() in union_vat.MEMBER_STATES or prefix == "EL"


def _union_number(number: str) -> str:
    try:
        return str(union_vat.validate(number))
    except ValidationError:
        raise NotANumber("check") from None


def _number_elsewhere(number: str, country: str) -> str:
    rules = stdnum.get_cc_module(country.lower(), "vat")
    if rules is None:
        if not VAT_ELSEWHERE.fullmatch(number):
            raise NotANumber("shape")
        return number
    try:
        return str(rules.validate(number))
    except ValidationError:
        raise NotANumber("check") from None
