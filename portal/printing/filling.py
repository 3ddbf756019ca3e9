"""From a model and what was typed to the parts of a paper; without values, to a blank form (IMSOC Art. 46)."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping, Sequence

from portal.certificates import shipped
from portal.certificates.parsing import Value, columns_of
from portal.certificates.shapes import CERTIFIED, Box, Definition, Kind
from portal.certificates.wording import lines_of, table_of
from portal.environments.environment import Environment
from portal.printing.paper import Holds, Paper, PaperBox, PaperPart, PaperTable, Texts

ATTESTED = "II"
"""The INTRA box in which the text of the attestation stands."""
BLANK_ROWS = 8
ROOMY = frozenset({Kind.ORGANISATION, Kind.LINES})

Automatic = Mapping[str, Sequence[str]]
"""Lines of the boxes that the portal completes (COI 3, INTRA I.2, II.a, II.b), by box."""


def parts_of(
    definition: Definition,
    values: Mapping[str, Value],
    languages: tuple[str, ...],
    automatic: Automatic,
    parts: Collection[str] = CERTIFIED,
) -> tuple[PaperPart, ...]:
    """The parts of a paper with every box of the model, by default those that a signature covers.

    `values` by box as they are kept. Where a value reads otherwise in the second language (a country, a date, an
    option) both stand there: «France (FR) / Frankreich (FR)».
    """
    return tuple(
        PaperPart(
            part.titles, tuple(_filled(box, values.get(box.box), languages, automatic) for box in part.boxes)
        )
        for part in definition.parts
        if part.part in parts
    )


def titles_of(definition: Definition) -> Texts:
    """The title of the document; the names of an INTRA model only say for which consignment it is."""
    return (
        definition.names if definition.code == definition.document else _titles_of_base(definition.document)
    )


@functools.cache
def _titles_of_base(document: str) -> Texts:
    names: Texts = json.loads((shipped.DATA / f"{document}.json").read_text(encoding="utf-8"))["names"]
    return names


def blank_of(definition: Definition, languages: tuple[str, ...]) -> Paper:
    """The blank form of a model with fields to fill in, in one or two languages; Parts I and II.

    A model that nobody verified is a specimen here too: its form says so on each page.
    Fonts of fields are embedded whole, so a form takes seconds: made once, with a printer that waits longer.
    """
    parts = tuple(
        PaperPart(part.titles, tuple(_blank(box) for box in part.boxes))
        for part in definition.parts
        if part.part in CERTIFIED
    )
    is_the_only = definition.code == definition.document
    return Paper(
        document=definition.document,
        titles=titles_of(definition),
        number="",
        languages=languages,
        environment=Environment.PRODUCTION,
        is_demo=False,
        is_specimen=not definition.verified,
        parts=parts,
        model_code="" if is_the_only else definition.code,
        model_names={} if is_the_only else definition.names,
        attestation=definition.attestation,
        is_blank=True,
    )


def _filled(box: Box, value: Value, languages: tuple[str, ...], automatic: Automatic) -> PaperBox:
    if box.kind is Kind.TABLE:
        in_each = [table_of(box, value, language).rows for language in languages]
        rows = tuple(
            tuple(_both(texts) for texts in zip(*same_row, strict=True))
            for same_row in zip(*in_each, strict=True)
        )
        return PaperBox(box.box, box.titles, table=_table(box, rows))
    lines = tuple(automatic.get(box.box, ())) or _lines(box, value, languages)
    return PaperBox(box.box, box.titles, lines, holds=_holds(box))


def _lines(box: Box, value: Value, languages: tuple[str, ...]) -> tuple[str, ...]:
    in_each = [lines_of(box, value, language) for language in languages]
    if len({len(lines) for lines in in_each}) > 1:
        return tuple(dict.fromkeys(line for lines in in_each for line in lines))
    return tuple(_both(texts) for texts in zip(*in_each, strict=True))


def _both(texts: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(texts))


def _blank(box: Box) -> PaperBox:
    if box.kind is Kind.TABLE:
        count = min(box.rows, BLANK_ROWS)
        return PaperBox(box.box, box.titles, table=_table(box, (("",) * len(columns_of(box)),) * count))
    options = tuple(option.titles for option in box.options)
    return PaperBox(box.box, box.titles, holds=_holds(box), has_room=box.kind in ROOMY, options=options)


def _table(box: Box, rows: tuple[tuple[str, ...], ...]) -> PaperTable:
    return PaperTable(tuple(column.titles for column in columns_of(box)), rows)


def _holds(box: Box) -> Holds:
    if box.kind is Kind.SIGNATURE:
        return Holds.SIGNATURE
    return Holds.ATTESTATION if box.box == ATTESTED else Holds.VALUES
