"""Every text is translated in every served language, with the placeholders and the edges of the original."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.contracts.sources import ROOT, text_of

pytestmark = pytest.mark.static
LANGUAGES = sorted(path.parent.parent.name for path in ROOT.glob("translations/*/LC_MESSAGES/messages.po"))
KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
in_each_language = pytest.mark.parametrize("code", LANGUAGES)


@cache
def said() -> list[tuple[Any, tuple[str, int], str | None]]:
    """Each text of code and templates, one or two forms, with its place and context."""
    mappings = tomllib.loads(text_of(ROOT / "pyproject.toml"))["tool"]["babel"]["mappings"]
    found = []
    for mapping in mappings:
        options = {key: value for key, value in mapping.items() if key not in ("method", "pattern")}
        folder, _, rest = mapping["pattern"].partition("/")
        for name, line, text, _notes, context in extract_from_dir(
            ROOT / folder, [(rest or mapping["pattern"], mapping["method"])], {rest: options}, KEYWORDS
        ):
            found.append((text, (f"{folder}/{name}", line), context))
    return found


@cache
def extracted() -> Catalog:
    """The same as a catalogue."""
    found = Catalog()
    for text, place, context in said():
        found.add(text, locations=[place], context=context)
    return found


@cache
def catalogue(code: str) -> Catalog:
    """The translations of a language."""
    with (ROOT / "translations" / code / "LC_MESSAGES" / "messages.po").open("rb") as lines:
        return read_po(lines, locale=code)


def forms(text: Any) -> list[str]:
    """The singular and plural forms of an entry."""
    return [text] if isinstance(text, str) else list(text or ())


def entries(code: str) -> list[tuple[Any, Any]]:
    """Each text in use with its translation."""
    return [(m.id, catalogue(code).get(m.id, context=m.context)) for m in extracted() if m.id]


def test_four_languages_are_served_from_the_start() -> None:
    assert {"fr", "de", "es"} <= set(LANGUAGES)
    assert len([message for message in extracted() if message.id]) > 200


@in_each_language
def test_no_text_is_missing(code: str) -> None:
    missing = [text for text, found in entries(code) if found is None or not all(forms(found.string) or [""])]
    assert not missing, f"{len(missing)} of {len(entries(code))}"


@in_each_language
def test_no_translation_is_a_guess_and_none_is_left_over(code: str) -> None:
    assert not [message.id for message in catalogue(code) if message.id and message.fuzzy]
    known = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in extracted()
        if message.id
    }
    stale = [m.id for m in catalogue(code) if m.id and forms(m.id)[0] not in known]
    assert not stale


@in_each_language
def test_placeholders_are_those_of_the_original(code: str) -> None:
    wrong = []
    for text, found in entries(code):
        original = set(PLACEHOLDER.findall(" ".join(forms(text))))
        for form in forms(found.string) if found else ():
            named = set(PLACEHOLDER.findall(form))
            if form and not (named == original or (len(forms(text)) > 1 and original - named <= {"num"})):
                wrong.append((text, form))
            if form and form.count("%(") != len(PLACEHOLDER.findall(form)):
                wrong.append((text, form))
    assert not wrong


@in_each_language
def test_no_translation_begins_or_ends_with_a_stray_blank(code: str) -> None:
    stray = []
    for text, found in entries(code):
        original = forms(text)[0]
        for form in forms(found.string) if found else ():
            same_edges = (form[:1].isspace(), form[-1:].isspace()) == (
                original[:1].isspace(),
                original[-1:].isspace(),
            )
            if form and (not same_edges or "  " in form):
                stray.append((text, form))
    assert not stray


@in_each_language
def test_a_plural_has_as_many_forms_as_the_language(code: str) -> None:
    wanted = catalogue(code).num_plurals
    assert not [
        text
        for text, found in entries(code)
        if not isinstance(text, str)
        and found
        and len([form for form in forms(found.string) if form]) != wanted
    ]


def test_no_text_stands_alone_and_as_the_singular_of_another() -> None:
    # Before Python 3.11.4 gettext does not find a text of which there is a plural.
    alone = {text for text, _place, _context in said() if isinstance(text, str)}
    assert not [(text, place) for text, place, _context in said() if text[0] in alone and text not in alone]


def test_originals_have_named_placeholders_and_no_stray_blanks() -> None:
    wrong = []
    for message in extracted():
        for text in forms(message.id):
            if re.search(r"%[sd]|\{\w*\}", PLACEHOLDER.sub("", text)) or text != text.strip() or "  " in text:
                wrong.append(text)
    assert not wrong
