"""Folding text for search: accents, case and script are taken away, so that what people type is found."""

from __future__ import annotations

import re
import unicodedata

GREEK = dict(zip("αβγδεζηικλμνξοπρστυφω", "a v g d e z i i k l m n x o p r s t y f o".split(), strict=True))
GREEK |= {"θ": "th", "χ": "ch", "ψ": "ps", "ς": "s"}
CYRILLIC = dict(zip("абвгдезийклмнопрстуф", "a b v g d e z i y k l m n o p r s t u f".split(), strict=True))
CYRILLIC |= {
    "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
    "ы": "y", "э": "e", "ё": "e", "є": "e", "і": "i", "ї": "i", "ґ": "g", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "ђ": "d", "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz",
}  # fmt: skip
LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "ŋ": "n",
}
LETTERS = {ord(k): v for k, v in (GREEK | CYRILLIC | LATIN).items()}
LENGTH_AT_MOST = 200


def folded(text: str) -> str:
    """Small Latin letters and digits with single blanks: «Ζεύς Α.Ε.» and «zeys a e» become the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c)).translate(LETTERS)
    return " ".join(re.findall(r"[^\W_]+", bare))[: LENGTH_AT_MOST * 3]


def search_text(*parts: str) -> str:
    """The parts of a row that people search by, folded, with a blank at either end for whole words."""
    return " " + " ".join(filter(None, (folded(part) for part in parts))) + " "


def sort_key(name: str) -> str:
    """What lists are ordered by: the folded name."""
    return folded(name)[:LENGTH_AT_MOST]


def has_forbidden_characters(text: str) -> bool:
    """Control and bidirectional marks and line ends: they make a name look like another one."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for c in text)


LOOK_LATIN = {
    "GREEK": frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ"),
    "CYRILLIC": frozenset("АВЕЅІЈКМНОРСТУХаеѕіјорсух"),
}
"""Letters of other scripts that a reader takes for Latin ones."""


def looks_like_another_name(text: str) -> bool:
    """Whether a word mixes scripts, or a word among Latin ones only looks Latin: «CERTISΥS» with a Greek Υ."""
    words = [[c for c in word if c.isalpha()] for word in text.split()]
    scripts = [{_script(letter) for letter in letters} for letters in words]
    if any(len(found & {"LATIN", *LOOK_LATIN}) > 1 for found in scripts):
        return True
    disguised = [
        len(letters) > 1 and set(letters) <= LOOK_LATIN[script]
        for letters, found in zip(words, scripts, strict=True)
        for script in found & set(LOOK_LATIN)
    ]
    return any(disguised) and {"LATIN"} in scripts


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
