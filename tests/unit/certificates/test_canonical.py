"""The same content has the same bytes; any other content has another hash."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.certificates import shipped
from portal.certificates.canonical import Signatory, canonical, data_hash
from portal.certificates.models import Certificate
from portal.organisations.models import Organisation

COI = shipped.models()["COI", "COI"]
OTHER = dataclasses.replace(COI, as_of="2022")
ME = Signatory("Ada Exemple", "n0000001", "Kontrolle Exemple")
VALUES = {"8": "TR", "9": "TR", "13": [{"name": "Oats", "lot": "7"}], "14": "", "12": None}
BOXES = st.sampled_from([box.box for box in COI.boxes()])
TEXTS = st.dictionaries(BOXES, st.text(max_size=12), max_size=6)


def a_certificate(**more: Any) -> Certificate:
    """A certificate that was never stored."""
    facts = {
        "environment": "production", "document": "COI", "model_code": "COI", "draft_number": "DRAFT-1",
        "languages": "fr,en", "origin_country": "TR", "destination_country": "FR", "issuer_id": 5,
        "outage_reference": "",
    }  # fmt: skip
    issuer = Organisation(name="Kontrolle Exemple", code="TR-BIO-1")
    return Certificate(**{**facts, "issuer": issuer, **more})


def hash_with(values: Any = VALUES, signatory: Signatory = ME, definition: Any = COI, **more: Any) -> str:
    """The hash of the content."""
    return data_hash(canonical(a_certificate(**more), definition, values, signatory))


def test_the_content_is_json_without_the_official_number() -> None:
    certificate = a_certificate(number="COI.TR.2026.0000001")
    facts = json.loads(canonical(certificate, COI, VALUES, ME))
    assert "COI.TR.2026.0000001" not in json.dumps(facts)
    assert facts["boxes"] == {"8": "TR", "9": "TR", "13": [{"name": "Oats", "lot": "7"}]}
    assert facts["signatory"] == {
        "name": "Ada Exemple",
        "username": "n0000001",
        "office": "Kontrolle Exemple",
    }
    assert (facts["environment"], facts["draft"], facts["issuer"]["name"]) == (
        "production", "DRAFT-1", "Kontrolle Exemple",
    )  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"environment": "training"}, {"draft_number": "DRAFT-2"}, {"model_code": "X"}, {"document": "INTRA"},
        {"languages": "fr"}, {"issuer_id": 6}, {"origin_country": "US"}, {"destination_country": "BE"},
        {"outage_reference": "P-1"}, {"definition": OTHER}, {"values": {**VALUES, "8": "US"}},
        {"values": {**VALUES, "13": [{"name": "Oats", "lot": "8"}]}}, {"values": {**VALUES, "14": "C1"}},
        {"signatory": dataclasses.replace(ME, name="Eve")}, {"signatory": dataclasses.replace(ME, office="Y")},
        {"signatory": dataclasses.replace(ME, username="n0000002")},
    ],
)  # fmt: skip
def test_any_change_gives_another_hash(more: dict[str, Any]) -> None:
    assert hash_with(**more) != hash_with()


@given(TEXTS, st.randoms(use_true_random=False))
def test_the_order_in_which_boxes_were_filled_changes_nothing(values: dict[str, str], random: Any) -> None:
    pairs = list(values.items())
    random.shuffle(pairs)
    assert hash_with(dict(pairs)) == hash_with(values)
    through_json = json.loads(json.dumps(values))
    assert hash_with(through_json) == hash_with(values)


@given(TEXTS, TEXTS)
def test_two_contents_share_a_hash_only_if_they_are_the_same(
    one: dict[str, str], other: dict[str, str]
) -> None:
    filled = [{box: text for box, text in values.items() if text} for values in (one, other)]
    assert (hash_with(one) == hash_with(other)) == (filled[0] == filled[1])
