"""The shipped models: all of them, each with its source, and nothing called verified that no source gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.certificates import shapes, shipped
from portal.certificates.schema import NotAModel
from portal.certificates.shapes import CERTIFIED, By, Definition, Kind

COI = shipped.models()["COI", "COI"]
INTRA = [one for (document, _code), one in shipped.models().items() if document == "INTRA"]
ALL = [COI, *INTRA]


def test_the_certificate_of_inspection_has_its_31_boxes_in_order_and_each_is_sourced() -> None:
    assert [box.box for box in COI.boxes()] == [str(number) for number in range(1, 32)]
    assert all(box.verified for box in COI.boxes())
    assert COI.verified
    assert "2021/2306" in COI.source
    assert COI.as_of == "2021"


def test_who_completes_the_certificate_of_inspection_is_as_its_source_says() -> None:
    by = {box.box: box.completed_by for box in COI.boxes()}
    assert by["3"] == (By.PORTAL,)
    assert by["10"] == (By.CONTROL_BODY, By.IMPORTER)
    assert {by[str(number)] for number in (1, 4, 13, 18)} == {(By.CONTROL_BODY,)}
    assert by["23"] == (By.AUTHORITY, By.IMPORTER)
    assert {by[str(number)] for number in (26, 27, 28)} == {(By.POST,)}
    assert by["31"] == (By.FIRST_CONSIGNEE,)


def test_the_products_of_a_certificate_of_inspection_are_a_table_of_seven_columns() -> None:
    box = COI.box("13")
    assert box is not None
    assert [one.titles["en"] for one in box.columns] == [
        "Organic or in-conversion", "CN code", "Trade name", "Category", "Number of packages", "Lot number",
        "Net weight",
    ]  # fmt: skip


def test_65_models_of_intra_are_offered_and_none_of_them_is_verified() -> None:
    assert len(INTRA) == 65
    assert not [one.code for one in INTRA if one.verified]
    assert all(one.group and "2021/403" in one.source for one in INTRA)


@pytest.mark.parametrize("path", shipped.files(), ids=lambda path: path.stem)
def test_every_shipped_file_passes_the_check_of_a_loaded_one(path: Path) -> None:
    read = shipped.read(path.read_bytes())
    assert shipped.models()[read.document, read.code] == read


def test_no_attestation_is_shipped() -> None:
    assert not [one.code for one in ALL if one.attestation]


def test_a_box_is_verified_exactly_where_a_source_gives_it() -> None:
    for model in INTRA:
        found = {box.box for box in model.boxes() if box.verified}
        assert found == {box.box for box in model.boxes() if box.source}
        assert {"I.1", "I.9", "II.a", "III.2a"} <= found
        assert not {"I.11", "I.30", "II", "II.sig", "III.1"} & found


@pytest.mark.parametrize("code", ["BOV-INTRA-X", "BOV-SEM-A-INTRA"])
def test_species_are_typed_as_latin_names_and_products_are_described_as_such(code: str) -> None:
    box = shipped.models()["INTRA", code].box("I.30")
    assert box is not None
    columns = {one.column: one for one in box.columns}
    assert columns["species"].kind is Kind.TEXT
    assert columns["species"].required
    assert ("product" in columns) == ("SEM" in code)


@pytest.mark.parametrize("model", ALL, ids=lambda one: one.code)
def test_every_model_speaks_four_languages_and_says_which_of_them_are_translations(model: Definition) -> None:
    spoken = {"en", "fr", "de", "es"}
    titles = [model.names, *(part.titles for part in model.parts), *(box.titles for box in model.boxes())]
    titles += [column.titles for box in model.boxes() for column in box.columns]
    titles += [option.titles for box in model.boxes() for option in box.options]
    assert all(set(one) == spoken for one in titles)
    assert all(model.wordings[language] == "translation" for language in spoken - {"en"})


@pytest.mark.parametrize("model", ALL, ids=lambda one: one.code)
def test_a_model_survives_being_written_and_read(model: Definition) -> None:
    text = shapes.text_of(model)
    assert shapes.definition_from(json.loads(text)) == model
    assert shapes.text_of(shapes.definition_from(json.loads(text))) == text
    assert len(text.encode()) < 256 * 1024


@pytest.mark.parametrize("model", ALL, ids=lambda one: one.code)
def test_every_model_has_a_part_to_describe_and_a_part_to_sign(model: Definition) -> None:
    assert [part.part for part in model.parts][:2] == list(CERTIFIED)
    signatures = [box.box for box in model.boxes(CERTIFIED) if box.kind is Kind.SIGNATURE]
    assert len(signatures) == 1


def test_a_model_may_change_a_box_of_its_base_and_no_other() -> None:
    head = {"format": 1, "document": "INTRA", "extends": "INTRA", "code": "NEW-INTRA", "names": {"en": "New"},
            "verified": False, "source": "", "as_of": ""}  # fmt: skip
    changed = head | {"boxes": {"I.10": {"required": True}}}
    read = shipped.read(json.dumps(changed).encode())
    assert read.box("I.10").required  # type: ignore[union-attr]
    assert not shipped.models()["INTRA", "BOV-INTRA-X"].box("I.10").required  # type: ignore[union-attr]
    for wrong in ({"boxes": {"I.99": {}}}, {"extends": "../COI"}, {"boxes": []}, {"document": "COI"}):
        with pytest.raises(NotAModel):
            shipped.read(json.dumps(head | wrong).encode())
