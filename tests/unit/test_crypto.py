"""Sealing, digests, derived tokens and codes; and what a change of keys does to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import config, crypto

OLD, NEW, DATA = "old-key-" + "Zq7" * 12, "new-key-" + "Wm4" * 12, "data-key-" + "Lk9" * 12
OTHER_DATA = "other-data-" + "Rt2" * 12


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Make keys the configured ones: `keys(secret=(…), data=(…))`."""
    before = config._current

    def use(secret: tuple[str, ...] = (OLD,), data: tuple[str, ...] = (DATA,)) -> None:
        config.activate(config.Settings(instance=tmp_path, secret_key=secret, data_key=data))

    use()
    yield use
    config._current = before


def test_sealed_text_opens_only_for_the_purpose_it_was_sealed_for(keys: Callable[..., None]) -> None:
    sealed = crypto.seal("telephone", "+46701740605")
    assert crypto.unseal("telephone", sealed) == "+46701740605"
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal("recipient", sealed)


def test_sealing_the_same_text_twice_gives_different_texts(keys: Callable[..., None]) -> None:
    assert len({crypto.seal("telephone", "+46701740605") for _ in range(50)}) == 50


def test_a_changed_character_anywhere_is_noticed(keys: Callable[..., None]) -> None:
    sealed = crypto.seal("facts", "one fact")
    for place in range(len(sealed)):
        letter = "A" if sealed[place] != "A" else "B"
        changed = sealed[:place] + letter + sealed[place + 1 :]
        if crypto_bytes(changed) == crypto_bytes(sealed):
            continue  # the last base64 letter has bits that mean nothing
        with pytest.raises(crypto.CannotUnseal):
            crypto.unseal("facts", changed)


def crypto_bytes(sealed: str) -> tuple[str, bytes]:
    """Key and bytes that a sealed text stands for."""
    import base64

    name, _, body = sealed.partition(".")
    return name, base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))


@pytest.mark.parametrize("text", ["", ".", "abc", "a.b.c", "é.é", "00000000.", "x" * 5000])
def test_what_was_never_sealed_is_refused_and_not_an_error_of_ours(
    keys: Callable[..., None], text: str
) -> None:
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal("facts", text)
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal_cookie(text)


def test_a_data_key_listed_second_still_opens_and_is_not_used_any_more(keys: Callable[..., None]) -> None:
    sealed = crypto.seal("telephone", "+46701740605")
    keys(data=(OTHER_DATA, DATA))
    assert crypto.unseal("telephone", sealed) == "+46701740605"
    assert crypto.seal("telephone", "x").startswith(crypto.key_id(OTHER_DATA))
    keys(data=(OTHER_DATA,))
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal("telephone", sealed)


def test_a_number_is_found_by_its_index_while_its_key_is_listed(keys: Callable[..., None]) -> None:
    old = crypto.blind_indexes("telephone", "+46701740605")[0]
    keys(data=(OTHER_DATA, DATA))
    assert old in crypto.blind_indexes("telephone", "+46701740605")
    keys(data=(OTHER_DATA,))
    assert old not in crypto.blind_indexes("telephone", "+46701740605")


def test_indexes_of_different_purposes_do_not_match(keys: Callable[..., None]) -> None:
    assert crypto.blind_indexes("telephone", "x") != crypto.blind_indexes("limit", "x")


def test_a_derived_token_is_the_same_while_its_key_is_listed_and_none_after(
    keys: Callable[..., None],
) -> None:
    made_with = crypto.newest_key_id()
    first = crypto.derived_token("link/register", 7, "salt", made_with)
    keys(secret=(NEW, OLD))
    assert crypto.derived_token("link/register", 7, "salt", made_with) == first
    assert crypto.newest_key_id() == crypto.key_id(NEW)
    keys(secret=(NEW,))
    assert crypto.derived_token("link/register", 7, "salt", made_with) is None


def test_derived_tokens_differ_by_purpose_row_and_salt(keys: Callable[..., None]) -> None:
    name = crypto.newest_key_id()
    made = {
        crypto.derived_token(purpose, row, salt, name)
        for purpose in ("link/register", "link/password")
        for row in (1, 2)
        for salt in ("a", "b")
    }
    assert len(made) == 8


def test_a_thousand_tokens_are_distinct_and_of_256_bits() -> None:
    tokens = {crypto.random_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(crypto_bytes("." + token)[1]) == 32 for token in tokens)


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_eight_readable_characters_of_more_than_twenty_bits(raw: bytes) -> None:
    code = crypto.as_code(raw)
    assert len(code) == 8
    assert set(code) <= set(crypto.CODE_ALPHABET)
    assert not set(code) & set("01OIL")
    assert len(set(crypto.CODE_ALPHABET)) ** 8 > 2**20


def test_same_compares_text_of_any_script() -> None:
    assert crypto.same("é", "é")
    assert not crypto.same("é", "e")
