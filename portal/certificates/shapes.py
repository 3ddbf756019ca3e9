"""What a model of a certificate is made of: parts, boxes, columns, options; frozen, one text for one content."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FALLBACK = "en"
CERTIFIED = ("I", "II")
"""The parts that must be complete before a signature; the others are added by whoever receives the consignment."""
ROWS_AT_MOST = 200


class Kind(StrEnum):
    """What is typed into a box; nothing is typed into the last two."""

    TEXT = "text"
    LINES = "lines"
    COUNTRY = "country"
    ORGANISATION = "organisation"
    CHOICE = "choice"
    CHOICES = "choices"
    TABLE = "table"
    DATE = "date"
    MOMENT = "moment"
    WEIGHT = "weight"
    NUMBER = "number"
    AUTOMATIC = "automatic"
    SIGNATURE = "signature"


CELLS = frozenset(
    {Kind.TEXT, Kind.LINES, Kind.COUNTRY, Kind.CHOICE, Kind.DATE, Kind.MOMENT, Kind.WEIGHT, Kind.NUMBER, Kind.AUTOMATIC}
)  # fmt: skip
"""What may stand in a column of a table."""
NOT_TYPED = frozenset({Kind.AUTOMATIC, Kind.SIGNATURE})


class By(StrEnum):
    """Who completes a box."""

    OPERATOR = "operator"
    IMPORTER = "importer"
    CONTROL_BODY = "control-body"
    AUTHORITY = "authority"
    POST = "post"
    DESTINATION_AUTHORITY = "destination-authority"
    FIRST_CONSIGNEE = "first-consignee"
    PORTAL = "portal"


class Register(StrEnum):
    """From which register an organisation is taken; `typed` where it may stand in none."""

    OPERATOR = "operator"
    AUTHORITY = "authority"
    CONTROL_BODY = "control-body"
    POST = "post"
    TYPED = "typed"


class Group(StrEnum):
    """Under which heading a model is offered."""

    ORGANIC = "organic"
    UNGULATES = "ungulates"
    BIRDS = "birds"
    GERMINAL = "germinal"
    BEES = "bees"
    OTHER = "other"


class Wording(StrEnum):
    """Where the titles in a language come from; only the source's own are legal text."""

    SOURCE = "source"
    SOURCE_OR_MEMORY = "source-or-memory"
    TRANSLATION = "translation"


Titles = Mapping[str, str]
"""Words by language code; English is always there."""


def in_language(titles: Titles, language: str) -> str:
    """The words in that language, else in English."""
    return titles.get(language) or titles[FALLBACK]


@dataclass(frozen=True)
class Option:
    """One of the answers of a choice."""

    option: str
    titles: Titles


@dataclass(frozen=True)
class Column:
    """One column of a table, or one field of a signature; `kind` is one of CELLS."""

    column: str
    titles: Titles
    kind: Kind
    required: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Box:
    """One box; `required` when its part is completed, `rows` how many lines its table may have.

    `party` is a PartyRole where the organisation in it may see the certificate. `source` says where the box stands if
    not where the whole model does; one that no source gives is not `verified`. `hints` say what to type.
    """

    box: str
    part: str
    titles: Titles
    kind: Kind
    completed_by: tuple[str, ...]
    required: bool = False
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: int = ROWS_AT_MOST
    registers: tuple[str, ...] = ()
    party: str | None = None
    source: str = ""
    verified: bool = False
    hints: Titles = dataclasses.field(default_factory=dict)

    @property
    def is_typed(self) -> bool:
        """Whether a person puts anything into it."""
        return self.kind not in NOT_TYPED


@dataclass(frozen=True)
class Part:
    """Boxes that are completed together."""

    part: str
    titles: Titles
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Definition:
    """A model: `attestation` is the text of Part II by language, None where no source gives it.

    `wordings` say of each language where its titles come from, in words of Wording.
    """

    document: str
    code: str
    names: Titles
    verified: bool
    source: str
    as_of: str
    attestation: Mapping[str, str] | None
    parts: tuple[Part, ...]
    group: str = ""
    order: int = 0
    wordings: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def boxes(self, parts: Collection[str] | None = None) -> Iterator[Box]:
        """Every box in the order of the paper, or those of some parts."""
        for part in self.parts:
            if parts is None or part.part in parts:
                yield from part.boxes

    def box(self, box: str) -> Box | None:
        """The box of that number."""
        return next((one for one in self.boxes() if one.box == box), None)


def text_of(definition: Definition) -> str:
    """The whole model as JSON; the same content always gives the same text."""
    facts = dataclasses.asdict(definition)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def definition_from(facts: Mapping[str, Any]) -> Definition:
    """The model of a checked file, or of `text_of`; keys that are not known here are left out."""
    more = {"attestation": None} | _known(Definition, facts)
    parts = tuple(_part(one) for one in more.pop("parts"))
    return Definition(**more, parts=parts)


def _known(cls: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in dataclasses.fields(cls)}
    return {name: value for name, value in facts.items() if name in names}


def _part(facts: Mapping[str, Any]) -> Part:
    boxes = tuple(_box(one, facts["part"]) for one in facts["boxes"])
    return Part(facts["part"], facts["titles"], boxes)


def _box(facts: Mapping[str, Any], part: str) -> Box:
    more = _known(Box, facts) | {"part": part, "kind": Kind(facts["kind"])}
    more["options"] = _options(facts)
    more["columns"] = tuple(_column(one) for one in facts.get("columns", ()))
    for name in ("completed_by", "registers"):
        more[name] = tuple(facts.get(name, ()))
    return Box(**more)


def _column(facts: Mapping[str, Any]) -> Column:
    more = _known(Column, facts) | {"kind": Kind(facts["kind"]), "options": _options(facts)}
    return Column(**more)


def _options(facts: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(one["option"], one["titles"]) for one in facts.get("options", ()))
