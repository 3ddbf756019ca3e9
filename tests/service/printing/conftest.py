"""A warm printer for all tests of a session, and what other people's tools read in a PDF."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.printing.printer import Printer
from tests.conftest import ENGINES


@pytest.fixture(scope="session")
def printer() -> Iterator[Printer]:
    """One child for all; generous with time, since two cores may be busy with other tests."""
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    one = Printer(seconds=60)
    yield one
    one.close()


@pytest.fixture
def words(apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application for its languages; papers touch no database."""
    with apps[ENGINES[0]].app_context():
        yield apps[ENGINES[0]]
