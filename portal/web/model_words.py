"""The words of models of certificates: kinds of box, who completes it, groups, and what is wrong with a file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.certificates.schema import BYTES_AT_MOST, Problem
from portal.certificates.shapes import By, Group, Kind, Wording

KINDS: dict[str, Any] = {
    Kind.TEXT: _l("Text"),
    Kind.LINES: _l("Text of several lines"),
    Kind.COUNTRY: _l("Country"),
    Kind.ORGANISATION: _l("Organisation"),
    Kind.CHOICE: _l("One of several answers"),
    Kind.CHOICES: _l("Several answers"),
    Kind.TABLE: _l("Table"),
    Kind.DATE: _l("Date"),
    Kind.MOMENT: _l("Date and time"),
    Kind.WEIGHT: _l("Weight"),
    Kind.NUMBER: _l("Number"),
    Kind.AUTOMATIC: _l("Filled in by the portal"),
    Kind.SIGNATURE: _l("Signature"),
}
COMPLETED_BY: dict[str, Any] = {
    By.OPERATOR: _l("Operator"),
    By.IMPORTER: _l("Importer"),
    By.CONTROL_BODY: _l("Control body"),
    By.AUTHORITY: _l("Competent authority"),
    By.POST: _l("Border control post"),
    By.DESTINATION_AUTHORITY: _l("Authority of destination"),
    By.FIRST_CONSIGNEE: _l("First consignee"),
    By.PORTAL: _l("This portal"),
}
GROUPS: dict[str, Any] = {
    "": "–",
    Group.ORGANIC: _l("Organic products"),
    Group.UNGULATES: _l("Ungulates"),
    Group.BIRDS: _l("Birds"),
    Group.GERMINAL: _l("Germinal products"),
    Group.BEES: _l("Bees"),
    Group.OTHER: _l("Other animals"),
}
WORDINGS: dict[str, Any] = {
    Wording.SOURCE: _l("Words of the source"),
    Wording.SOURCE_OR_MEMORY: _l("Words of the source where a box is verified, else from memory"),
    Wording.TRANSLATION: _l("Working translation of this portal, not legal text"),
}
PROBLEMS: dict[str, Any] = {
    "too-large": _l("The file is larger than %(kilobytes)s kB."),
    "not-json": _l("This is not a file in the format JSON (UTF-8), or a name stands in it twice."),
    "not-a-model": _l("This is not a model of a certificate: «format» must be 1."),
    "unknown-base": _l("«%(told)s» cannot be extended by this file."),
    "unknown-box": _l("The model that is extended has no box «%(told)s»."),
    "unknown-word": _l("«%(told)s» is not one of the words that may stand here."),
    "not-a-code": _l("«%(told)s» is not written as a code must be."),
    "not-yes-or-no": _l("Write true or false here, not «%(told)s»."),
    "not-a-number": _l("«%(told)s» is not a number that may stand here."),
    "not-a-list": _l("Something is missing here, or it is not of the right shape."),
    "not-a-text": _l("A text is missing here."),
    "no-title": _l("The words in English («en») are missing here."),
    "too-long": _l("A text is too long here: %(told)s characters at most."),
    "characters": _l("A text contains characters that cannot be shown."),
    "too-many": _l("There are too many entries here."),
    "twice": _l("«%(told)s» stands here twice."),
    "columns": _l("A table needs columns, and only tables and signatures have any."),
    "options": _l("A choice needs its answers, and only a choice has any."),
    "registers": _l("Say from which register the organisation is taken."),
    "verified-source": _l("A verified model names its source."),
    "verified-attestation": _l("A verified model of this document holds the text of its attestation."),
    "verified-box": _l("In a verified model every box is verified."),
}
SHOWN_AT_MOST = 30
"""So many problems are listed at once; a file with more is another kind of file."""


def sentences(problems: list[Problem]) -> list[str]:
    """Each problem with its place, the first thirty."""
    return [_sentence(one) for one in problems[:SHOWN_AT_MOST]]


def _sentence(problem: Problem) -> str:
    facts = {"told": problem.told, "kilobytes": BYTES_AT_MOST // 1024}
    words = str(PROBLEMS[problem.word]) % facts
    return _("%(place)s: %(sentence)s", place=problem.place, sentence=words) if problem.place else words
