"""The screens of the wizard: which boxes stand on which, in the order in which one fills them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.certificates.shapes import Box

STEPS = {
    "parties": ("I.1", "I.2a", "I.3", "I.4", "I.5", "I.6", "1", "2", "4", "5", "6", "7", "12"),
    "places": ("I.7", "I.8", "I.9", "I.10", "I.11", "I.12", "I.13", "8", "9", "10", "11"),
    "transport": (
        "I.14", "I.15", "I.16", "I.17", "I.18", "I.19", "I.21", "I.22", "I.23", "I.24", "I.25", "14", "15", "16", "17",
    ),
}  # fmt: skip
PARTS = {"II": "certification", "entry": "entry"}
ORDER = ("parties", "places", "transport", "goods", "entry", "certification")


@dataclass(frozen=True)
class Step:
    """One screen."""

    word: str
    boxes: tuple[Box, ...]


def step_of(box: Box) -> str:
    """The word of the screen on which a box stands; a box of a newer model stands with the goods."""
    if box.part in PARTS:
        return PARTS[box.part]
    return next((word for word, boxes in STEPS.items() if box.box in boxes), "goods")


def steps_of(boxes: Iterable[Box]) -> list[Step]:
    """The screens that hold any of these boxes."""
    there = list(boxes)
    found = ((word, tuple(box for box in there if step_of(box) == word)) for word in ORDER)
    return [Step(word, mine) for word, mine in found if mine]


def neighbours(steps: list[Step], word: str) -> tuple[Step | None, Step | None]:
    """The screens before and after that one."""
    place = next(number for number, one in enumerate(steps) if one.word == word)
    before = steps[place - 1] if place else None
    return before, steps[place + 1] if place + 1 < len(steps) else None
