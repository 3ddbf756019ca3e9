"""The paper says what was typed, in its languages, tagged for screen readers, and why it has no legal value."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.environments.environment import Environment
from portal.printing.paper import SealWord, StampWord
from portal.printing.printer import Printer
from tests.service.printing.papers import COI, COI_BOXES, INTRA, INTRA_VALUES, PRODUCTS, SIGNATORY
from tests.service.printing.reading import facts_of, structure_of, text_of


def test_every_value_of_every_box_stands_on_the_paper(words: Flask, printer: Printer, tmp_path: Path) -> None:
    text = text_of(printer.pdf(COI), tmp_path)
    values = [line for box in COI_BOXES for line in box.lines] + [
        cell for row in PRODUCTS.rows for cell in row
    ]
    assert not [value for value in values if value not in text]
    assert not [box.box for box in COI_BOXES if f"{box.box} {box.titles['en']}" not in text]


def test_names_office_time_hash_code_and_address_stand_on_the_paper(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    text = text_of(printer.pdf(COI), tmp_path)
    for said in (SIGNATORY.name, SIGNATORY.user_name, SIGNATORY.office, SIGNATORY.at, "A second factor", COI.data_hash,
                 "ABCD EFGH JKLM NPQR", COI.verify_url, "COI.EE.2026.0000042"):  # fmt: skip
        assert said in text, said


def test_two_languages_stand_side_by_side_in_latin_greek_and_cyrillic(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    text = text_of(printer.pdf(INTRA), tmp_path)
    for said in ("Expéditeur / Αποστολέας", "Ενδοενωσιακό πιστοποιητικό", "Ферма Слънце", "Αγρόκτημα Ήλιος"):
        assert said in text, said
    assert not [line for lines in INTRA_VALUES.values() for line in lines if line not in text]


def test_the_file_is_tagged_with_its_language_its_title_and_headings(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    pdf = printer.pdf(INTRA)
    facts = facts_of(pdf, tmp_path)
    assert facts["Tagged"] == "yes"
    assert facts["Title"] == "Certificat intracommunautaire TRN.INTRA.FR.2026.0000123"
    assert PdfFileReader(io.BytesIO(pdf)).root["/Lang"] == "fr"
    tree = structure_of(pdf, tmp_path)
    for tag in ("H1 (block)", "H2 (block)", "H3 (block)", "Table", "TH", "Figure"):
        assert tag in tree, tag
    assert (
        tree.index('"Certificat intracommunautaire"')
        < tree.index('" Expéditeur')
        < tree.index(SIGNATORY.name)
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"environment": Environment.ACCEPTANCE}, "ACCEPTANCE – no legal value"),
        ({"environment": Environment.TRAINING}, "TRAINING – no legal value"),
        ({"is_demo": True}, "DEMONSTRATION – no legal value"),
        ({"is_specimen": True}, "SPECIMEN – model not verified"),
        ({"signatory": None}, "DRAFT – not signed"),
    ],
)
def test_a_paper_without_legal_value_says_so_across_every_page(
    words: Flask, printer: Printer, tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    pdf = printer.pdf(replace(COI, **changes))  # type: ignore[arg-type]
    pages = int(facts_of(pdf, tmp_path)["Pages"])
    # Once in the head or the margin, once across the page, where each turned letter stands alone.
    assert text_of(pdf, tmp_path).replace(" ", "").count(expected.replace(" ", "")) >= 2 * pages
    assert "legal value" not in text_of(printer.pdf(COI), tmp_path)


def test_the_words_of_demo_follow_the_language_of_the_paper(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    text = text_of(printer.pdf(replace(COI, languages=("fr",), is_demo=True)), tmp_path)
    assert "DÉMONSTRATION – sans valeur" in text


@pytest.mark.parametrize("seal", [SealWord.PLATFORM, SealWord.AUTHORITY])
def test_only_a_qualified_key_is_called_qualified_and_none_advanced(
    words: Flask, printer: Printer, tmp_path: Path, seal: SealWord
) -> None:
    text = text_of(printer.pdf(replace(COI, seal=seal)), tmp_path)
    assert "It is not a qualified seal." in text
    assert "advanced" not in text.lower()
    qualified = text_of(printer.pdf(replace(COI, seal=SealWord.QUALIFIED)), tmp_path)
    assert "This file carries a qualified electronic seal" in qualified


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (StampWord.NONE, "Without a qualified time stamp: no service is configured."),
        (StampWord.PENDING, "Time stamp pending: the service did not answer."),
        (StampWord.STAMPED, "The file carries a time stamp of a time-stamping service."),
    ],
)
def test_the_paper_says_how_it_stands_with_the_time_stamp(
    words: Flask, printer: Printer, tmp_path: Path, stamp: StampWord, expected: str
) -> None:
    assert expected in text_of(printer.pdf(replace(COI, stamp=stamp)), tmp_path)


def test_what_it_replaces_and_an_outage_stand_on_the_paper(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    text = text_of(
        printer.pdf(replace(COI, replaces="COI.EE.2026.0000007", outage_reference="PAPER-19")), tmp_path
    )
    assert "Replaces the certificate COI.EE.2026.0000007." in text
    assert "under the number PAPER-19" in text


def test_an_unverified_model_without_attestation_attests_nothing(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    assert "nothing is attested here" in text_of(printer.pdf(INTRA), tmp_path)
    assert "nothing is attested here" not in text_of(printer.pdf(COI), tmp_path)
