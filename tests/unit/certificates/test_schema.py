"""A model file is believed only after every part of it was looked at; the answer names each thing that is wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.certificates import schema, shipped
from portal.certificates.schema import BYTES_AT_MOST, NotAModel

COI: dict[str, Any] = json.loads((shipped.DATA / "COI.json").read_text())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


def changed(change: Callable[[dict[str, Any]], Any]) -> list[tuple[str, str]]:
    """What is said of the certificate of inspection after a change."""
    facts = copy.deepcopy(COI)
    change(facts)
    return problems_of(facts)


def problems_of(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Place and word of everything that is wrong."""
    try:
        schema.check(facts)
    except NotAModel as refused:
        return [(one.place, one.word) for one in refused.problems]
    return []


def box(facts: dict[str, Any], number: int) -> dict[str, Any]:
    """A box of Part I."""
    found: dict[str, Any] = facts["parts"][0]["boxes"][number - 1]
    return found


def test_the_shipped_file_has_nothing_wrong() -> None:
    assert changed(lambda facts: None) == []


WRONG: list[tuple[Any, str, str]] = [
    (lambda f: f.update(document="CHED"), "document", "unknown-word"),
    (lambda f: f.update(code="../COI"), "code", "not-a-code"),
    (lambda f: f.update(verified="yes"), "verified", "not-yes-or-no"),
    (lambda f: f.update(names={"fr": "Certificat"}), "names", "no-title"),
    (lambda f: f.update(names={"en": "x" * 501}), "names", "too-long"),
    (lambda f: f.update(names={"en": "x", "English": "x"}), "names", "not-a-code"),
    (lambda f: f.update(names={"en": "a\u202eb"}), "names", "characters"),
    (lambda f: f.update(parts={}), "parts", "not-a-list"),
    (lambda f: f["parts"].append(f["parts"][0]), "parts", "twice"),
    (lambda f: box(f, 1).update(kind="drawing"), "1", "unknown-word"),
    (lambda f: box(f, 1).update(kind=["text"]), "1", "unknown-word"),
    (lambda f: box(f, 1).pop("titles"), "1", "no-title"),
    (lambda f: box(f, 1).update(box="2"), "boxes", "twice"),
    (lambda f: box(f, 1).update(party="friend"), "1", "unknown-word"),
    (lambda f: box(f, 1).update(registers=[]), "1", "registers"),
    (lambda f: box(f, 1).update(completed_by="operator"), "1", "not-a-list"),
    (lambda f: box(f, 2).update(options=[]), "2", "options"),
    (lambda f: box(f, 13).update(columns=[]), "13", "columns"),
    (lambda f: box(f, 13).update(rows=201), "13", "not-a-number"),
    (lambda f: box(f, 13)["columns"][0].update(kind="table"), "13 › status", "unknown-word"),
    (lambda f: box(f, 13)["columns"][1].update(column="status"), "13", "twice"),
    (lambda f: f.update(source=" "), "source", "verified-source"),
    (lambda f: box(f, 4).update(verified=False), "4", "verified-box"),
    (lambda f: f.update(document="INTRA"), "attestation", "verified-attestation"),
]


@pytest.mark.parametrize(("change", "place", "word"), WRONG, ids=map(str, range(len(WRONG))))
def test_what_is_wrong_is_named_with_its_place(change: Any, place: str, word: str) -> None:
    assert (place, word) in changed(change)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = changed(
        lambda f: (f.update(code="x y"), box(f, 1).update(kind="drawing"), box(f, 5).pop("titles"))
    )
    assert found == [("code", "not-a-code"), ("1", "unknown-word"), ("5", "no-title")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not-json"), (b"\xff\xfe", "not-json"), (b"%PDF-1.7", "not-json"), (b"[" * 100_000, "not-json"),
        (b'{"format": 1, "format": 1}', "not-json"), (b"[]", "not-a-model"), (b"{}", "not-a-model"),
        (b'{"format": 2}', "not-a-model"), (b" " * (BYTES_AT_MOST + 1), "too-large"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_model_is_refused_as_a_whole(content: bytes, word: str) -> None:
    with pytest.raises(NotAModel) as refused:
        schema.facts_in(content)
    assert [one.word for one in refused.value.problems] == [word]


@given(
    JSON, st.sampled_from(["parts", "names", "code", "source", "attestation", "group", "order", "wordings"])
)
def test_nothing_in_a_file_raises_anything_but_a_refusal(value: Any, name: str) -> None:
    facts = {**COI, name: value}
    assert isinstance(problems_of(facts), list)


@given(
    JSON,
    st.sampled_from(
        ["box", "titles", "kind", "completed_by", "registers", "options", "columns", "rows", "party"]
    ),
)
def test_nothing_in_a_box_raises_anything_but_a_refusal(value: Any, name: str) -> None:
    facts = copy.deepcopy(COI)
    box(facts, 13)[name] = value
    assert isinstance(problems_of(facts), list)
