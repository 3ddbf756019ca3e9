"""The password rule of the design: length in code points, no composition, nothing guessable or of one's own."""

from __future__ import annotations

import pytest

from portal.identity import passwords
from portal.identity.passwords import Weakness, weakness_of

GOOD = "lanterne-violette-quai-94"


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("Qx7!pLm2#vR", Weakness.SHORT),
        ("kumquat ledge", None),
        ("🦊🐙🦑🐬🐳🦭🦈🐡🐠🐟🦐🦞", None),
        ("motor saddle frigid " * 6 + "bakeries", None),
        ("motor saddle frigid " * 6 + "bakeries.", Weakness.LONG),
        ("passwordpassword", Weakness.GUESSABLE),
        ("aaaaaaaaaaaaaa", Weakness.GUESSABLE),
        ("traces2024traces", Weakness.OWN_DATA),
        ("my exemple quay", Weakness.OWN_DATA),
    ],
)
def test_each_password_is_refused_for_its_own_reason(password: str, weakness: Weakness | None) -> None:
    assert (
        weakness_of(password, passwords.own_words("Camille", "Exemple", "camille@agri.example", "TRACES"))
        is weakness
    )


def test_the_length_bounds_are_twelve_and_a_hundred_and_twenty_eight() -> None:
    assert len("motor saddle frigid " * 6 + "bakeries") == passwords.LENGTH_AT_MOST
    assert passwords.LENGTH_AT_LEAST == 12


def test_a_hash_is_argon2id_and_tells_right_from_wrong_beyond_the_seventy_second_byte() -> None:
    long = GOOD * 4
    made = passwords.hashed(long)
    assert made.startswith("$argon2id$")
    assert passwords.is_right(made, long)
    assert not passwords.is_right(made, long[:-1] + "x")


def test_the_same_password_composed_differently_is_the_same() -> None:
    assert passwords.is_right(passwords.hashed("crème-brûlée-été"), "crème-brûlée-été")


def test_nobody_has_a_right_password() -> None:
    assert not passwords.is_right(None, "nobody has this password")
