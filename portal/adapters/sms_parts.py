"""A text cut into the parts of an SMS: GSM 03.38 where its letters allow it, UCS-2 where they do not; pure."""

from __future__ import annotations

from dataclasses import dataclass

LETTERS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic alphabet (GSM 03.38, 6.2.1), each letter at the place of its code."""
ESCAPED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
"""The extension table: two codes for one letter, which no cut may separate."""
GSM, UCS2 = 0, 8
ALONE = {GSM: 160, UCS2: 140}
IN_A_ROW = {GSM: 153, UCS2: 134}


@dataclass(frozen=True)
class Cut:
    """What goes over the line: the `data_coding`, and the parts, each with its header where there are several."""

    coding: int
    parts: tuple[bytes, ...]


def cut(text: str, reference: int) -> Cut:
    """The parts of a text; `reference` (0 to 255) ties them together on the telephone."""
    coding, letters = _coded(text)
    whole = b"".join(letters)
    if len(whole) <= ALONE[coding]:
        return Cut(coding, (whole,))
    parts = [b""]
    for letter in letters:
        if len(parts[-1]) + len(letter) > IN_A_ROW[coding]:
            parts.append(b"")
        parts[-1] += letter
    head = (5, 0, 3, reference, len(parts))
    return Cut(coding, tuple(bytes((*head, number)) + part for number, part in enumerate(parts, start=1)))


def _coded(text: str) -> tuple[int, list[bytes]]:
    try:
        return GSM, [_gsm(letter) for letter in text]
    except ValueError:
        # One code unit or a pair of them stays together: half a letter is none.
        return UCS2, [letter.encode("utf-16-be") for letter in text]


def _gsm(letter: str) -> bytes:
    if letter in ESCAPED:
        return bytes((0x1B, ESCAPED[letter]))
    if letter == "\x1b":
        raise ValueError(letter)
    return bytes((LETTERS.index(letter),))
