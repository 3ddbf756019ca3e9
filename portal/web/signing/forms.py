"""The form of a signature: for each certificate the SHA-256 of the data that the page showed."""

from __future__ import annotations

from collections.abc import Mapping

from portal.paging import LAST_ROW
from portal.web.forms import PortalForm

HASH = "hash:"
MOST_DIGITS = 10


class SigningForm(PortalForm):
    """The fields are written by the template: `hash:<id>`."""

    def hashes(self, sent: Mapping[str, str]) -> dict[int, str]:
        """What the page showed, by the number of the certificate."""
        names = (name for name in sent if name.startswith(HASH))
        return {number: sent[name] for name in names for number in numbers_in([name[len(HASH) :]])}


def numbers_in(texts: list[str]) -> list[int]:
    """The numbers among these texts, each once, in their order; anything else is left out."""
    whole = (int(text) for text in texts if text.isdecimal() and len(text) <= MOST_DIGITS)
    return list(dict.fromkeys(number for number in whole if 0 < number <= LAST_ROW))
