"""Nested values are written as before, and each part of them once, however deep it lies."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import core

from portal.seals import encoding

DEPTH = 40
"""Unchanged the library would write the innermost part three times as often at each level: it would never end."""


class Leaf(core.Integer):
    """Counts how often it is written."""

    written = 0

    def dump(self, force: bool = False) -> bytes:
        type(self).written += 1
        return super().dump(force)


class Leaves(core.SequenceOf):
    """Some of them."""

    _child_spec = Leaf


class Bytes(core.Sequence):
    """They, and something of any length."""

    _fields = [("leaves", Leaves), ("rest", core.OctetString)]


@pytest.fixture(autouse=True)
def _once() -> None:
    encoding.write_parts_once()
    Leaf.written = 0


def nested(depth: int, rest: bytes = b"") -> Any:
    """A value with that many levels around a leaf, every one of them put together and never read."""
    value: Any = Bytes({"leaves": Leaves([Leaf(7)]), "rest": rest})
    for _level in range(depth):
        kind: Any = type("Level", (core.SequenceOf,), {"_child_spec": type(value)})
        value = kind([value])
    return value


def as_bytes(depth: int) -> bytes:
    """The same by hand: 30 07 (30 03 02 01 07) (04 00), and 30 and the length around it."""
    written = bytes.fromhex("300730030201070400")
    for _level in range(depth):
        written = bytes([0x30, len(written)]) + written
    return written


def test_a_part_is_written_once_however_deep_it_lies() -> None:
    value = nested(DEPTH)
    Leaf.written = 0
    assert value.dump() == as_bytes(DEPTH)
    assert Leaf.written < 5


def test_a_value_written_twice_is_written_anew_when_it_changed_in_between() -> None:
    value = nested(3)
    before = value.dump()
    value[0][0][0]["leaves"][0] = Leaf(8)
    assert before == as_bytes(3)
    assert value.dump() == before.replace(b"\x02\x01\x07", b"\x02\x01\x08")


def test_a_length_that_ends_in_80_is_no_reason_to_begin_again() -> None:
    for size in range(370, 385):  # one of them makes the outermost length 0x0180
        value = nested(12, b"x" * (size - 4 * 12))
        first = value.dump()
        Leaf.written = 0
        assert value.dump() == first
        assert Leaf.written < DEPTH
        assert type(value).load(first).dump(force=True) == first


def test_to_change_the_library_twice_changes_nothing_more() -> None:
    before = core.Sequence.dump, core.SetOf._set_contents
    encoding.write_parts_once()
    assert (core.Sequence.dump, core.SetOf._set_contents) == before
