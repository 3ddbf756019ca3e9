"""Which characters reach the paper: what cannot be seen, or turns the order of others, is shown as a mark."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

MARK = "\N{REPLACEMENT CHARACTER}"
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
"""Without these, words of some scripts are misspelt."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
MARKS_ON_A_LETTER = 4
PLAIN = re.compile(r"[\x20-\x7e\n]*")
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

Printed = TypeVar("Printed")


def printable(text: str) -> str:
    """The text as it is printed: every kind of line break as one, each unseen character as U+FFFD.

    What was signed must be what was shown: nothing is dropped silently, and no typed character can turn
    the direction of what follows or pile marks over the boxes above it.
    """
    if PLAIN.fullmatch(text):
        return text
    out: list[str] = []
    marks = 0
    for letter in BREAKS.sub("\n", text).replace("\t", " "):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        unseen = kind in UNSEEN and letter != "\n" and letter not in JOINERS
        out.append(MARK if unseen or marks > MARKS_ON_A_LETTER else letter)
    return "".join(out)


def all_printable(value: Printed) -> Printed:
    """The same dataclass, row or mapping with every text in it printable."""
    return _printable(value)


def _printable(value: Any) -> Any:
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return tuple(_printable(one) for one in value)
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _printable(getattr(value, name)) for name in names})
    return value


def length_of(value: Any) -> int:
    """Characters of all texts in it together."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, tuple):
        return sum(length_of(one) for one in value)
    if isinstance(value, Mapping):
        return sum(length_of(one) for one in value.values())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return sum(length_of(getattr(value, one.name)) for one in dataclasses.fields(value))
    return 0
