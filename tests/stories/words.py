"""The words of a language as its pages show them: from the sources where they have them, else from the catalogue."""

from __future__ import annotations

import gettext
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
SOURCES = tomllib.loads(Path(__file__).with_name("french.toml").read_text())
"""A catalogue that says something else than the source documents fails the stories in French."""


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", CATALOGUES, [language], fallback=language == "en")


def say(language: str, text: str, **values: Any) -> str:
    """The text in that language; «profile|E-mail» names a context."""
    if language == "fr" and text in SOURCES:
        return str(SOURCES[text]) % values if values else str(SOURCES[text])
    context, _, words = text.rpartition("|")
    catalogue = _catalogue(language)
    found = catalogue.pgettext(context, words) if context else catalogue.gettext(words)
    if found == words and not context:
        # A text with a plural: not every Python 3.11 finds its singular the first way.
        found = catalogue.ngettext(words, words, 1)
    return found % values if values else found


def say_count(language: str, one: str, many: str, number: int) -> str:
    """The singular or plural form in that language."""
    return _catalogue(language).ngettext(one, many, number) % {"num": number}


def whole(text: str) -> re.Pattern[str]:
    """Exactly these words, whatever the apostrophes and blanks."""
    return re.compile(rf"^\s*{_loose(text)}\s*$")


def part(text: str) -> re.Pattern[str]:
    """These words somewhere."""
    return re.compile(_loose(text))


def _loose(text: str) -> str:
    words = [re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", word) for word in text.split()]
    return r"\s+".join(words).replace("’", "'").replace("'", "['’]")
