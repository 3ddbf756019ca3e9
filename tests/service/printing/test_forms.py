"""The boxes of a model come onto the paper with what was typed; without values it is a form to fill in (Art. 46)."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.certificates import shipped
from portal.certificates.shapes import CERTIFIED, Definition, Kind
from portal.printing.filling import BLANK_ROWS, blank_of, parts_of
from portal.printing.paper import Holds
from portal.printing.printer import Printer
from tests.service.printing.papers import COI
from tests.service.printing.reading import facts_of, structure_of, text_of

CATTLE, ORGANIC = ("INTRA", "BOV-INTRA-X"), ("COI", "COI")
FARM = {"id": 7, "name": "Ferme des Trois Chênes", "address": "Rennes", "country": "FR", "code": "FR.7"}


def model(key: tuple[str, str]) -> Definition:
    """A model that comes with the portal."""
    return shipped.models()[key]


def fields_of(pdf: bytes) -> dict[str, str]:
    """The name of each field of a form, with what a screen reader says of it."""
    form = PdfFileReader(io.BytesIO(pdf)).root["/AcroForm"]
    fields = [field.get_object() for field in form["/Fields"]]
    return {str(field["/T"]): str(field["/TU"]) for field in fields}


def test_typed_values_stand_in_their_boxes_in_both_languages() -> None:
    values = {
        "I.1": FARM,
        "I.7": "FR",
        "I.17": "one\ntwo",
        "I.30": [{"species": "Bos taurus", "quantity": "1200"}],
    }
    part = parts_of(model(CATTLE), values, ("en", "de"), {"I.2": ("INTRA.FR.2026.0000001",)})[0]
    boxes = {box.box: box for box in part.boxes}
    assert boxes["I.1"].lines == ("Ferme des Trois Chênes", "Rennes", "France (FR) / Frankreich (FR)", "FR.7")
    assert boxes["I.7"].lines == ("France (FR) / Frankreich (FR)",)
    assert boxes["I.17"].lines == ("one", "two")
    assert boxes["I.2"].lines == ("INTRA.FR.2026.0000001",)
    table = boxes["I.30"].table
    assert table is not None
    assert {"Bos taurus", "1,200 / 1.200"} <= set(table.rows[0])
    assert boxes["I.5"].lines == ()


def test_the_paper_has_every_box_that_a_signature_covers_and_no_later_one() -> None:
    for definition in shipped.models().values():
        parts = parts_of(definition, {}, ("en",), {})
        assert [box.box for part in parts for box in part.boxes] == [
            box.box for box in definition.boxes(CERTIFIED)
        ]
        assert [box.box for part in parts for box in part.boxes if box.holds is Holds.SIGNATURE]


@pytest.mark.parametrize("key", [CATTLE, ORGANIC])
def test_every_box_of_the_model_is_found_on_the_paper(
    words: Flask, printer: Printer, tmp_path: Path, key: tuple[str, str]
) -> None:
    definition = model(key)
    paper = replace(COI, document=key[0], parts=parts_of(definition, {"I.7": "FR", "8": "FR"}, ("en",), {}))
    text = text_of(printer.pdf(paper), tmp_path)
    titles = [f"{box.box} {box.titles['en']}" for box in definition.boxes(CERTIFIED)]
    assert not [title for title in titles if title not in text]
    assert "France (FR)" in text


@pytest.mark.parametrize("key", [CATTLE, ORGANIC])
def test_a_blank_form_has_a_named_field_for_everything_that_is_typed(
    words: Flask, printer: Printer, key: tuple[str, str]
) -> None:
    definition = model(key)
    fields = fields_of(printer.pdf(blank_of(definition, ("fr", "en"))))
    for box in definition.boxes(CERTIFIED):
        if box.kind is Kind.TABLE:
            rows = min(box.rows, BLANK_ROWS)
            assert {f"{box.box}.{row}.1" for row in range(1, rows + 1)} <= set(fields)
        elif box.options:
            ticks = [title for name, title in fields.items() if name.startswith(f"{box.box}.")]
            assert ticks == [f"{box.box} {option.titles['fr']}" for option in box.options]
        elif box.kind is not Kind.SIGNATURE and box.box != "II":
            assert fields[box.box].startswith(f"{box.box} {box.titles['fr']}")
    assert {"number", "signature.name", "signature.office", "signature.signed_at"} <= set(fields)


def test_a_blank_form_is_tagged_and_bears_no_number_no_code_and_no_signature(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    pdf = printer.pdf(blank_of(model(ORGANIC), ("en",)))
    assert facts_of(pdf, tmp_path)["Tagged"] == "yes"
    assert "Form" in structure_of(pdf, tmp_path)
    text = text_of(pdf, tmp_path)
    for said in ("Certificate number", "Verification code", "Seal of the file", "DRAFT"):
        assert said not in text, said
    assert "Number given to this paper" in text


def test_the_blank_form_of_an_unverified_model_is_a_specimen(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    specimen = text_of(printer.pdf(blank_of(model(CATTLE), ("en",))), tmp_path)
    assert "SPECIMEN – model not verified" in specimen
    assert "nothing is attested here" in specimen
    assert "Certificate for intra-Union trade" in specimen
    assert "BOV-INTRA-X bovine animals not intended for slaughter" in specimen
    assert "SPECIMEN" not in text_of(printer.pdf(blank_of(model(ORGANIC), ("en",))), tmp_path)
