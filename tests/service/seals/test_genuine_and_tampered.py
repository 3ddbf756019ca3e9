"""The genuine sealed file passes; with a tail, or cut short anywhere, it never does; a retired key seals no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.seals import examining, keys, pades, stamping, validating
from tests.makers.seals import a_key, a_pdf, a_sealed

pytestmark = pytest.mark.usefixtures("app")


def test_without_a_service_the_seal_is_b_b_and_says_no_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "is_configured", lambda: False)
    done = a_sealed()
    assert (done.level, done.stamp, done.stamped_until) == ("B-B", "none", None)
    assert validating.verdict(done.pdf, "training").outcome == "passed"


def test_a_stamped_file_passes_and_with_a_tail_it_does_not() -> None:
    done = a_sealed()
    assert (done.level, done.stamp) == ("B-T", "stamped")
    assert validating.verdict(done.pdf, "training").outcome == "passed"
    assert validating.verdict(done.pdf + b"\n% one more line\n", "training").outcome == "failed"


def test_what_a_retired_key_sealed_stays_valid_and_what_it_seals_later_does_not() -> None:
    key, before = a_key(), a_sealed().pdf
    keys.rotate("training")
    assert validating.verdict(before, "training").outcome == "passed"
    clock.advance(timedelta(minutes=10))
    assert validating.verdict(pades.seal(a_pdf(), key, "Test").pdf, "training").reason == "out-of-use"


def test_a_file_that_is_cut_short_anywhere_gets_an_answer_and_never_passes() -> None:
    pdf, key = a_sealed().pdf, a_key()
    material = validating._material("training", (key.root,))
    for length in range(0, len(pdf), len(pdf) // 40):
        assert examining.examined(pdf[:length], material).outcome != "passed"
