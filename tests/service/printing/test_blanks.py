"""`portal certificates blanks`: a fillable form of each model and language, an index, nothing left of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal import cli_blanks
from portal.certificates import blanks, shipped
from portal.printing.printer import Printer, RenderingFailed
from tests.service.printing.reading import facts_of, structure_of, text_of
from tests.service.printing.test_forms import fields_of

Run = Callable[..., Result]
SHORT = ["--language", "en", "--model", "COI"]
WITH_A_STROKE = "OV/CAP-INTRA-X"


@pytest.fixture
def run(app: Flask, printer: Printer) -> Run:
    """The command with the database of this test and the printer of all."""

    @contextmanager
    def opened() -> Iterator[Flask]:
        yield app

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(cli_blanks.make_blanks, list(words), obj=opened)

    return invoke


def test_no_two_forms_have_the_same_name() -> None:
    names = {blanks.name_of(*key, language) for key in shipped.models() for language in ("en", "fr")}
    assert len(names) == 2 * len(shipped.models())
    assert not [name for name in names if "/" in name]


def test_the_forms_of_a_model_stand_in_the_folder_with_an_index_and_a_page(run: Run, tmp_path: Path) -> None:
    done = run(str(tmp_path), "--language", "en", "--language", "fr", "--model", WITH_A_STROKE)
    assert done.exit_code == 0, done.output
    first, second = "INTRA_OV-CAP-INTRA-X_en.pdf", "INTRA_OV-CAP-INTRA-X_fr.pdf"
    assert {path.name for path in tmp_path.iterdir()} == {first, second, "index.json", "index.html"}
    assert [one.language for one in blanks.listed(tmp_path)] == ["en", "fr"]
    assert first in (tmp_path / "index.html").read_text()
    assert json.loads((tmp_path / "index.json").read_text())[0]["is_specimen"] is True


def test_a_form_can_be_filled_in_is_tagged_and_says_that_it_was_issued_during_an_outage(
    run: Run, tmp_path: Path
) -> None:
    run(str(tmp_path), *SHORT)
    pdf = (tmp_path / "COI_COI_en.pdf").read_bytes()
    fields = fields_of(pdf)
    assert {"number", "1", "12", "13.1.1", "signature.name"} <= set(fields)
    assert all(fields.values())
    assert facts_of(pdf, tmp_path)["Tagged"] == "yes"
    assert structure_of(pdf, tmp_path).count("Form") >= len(fields)
    text = text_of(pdf, tmp_path)
    assert "Issued on paper during an outage of the portal" in text
    assert "DEMONSTRATION – no legal value" in text


def test_forms_of_an_earlier_index_go_and_other_files_stay(run: Run, tmp_path: Path) -> None:
    run(str(tmp_path), *SHORT)
    (tmp_path / "leaflet.pdf").write_bytes(b"of somebody else")
    run(str(tmp_path), "--language", "fr", "--model", "COI")
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["COI_COI_fr.pdf", "leaflet.pdf"]


@pytest.mark.parametrize("wrong", [["--language", "xx"], ["--model", "NO-SUCH"]])
def test_what_does_not_exist_is_refused_before_anything_is_written(
    run: Run, tmp_path: Path, wrong: list[str]
) -> None:
    done = run(str(tmp_path / "new"), *wrong)
    assert wrong[1] in str(done.exception)
    assert not (tmp_path / "new").exists()


def test_a_printer_that_fails_leaves_the_old_index_as_it_was(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(str(tmp_path), *SHORT)
    before = (tmp_path / "index.json").read_bytes()

    def fail(*_anything: object) -> bytes:
        raise RenderingFailed("missing-libraries")

    monkeypatch.setattr(Printer, "pdf", fail)
    assert "missing-libraries" in str(run(str(tmp_path), *SHORT).exception)
    assert (tmp_path / "index.json").read_bytes() == before
