"""Papers can be read by a screen reader: tags, the language of each text, headings of tables, named fields (P-11)."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.certificates import shipped
from portal.environments.environment import Environment
from portal.jobs.signing import sealed_paper
from portal.printing.filling import blank_of
from portal.printing.paper import Paper, StampWord
from portal.printing.printer import Printer
from tests.makers.seals import a_key
from tests.service.printing.papers import COI, INTRA
from tests.service.printing.reading import told

NULLS = (b"> <0000>", b"> <feff>")


def root_of(pdf: bytes) -> DictionaryObject:
    """The catalogue of a file."""
    return PdfFileReader(io.BytesIO(pdf)).root


def tags_of(element: Any) -> Iterator[DictionaryObject]:
    """Every structure element below one, in the order of reading."""
    kids = element.get("/K", [])
    for kid in (kids[at] for at in range(len(kids))) if isinstance(kids, ArrayObject) else [kids]:
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from tags_of(kid)


@pytest.fixture(scope="module")
def intra(apps: dict[str, Flask], printer: Printer) -> bytes:
    """The INTRA in French and Greek."""
    with next(iter(apps.values())).app_context():
        return printer.pdf(INTRA)


@pytest.fixture(scope="module")
def tags(intra: bytes) -> list[DictionaryObject]:
    """Its structure."""
    return list(tags_of(root_of(intra)["/StructTreeRoot"]))


def test_the_file_says_that_it_is_tagged_its_language_and_shows_its_title(intra: bytes) -> None:
    root = root_of(intra)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = root["/Metadata"].data
    assert b"pdfuaid:part" in metadata
    assert b"Certificat intracommunautaire" in metadata


def test_text_in_the_second_language_is_tagged_as_such_and_nothing_else_is(
    tags: list[DictionaryObject],
) -> None:
    spoken = [tag for tag in tags if "/Lang" in tag]
    assert {str(tag["/Lang"]) for tag in spoken} >= {"el"}
    assert len(spoken) < len(tags) / 2
    titles = [box.titles for part in INTRA.parts for box in part.boxes if "el" in box.titles]
    assert sum(tag["/Lang"] == "el" for tag in spoken) >= len(titles)


def test_a_paper_in_one_language_needs_no_other(words: Flask, printer: Printer) -> None:
    found = tags_of(root_of(printer.pdf(COI))["/StructTreeRoot"])
    assert {str(tag["/Lang"]) for tag in found if "/Lang" in tag} <= {"en"}


def test_every_heading_of_a_table_says_whether_it_heads_a_column_or_a_row(
    tags: list[DictionaryObject],
) -> None:
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    assert {str(tag["/A"]["/Scope"]) for tag in heads} == {"/Column", "/Row"}


def test_the_fields_of_seal_and_stamp_stand_off_the_page_and_have_names(
    production: Environment, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.jobs.signing.printer", lambda: printer)
    fields = root_of(sealed(replace(COI, stamp=StampWord.NONE)))["/AcroForm"]["/Fields"]
    assert len(fields) == 1
    field = fields[0]
    assert str(field["/TU"]) == "Seal of this file"
    assert all(float(edge) < 0 for edge in field["/Rect"])


def test_no_letter_of_a_blank_form_stands_for_nothing(words: Flask, printer: Printer) -> None:
    pdf = printer.pdf(blank_of(shipped.models()["COI", "COI"], ("en",)))
    reader = PdfFileReader(io.BytesIO(pdf))
    maps = [
        thing.data
        for number in range(1, int(reader.trailer["/Size"]))
        if hasattr(thing := reader.get_object(Reference(number, 0, reader)), "data")
        and b"begincmap" in thing.data
    ]
    assert maps
    assert not [null for one in maps for null in NULLS if null in one.lower()]


def test_each_page_has_its_number_and_that_of_the_certificate(
    words: Flask, printer: Printer, tmp_path: Path
) -> None:
    pdf = printer.pdf(replace(COI, attestation={"en": "A line.\n" * 60}))
    pages = int(root_of(pdf)["/Pages"]["/Count"])
    assert pages > 1
    for page in range(1, pages + 1):
        text = told("pdftotext", pdf, tmp_path, "-f", str(page), "-l", str(page), "-raw")
        assert f"Page {page} of {pages}" in text
        assert COI.number in text


def sealed(paper: Paper) -> bytes:
    """A paper with its seal, as it is handed out."""
    return sealed_paper(paper, a_key("production")).pdf


PAPERS: dict[str, Callable[[Printer], bytes]] = {
    "in one language, sealed": lambda _printer: sealed(replace(COI, stamp=StampWord.NONE)),
    "in two languages, sealed": lambda _printer: sealed(INTRA),
    "a blank form": lambda printer: printer.pdf(
        blank_of(shipped.models()["INTRA", "BOV-INTRA-X"], ("fr", "de"))
    ),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_checker_that_is_not_ours_finds_nothing(
    production: Environment, printer: Printer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr("portal.jobs.signing.printer", lambda: printer)
    path = tmp_path / "paper.pdf"
    path.write_bytes(PAPERS[name](printer))
    done = subprocess.run(
        [sys.executable, "-m", "pdfua", "check", str(path)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
