"""The check of a model file before anything believes it: what is wrong, and where, all of it at once."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.certificates.shapes import CELLS, FALLBACK, ROWS_AT_MOST, By, Group, Kind, Register, Wording
from portal.certificates.states import Document, PartyRole

BYTES_AT_MOST = 256 * 1024
TITLE_AT_MOST, ATTESTATION_AT_MOST, SOURCE_AT_MOST = 500, 60_000, 300
PARTS_AT_MOST, BOXES_AT_MOST, COLUMNS_AT_MOST, OPTIONS_AT_MOST = 10, 200, 20, 100
FORMAT = 1
LANGUAGE = re.compile(r"[a-z]{2}")
CODE = re.compile(r"[A-Z0-9][A-Z0-9/-]{1,39}")
BOX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]{0,11}")
WORD = re.compile(r"[a-z][a-z-]{0,23}")
PART = re.compile(r"[A-Za-z]{1,12}")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `place` is a path in the file such as «I.30 › species», `word` a closed word."""

    place: str
    word: str
    told: str = ""


class NotAModel(Exception):
    """The file is refused; `problems` has every reason, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{one.place}: {one.word} {one.told}".strip() for one in problems))
        self.problems = problems


def facts_in(content: bytes) -> dict[str, Any]:
    """The object in a file, not yet checked; raises NotAModel where the file as a whole is none."""
    if len(content) > BYTES_AT_MOST:
        raise NotAModel([Problem("", "too-large")])
    try:
        facts = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise NotAModel([Problem("", "not-json")]) from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise NotAModel([Problem("format", "not-a-model")])
    return facts


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def check(facts: Mapping[str, Any]) -> None:
    """Raises NotAModel where the facts of a whole model (nothing extended any more) are not fit to be used."""
    check = _Check()
    check.head(facts)
    parts = check.rows("parts", facts.get("parts"), PARTS_AT_MOST)
    check.once("parts", (one.get("part") for one in parts))
    for one in parts:
        check.part(one)
    boxes = [str(box.get("box")) for one in parts for box in one.get("boxes", ()) if isinstance(box, dict)]
    check.once("boxes", boxes)
    if len(boxes) > BOXES_AT_MOST:
        check.say("boxes", "too-many")
    if not check.problems and facts["verified"]:
        check.verified(facts)
    if check.problems:
        raise NotAModel(check.problems)


@dataclass
class _Check:
    problems: list[Problem] = field(default_factory=list)

    def say(self, place: str, word: str, told: object = "") -> None:
        self.problems.append(Problem(place, word, str(told)[:60]))

    def head(self, facts: Mapping[str, Any]) -> None:
        self.one_of("document", facts.get("document"), set(Document))
        self.matches("code", facts.get("code"), CODE)
        self.one_of("group", facts.get("group", ""), {"", *Group})
        self.titles("names", facts.get("names"))
        self.flag("verified", facts.get("verified"))
        self.text("source", facts.get("source"), SOURCE_AT_MOST, empty=True)
        self.text("as_of", facts.get("as_of"), 20, empty=True)
        self.count("order", facts.get("order", 0), 10_000)
        self.wordings(facts.get("wordings", {}))
        if facts.get("attestation") is not None:
            self.titles("attestation", facts["attestation"], ATTESTATION_AT_MOST, lines=True)

    def wordings(self, value: object) -> None:
        if not isinstance(value, dict):
            self.say("wordings", "not-a-list")
            return
        for language, word in value.items():
            self.matches("wordings", language, LANGUAGE)
            self.one_of("wordings", word, set(Wording))

    def part(self, facts: Mapping[str, Any]) -> None:
        place = str(facts.get("part"))[:12]
        self.matches("part", facts.get("part"), PART)
        self.titles(place, facts.get("titles"))
        for one in self.rows(place, facts.get("boxes"), BOXES_AT_MOST):
            self.box(one)

    def box(self, facts: Mapping[str, Any]) -> None:
        place = str(facts.get("box"))[:12]
        self.matches("box", facts.get("box"), BOX)
        self.titles(place, facts.get("titles"))
        self.one_of(place, facts.get("kind"), set(Kind))
        self.words(place, facts.get("completed_by"), set(By))
        self.words(place, facts.get("registers", []), set(Register))
        self.one_of(place, facts.get("party"), {None, *PartyRole})
        self.text(place, facts.get("source", ""), SOURCE_AT_MOST, empty=True)
        self.count(place, facts.get("rows", ROWS_AT_MOST), ROWS_AT_MOST)
        if facts.get("hints"):
            self.titles(place, facts["hints"])
        for name in ("required", "verified"):
            self.flag(place, facts.get(name, False))
        self.answers(place, facts)

    def answers(self, place: str, facts: Mapping[str, Any]) -> None:
        kind = facts.get("kind")
        self.options(place, facts, needed=kind in (Kind.CHOICE, Kind.CHOICES))
        columns = self.rows(place, facts.get("columns", []), COLUMNS_AT_MOST)
        if (kind == Kind.TABLE and not columns) or (columns and kind not in (Kind.TABLE, Kind.SIGNATURE)):
            self.say(place, "columns")
        if kind == Kind.ORGANISATION and not facts.get("registers"):
            self.say(place, "registers")
        self.once(place, (one.get("column") for one in columns))
        for one in columns:
            here = f"{place} › {str(one.get('column'))[:24]}"
            self.matches(here, one.get("column"), WORD)
            self.titles(here, one.get("titles"))
            self.one_of(here, one.get("kind"), set(CELLS))
            self.flag(here, one.get("required", False))
            self.options(here, one, needed=one.get("kind") == Kind.CHOICE)

    def options(self, place: str, facts: Mapping[str, Any], *, needed: bool) -> None:
        options = self.rows(place, facts.get("options", []), OPTIONS_AT_MOST)
        if bool(options) != needed:
            self.say(place, "options")
        self.once(place, (one.get("option") for one in options))
        for one in options:
            self.matches(place, one.get("option"), WORD)
            self.titles(place, one.get("titles"))

    def verified(self, facts: Mapping[str, Any]) -> None:
        """What a model must bring to be called verified: a source, each box, and for animals the attestation."""
        if not facts["source"].strip():
            self.say("source", "verified-source")
        if facts["document"] == Document.INTRA and not facts.get("attestation"):
            self.say("attestation", "verified-attestation")
        boxes = [box for part in facts["parts"] for box in part["boxes"] if not box.get("verified")]
        for box in boxes:
            self.say(box["box"], "verified-box")

    def titles(self, place: str, value: object, most: int = TITLE_AT_MOST, *, lines: bool = False) -> None:
        if not isinstance(value, dict) or not value.get(FALLBACK):
            self.say(place, "no-title")
            return
        for language, text in value.items():
            self.matches(place, language, LANGUAGE)
            self.text(place, text, most, lines=lines)

    def text(self, place: str, value: object, most: int, *, empty: bool = False, lines: bool = False) -> None:
        if not isinstance(value, str) or not (value.strip() or empty):
            self.say(place, "not-a-text", value)
        elif len(value) > most:
            self.say(place, "too-long", most)
        elif any(
            unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for c in _one_line(value, lines)
        ):
            self.say(place, "characters")

    def matches(self, place: str, value: object, pattern: re.Pattern[str]) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.say(place, "not-a-code", value)

    def one_of(self, place: str, value: object, words: Iterable[object]) -> None:
        if not (value is None or isinstance(value, str)) or value not in words:
            self.say(place, "unknown-word", value)

    def words(self, place: str, value: object, words: Iterable[object]) -> None:
        if not isinstance(value, list):
            self.say(place, "not-a-list")
            return
        for one in value:
            self.one_of(place, one, words)

    def flag(self, place: str, value: object) -> None:
        if not isinstance(value, bool):
            self.say(place, "not-yes-or-no", value)

    def count(self, place: str, value: object, most: int) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.say(place, "not-a-number", value)

    def rows(self, place: str, value: object, most: int) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.say(place, "not-a-list")
            return []
        if len(value) > most:
            self.say(place, "too-many")
            return []
        return value

    def once(self, place: str, values: Iterable[object]) -> None:
        for value, times in Counter(map(str, values)).items():
            if times > 1:
                self.say(place, "twice", value)


def _one_line(text: str, lines: bool) -> str:
    return text.replace("\n", " ") if lines else text
