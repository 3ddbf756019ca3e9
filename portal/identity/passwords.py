"""Passwords: the rule with its reasons, the argon2id hash, and the work done for people who do not exist."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

import argon2

LENGTH_AT_LEAST = 12
LENGTH_AT_MOST = 128
SCORE_AT_LEAST = 3
ZXCVBN_READS = 72
OWN_WORD_LENGTH = 4

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash("nobody has this password")


class Weakness(StrEnum):
    """Why a password is refused; the page has a sentence for each."""

    SHORT = "short"
    LONG = "long"
    OWN_DATA = "own-data"
    GUESSABLE = "guessable"


def weakness_of(password: str, own_words: Iterable[str] = ()) -> Weakness | None:
    """The first reason to refuse it, None for a good one; length counts code points after NFKC."""
    text = normal(password)
    if len(text) < LENGTH_AT_LEAST:
        return Weakness.SHORT
    if len(text) > LENGTH_AT_MOST:
        return Weakness.LONG
    words = [w.casefold() for w in own_words if len(w) >= OWN_WORD_LENGTH]
    if any(word in text.casefold() for word in words):
        return Weakness.OWN_DATA
    context = [
        *words,
        "traces",
        "eulogin",
        "eu login",
        "portal",
        "password",
        "motdepasse",
        "passwort",
        "contraseña",
    ]
    # Imported here: its lists of words take long to load, and few processes ever judge a new password.
    import zxcvbn

    score = zxcvbn.zxcvbn(text[:ZXCVBN_READS], user_inputs=context)["score"]
    return Weakness.GUESSABLE if score < SCORE_AT_LEAST else None


def normal(password: str) -> str:
    """The same password however the keyboard composed it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """argon2id with 19 MiB, two passes, one lane; the parameters are in the text."""
    return _hasher.hash(normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash the same work is done and the answer is no."""
    try:
        _hasher.verify(password_hash or _nobody, normal(password[: LENGTH_AT_MOST * 4]))
    except argon2.exceptions.VerifyMismatchError:
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def own_words(*texts: str) -> list[str]:
    """The words of names and addresses that a password may not contain."""
    words: list[str] = []
    for text in texts:
        words += [text, *text.replace("@", " ").replace(".", " ").replace("-", " ").split()]
    return words
