"""SMS stay in the alphabet that leaves room for 160 characters."""

from __future__ import annotations

import pytest

from portal.adapters.sms import in_gsm_letters


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Producción", "Produccion"),
        ("vérifié à Liège", "vérifié à Liège"),
        ("forêt, façade", "foret, facade"),
        ("größer", "größer"),
        ("Παραγωγή", "Παραγωγή"),
        ("code ABCD-2345", "code ABCD-2345"),
    ],
)
def test_latin_letters_lose_the_accents_that_would_halve_the_message(text: str, sent: str) -> None:
    assert in_gsm_letters(text) == sent
