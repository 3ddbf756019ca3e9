"""Translations: compiles the catalogues, and brings them up to date with the texts of code and templates."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from progress import ROOT, step

FOLDER = ROOT / "translations"
TEMPLATE = FOLDER / "messages.pot"
LAYOUT = ["--width=110", "--sort-by-file", "--add-location=file"]
KEYWORDS = [
    "_",
    "gettext",
    "lazy_gettext",
    "_l",
    "ngettext:1,2",
    "lazy_ngettext:1,2",
    "pgettext:1c,2",
    "lazy_pgettext:1c,2",
]


def _pybabel(title: str, *arguments: str | Path) -> None:
    step(title, [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments])


def _compile(source: Path) -> None:
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=source.parts[-3])
    unfinished = source.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("wb") as compiled:
        write_mo(compiled, catalogue)
    # Renamed in one go: a server that starts now reads the old file or the new one, never half of it.
    unfinished.replace(source.with_suffix(".mo"))


def compile_all() -> None:
    """Write the .mo beside every .po."""
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/*.po")):
        _compile(source)


def _without_date(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith('"POT-Creation-Date')]


def _extract() -> None:
    before = TEMPLATE.read_text() if TEMPLATE.exists() else ""
    keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
    about = ["--project=TRACES access portal", "--copyright-holder=the contributors", "--version=0"]
    reading = ["-F", "pyproject.toml", *keywords, *about, *LAYOUT]
    _pybabel("texts of code and templates", "extract", *reading, "-o", TEMPLATE, ".")
    if _without_date(before) == _without_date(TEMPLATE.read_text()):
        TEMPLATE.write_text(before)


def update(new_languages: list[str]) -> None:
    """Collect the texts, add languages asked for, and give every catalogue the same entries."""
    FOLDER.mkdir(exist_ok=True)
    _extract()
    for language in new_languages:
        _pybabel(
            f"new language {language}", "init", "-i", TEMPLATE, "-d", FOLDER, "-l", language, "--width=110"
        )
    if any(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        keeping = ["--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--width=110"]
        _pybabel("catalogues", "update", "-i", TEMPLATE, "-d", FOLDER, *keeping)
    compile_all()


if __name__ == "__main__":
    if sys.argv[1:2] == ["update"]:
        update(sys.argv[2:])
    else:
        compile_all()
