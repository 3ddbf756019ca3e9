"""The shapes of what the phone app sends: fields of JSON with their patterns, never a query."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from portal.paging import LAST_ROW

PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{87}")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
CODE = re.compile(r"[0-9]{8}")
NUMBER = re.compile(r"[0-9]{2}")
ANSWER = re.compile(r"approve|refuse")
LATEST_SECOND = 2**40


class Malformed(Exception):
    """The body is not JSON, or a field is missing or not of its form."""


def body() -> dict[str, Any]:
    """The JSON object of this request; raises Malformed."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Malformed("body")
    return sent


def text(sent: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    """A text of that form; raises Malformed."""
    value = sent.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed(name)
    return value


def whole_number(sent: dict[str, Any], name: str, most: int = LAST_ROW) -> int:
    """A whole number that a row, or with `most` something else, can have; raises Malformed."""
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Malformed(name)
    return value
