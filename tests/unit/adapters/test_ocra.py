"""Codes that answer a challenge: the examples of RFC 6287, appendix C, and the phone app's own."""

from __future__ import annotations

import hashlib

import pytest

from portal.adapters import ocra

KEY20 = b"12345678901234567890"
KEY32 = b"12345678901234567890123456789012"
KEY64 = (b"1234567890" * 7)[:64]
TIME = 0x132D0B6
REPEATED = [str(digit) * 8 for digit in range(10)]
PLAIN = "237653 243178 653583 740991 608993 388898 816933 224598 750600 294470".split()
WITH_COUNTER_AND_PIN = (
    "65347737 86775851 78192410 71565254 10104329 65983500 70069104 91771096 75011558 08522129"
).split()
WITH_PIN = "83238735 01501458 17957585 86776967 86807031".split()
WITH_COUNTER = (
    "07016083 63947962 70123924 25341727 33203315 34205738 44343969 51946085 20403879 31409299"
).split()
WITH_TIME = "95209754 55907591 22048402 24218844 36209546".split()
SERVER_ANSWERS = "28247970 01984843 65387857 03351211 83412541".split()
CLIENT_ANSWERS = "15510767 90175646 33777207 95285278 28934924".split()


def test_the_examples_with_a_plain_challenge() -> None:
    assert [ocra.answer("OCRA-1:HOTP-SHA1-6:QN08", KEY20, text) for text in REPEATED] == PLAIN


def test_the_examples_with_counter_and_pin() -> None:
    suite = "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1"
    made = [ocra.answer(suite, KEY32, "12345678", pin="1234", counter=count) for count in range(10)]
    assert made == WITH_COUNTER_AND_PIN


def test_the_examples_with_a_pin() -> None:
    suite = "OCRA-1:HOTP-SHA256-8:QN08-PSHA1"
    assert [ocra.answer(suite, KEY32, text, pin="1234") for text in REPEATED[:5]] == WITH_PIN


def test_the_examples_with_a_counter() -> None:
    suite = "OCRA-1:HOTP-SHA512-8:C-QN08"
    made = [ocra.answer(suite, KEY64, text, counter=count) for count, text in enumerate(REPEATED)]
    assert made == WITH_COUNTER


def test_the_examples_with_the_time() -> None:
    suite = "OCRA-1:HOTP-SHA512-8:QN08-T1M"
    assert [ocra.answer(suite, KEY64, text, time_step=TIME) for text in REPEATED[:5]] == WITH_TIME


def test_the_examples_with_letters_and_digits() -> None:
    suite = "OCRA-1:HOTP-SHA256-8:QA08"
    to_server = [f"CLI2222{n}SRV1111{n}" for n in range(5)]
    to_client = [f"SRV1111{n}CLI2222{n}" for n in range(5)]
    assert [ocra.answer(suite, KEY32, text) for text in to_server] == SERVER_ANSWERS
    assert [ocra.answer(suite, KEY32, text) for text in to_client] == CLIENT_ANSWERS


def test_the_phone_app_answers_as_its_document_says() -> None:
    assert ocra.answer(ocra.PHONE_SUITE, bytes(range(32)), "ABCDE23456", pin="4071") == "15187324"


def test_many_pins_at_once_answer_as_each_alone() -> None:
    key, pins = bytes(range(32)), ["0000", "4071", "9999"]
    hashed = tuple(hashlib.sha256(pin.encode()).digest() for pin in pins)
    alone = [ocra.answer(ocra.PHONE_SUITE, key, "ABCDE23456", pin=pin) for pin in pins]
    assert ocra.answers_for_pins(ocra.PHONE_SUITE, key, "ABCDE23456", hashed) == alone
    assert len(set(alone)) == 3


@pytest.mark.parametrize(
    "text",
    ["", "OCRA-1:HOTP-SHA256-8", "OCRA-2:HOTP-SHA256-8:QA10", "OCRA-1:TOTP-SHA256-8:QA10",
     "OCRA-1:HOTP-MD5-8:QA10", "OCRA-1:HOTP-SHA256-0:QA10", "OCRA-1:HOTP-SHA256-8:PSHA1",
     "OCRA-1:HOTP-SHA256-8:QA10-S064", "OCRA-1:HOTP-SHA256-8:QA10-PMD5"],
)  # fmt: skip
def test_another_suite_is_refused(text: str) -> None:
    with pytest.raises(ocra.NotASuite):
        ocra.suite_of(text)
