"""The worker makes the blank forms that are missing, and those of a model that changed, some in a turn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.certificates import blanks, definitions
from portal.certificates.definitions import Current
from portal.config import Settings
from portal.environments.environment import Environment, using
from portal.jobs import outage_forms
from portal.printing.printer import Printer, RenderingFailed
from portal.web import language

ENGLISH, FRENCH = "COI_COI_en.pdf", "COI_COI_fr.pdf"


@pytest.fixture
def models(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Current]]:
    """One model in two languages, so that a test prints twice and not two hundred times; no form is there."""
    shutil.rmtree(blanks.folder(), ignore_errors=True)
    with using(Environment.PRODUCTION):
        offered = [one for one in definitions.all_current() if one.definition.code == "COI"]
    monkeypatch.setattr(definitions, "all_current", lambda: offered)
    monkeypatch.setattr(language, "served", lambda: ("en", "fr"))
    yield offered
    shutil.rmtree(blanks.folder())


def names() -> list[str]:
    """The forms that people find."""
    return [one.name for one in blanks.listed()]


def test_what_is_missing_is_made_in_turns_until_nothing_is(models: list[Current]) -> None:
    assert outage_forms.make_missing(seconds=0) == 1
    assert names() == [ENGLISH]
    assert outage_forms.make_missing(seconds=0) == 1
    assert names() == [ENGLISH, FRENCH]
    assert outage_forms.make_missing(seconds=0) == 0
    assert blanks.read(FRENCH).startswith(b"%PDF")


def test_the_forms_of_a_model_that_changed_are_made_anew(models: list[Current]) -> None:
    outage_forms.make_missing()
    models[0] = replace(models[0], sha256="0" * 64)
    assert outage_forms.make_missing() == 2
    assert {one.model for one in blanks.listed()} == {"0" * 64}
    assert outage_forms.make_missing() == 0


def test_where_nothing_can_be_printed_the_index_stays(
    models: list[Current], monkeypatch: pytest.MonkeyPatch
) -> None:
    outage_forms.make_missing(seconds=0)

    def fail(*_anything: object) -> bytes:
        raise RenderingFailed("missing-libraries")

    monkeypatch.setattr(Printer, "pdf", fail)
    assert outage_forms.make_missing() == 0
    assert names() == [ENGLISH]


def test_the_folder_belongs_to_the_data_of_this_portal(
    models: list[Current], settings: Callable[..., Settings]
) -> None:
    outage_forms.make_missing(seconds=0)
    assert blanks.folder().stat().st_mode & 0o777 == 0o755
    assert blanks.folder().parent == settings().instance
