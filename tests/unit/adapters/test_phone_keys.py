"""Keys of the phone app: the vectors of docs/phone-app.md, foreign keys and signatures."""

from __future__ import annotations

import pytest

from portal.adapters import phone_keys
from portal.crypto import as_address_part
from tests.makers.phones import Phone, public

TOKEN = "AAECAwQFBgcICQoLDA0ODw"
SERVER, PHONE = (as_address_part(number.to_bytes(32)) for number in (0x1111, 0x2222))
CODE_KEY = "bb1eea89e7d3c202bf0973f3b150b6367be1e2ad2bf3deacc238a139b302c123"


def test_both_sides_derive_the_key_of_the_document() -> None:
    there = phone_keys.code_key(PHONE, phone_keys.public_key_of(SERVER), TOKEN)
    here = phone_keys.code_key(SERVER, phone_keys.public_key_of(PHONE), TOKEN)
    assert here == there == bytes.fromhex(CODE_KEY)


def test_another_token_makes_another_key() -> None:
    theirs = phone_keys.public_key_of(PHONE)
    assert phone_keys.code_key(SERVER, theirs, TOKEN) != phone_keys.code_key(SERVER, theirs, TOKEN[::-1])


def test_a_token_has_128_bits_and_belongs_to_its_key() -> None:
    first, second = phone_keys.new_private_key(), phone_keys.new_private_key()
    assert len(phone_keys.token_of(first)) == 22
    assert phone_keys.token_of(first) == phone_keys.token_of(first) != phone_keys.token_of(second)


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 87, "B" + "A" * 86, "§"])
def test_what_is_no_point_of_the_curve_is_refused(text: str) -> None:
    with pytest.raises(phone_keys.NotAKey):
        phone_keys.check_public_key(text)


def test_a_signature_counts_for_its_text_and_its_key_alone() -> None:
    phone, other = Phone(), Phone()
    signature = phone.sign("accept 1 N")
    assert phone_keys.has_signed(public(phone.approval), "TRACES-APP accept 1 N", signature)
    assert not phone_keys.has_signed(public(phone.approval), "TRACES-APP accept 2 N", signature)
    assert not phone_keys.has_signed(public(other.approval), "TRACES-APP accept 1 N", signature)


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 86, "§" * 86])
def test_what_is_no_signature_is_none(signature: str) -> None:
    assert not phone_keys.has_signed(public(Phone().approval), "TRACES-APP accept 1 N", signature)
