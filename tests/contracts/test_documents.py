"""The documents that are made from the code are those that stand in docs/, and the README names every setting."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.access.actions import Action
from scripts import generate_docs
from tests.contracts.sources import ROOT, text_of

pytestmark = pytest.mark.static


@pytest.mark.parametrize("name", ["permissions.md", "settings.md", "messages.md"])
def test_a_generated_document_is_current(portal: Flask, name: str) -> None:
    written = text_of(ROOT / "docs" / name)
    assert written == generate_docs.documents(portal)[name], "run: python scripts/generate_docs.py"


def test_every_action_is_needed_by_a_route(portal: Flask) -> None:
    assert not set(Action) - set(generate_docs.routes_by_declaration(portal))


def test_every_setting_is_explained() -> None:
    for variable, kind, _default, words in generate_docs.settings_with_words():
        assert words.endswith("."), variable
        assert kind, variable


def test_secrets_have_no_default() -> None:
    defaults = {variable: default for variable, _, default, _ in generate_docs.settings_with_words()}
    for variable in ("PORTAL_SECRET_KEY", "PORTAL_DATA_KEY", "PORTAL_SMTP_URL", "PORTAL_SMS_URL"):
        assert defaults[variable] == "none"


def test_the_readme_names_every_setting() -> None:
    readme = text_of(ROOT / "README.md")
    missing = [
        variable
        for variable, *_ in generate_docs.settings_with_words()
        if not re.search(rf"`{variable}[`=]|\b{variable}\b", readme)
    ]
    assert not missing


def test_no_code_reads_a_variable_that_is_no_setting() -> None:
    known = {variable for variable, *_ in generate_docs.settings_with_words()}
    for path in (ROOT / "portal").rglob("*.py"):
        text = text_of(path)
        if path.name != "config.py":
            assert "os.environ" not in text, path
            assert "getenv" not in text, path
        named = set(re.findall(r"\bPORTAL_[A-Z_]+[A-Z]\b", text))
        assert not {
            name for name in named if name not in known and not name.startswith("PORTAL_SMS_POLICY")
        }, path
