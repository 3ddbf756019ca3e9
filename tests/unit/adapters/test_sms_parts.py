"""Cutting a text into the parts of an SMS: sizes, alphabets, and letters that no cut may break."""

from __future__ import annotations

import pytest

from portal.adapters.sms_parts import GSM, UCS2, cut


@pytest.mark.parametrize(
    ("text", "coding", "sizes"),
    [
        ("a" * 160, GSM, [160]),
        ("a" * 161, GSM, [159, 14]),
        ("a" * 306, GSM, [159, 159]),
        ("a" * 307, GSM, [159, 159, 7]),
        ("я" * 70, UCS2, [140]),
        ("я" * 71, UCS2, [140, 14]),
        ("€" * 80, GSM, [160]),
        ("€" * 81, GSM, [158, 16]),
        ("", GSM, [0]),
    ],
)
def test_a_part_holds_what_the_standard_says(text: str, coding: int, sizes: list[int]) -> None:
    found = cut(text, 7)
    assert (found.coding, [len(part) for part in found.parts]) == (coding, sizes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("@", b"\0"),
        ("€", b"\x1b\x65"),
        ("[x]", b"\x1b\x3cx\x1b\x3e"),
        ("§", b"\x5f"),
        ("é", b"\5"),
        ("à", b"\x7f"),
    ],
)
def test_letters_have_the_codes_of_the_standard(text: str, codes: bytes) -> None:
    assert cut(text, 0).parts == (codes,)


@pytest.mark.parametrize("text", ["`", "\x1b", "ş", "😀"])
def test_what_the_alphabet_lacks_makes_it_ucs2(text: str) -> None:
    assert cut(text, 0) == cut(text, 0).__class__(UCS2, (text.encode("utf-16-be"),))


def test_no_cut_breaks_a_letter_of_two_codes_or_units() -> None:
    escaped = cut("a" * 152 + "€" + "b" * 10, 1)
    assert escaped.parts[0].endswith(b"a")
    assert escaped.parts[1][6:8] == b"\x1b\x65"
    pair = cut("я" * 66 + "😀" + "я" * 10, 1)
    assert pair.parts[0][6:].decode("utf-16-be") == "я" * 66
    assert pair.parts[1][6:].decode("utf-16-be") == "😀" + "я" * 10


def test_the_parts_know_their_place() -> None:
    assert [part[:6] for part in cut("a" * 400, 200).parts] == [
        bytes((5, 0, 3, 200, 3, n)) for n in (1, 2, 3)
    ]
