"""One-time codes that answer a challenge: OCRA (RFC 6287); pure computing, no state."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

PHONE_SUITE = "OCRA-1:HOTP-SHA256-8:QA10-PSHA256"
"""Ten letters and digits are answered with eight digits; the PIN goes in as its SHA-256."""
QUESTION_BYTES = 128
COUNTER_BYTES = TIME_BYTES = 8
HASHES = {"SHA1": "sha1", "SHA256": "sha256", "SHA512": "sha512"}


class NotASuite(ValueError):
    """The text is no OCRA suite of the kinds that are served (counter, question, PIN, time)."""


@dataclass(frozen=True)
class Suite:
    """What a suite text says: hash and digits of the answer, and which data go into it."""

    text: str
    hash_name: str
    digits: int
    has_counter: bool
    question: str
    pin_hash: str
    has_time: bool


@cache
def suite_of(text: str) -> Suite:
    """Read a suite such as `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`; raises NotASuite."""
    try:
        version, function, data = text.split(":")
        kind, hash_name, digits = function.split("-")
        parts = data.split("-")
        has_counter = parts[0] == "C"
        question, *rest = parts[1:] if has_counter else parts
        pins = [HASHES[part[1:]] for part in rest if part.startswith("P")]
        times = [part for part in rest if part.startswith("T")]
        known = len(rest) == len(pins) + len(times) and question[:2] in ("QA", "QN", "QH")
        if (version, kind) != ("OCRA-1", "HOTP") or not known or not 4 <= int(digits) <= 10:
            raise NotASuite(text)
        pin_hash = pins[0] if pins else ""
        return Suite(text, HASHES[hash_name], int(digits), has_counter, question, pin_hash, bool(times))
    except (KeyError, ValueError) as unreadable:
        raise NotASuite(text) from unreadable


def answer(
    suite: str, key: bytes, question: str, *, pin: str = "", counter: int = 0, time_step: int = 0
) -> str:
    """The digits that answer `question` under the shared key; the time step is a count of the suite's steps."""
    form = suite_of(suite)
    message = _question_part(form, question, counter)
    if form.pin_hash:
        message += hashlib.new(form.pin_hash, pin.encode()).digest()
    if form.has_time:
        message += time_step.to_bytes(TIME_BYTES)
    return _digits(form, key, message)


def answers_for_pins(suite: str, key: bytes, question: str, hashed_pins: tuple[bytes, ...]) -> list[str]:
    """The answers under many PINs at once, each PIN given as its hash; for suites of question and PIN alone."""
    form = suite_of(suite)
    before = _question_part(form, question, 0)
    return [_digits(form, key, before + hashed) for hashed in hashed_pins]


def _question_part(form: Suite, question: str, counter: int) -> bytes:
    message = form.text.encode() + b"\x00"
    if form.has_counter:
        message += counter.to_bytes(COUNTER_BYTES)
    return message + _as_bytes(form, question).ljust(QUESTION_BYTES, b"\x00")


def _as_bytes(form: Suite, question: str) -> bytes:
    if form.question.startswith("QA"):
        return question.encode("ascii")
    digits = question if form.question.startswith("QH") else f"{int(question):x}"
    # Filled up on the right, half bytes too, as the RFC's own program does.
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _digits(form: Suite, key: bytes, message: bytes) -> str:
    mac = hmac.digest(key, message, form.hash_name)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return str(number % 10**form.digits).zfill(form.digits)
