"""Verdicts: the genuine file passes; ten tampered ones, withdrawn keys and what is no PDF never do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from portal import clock
from portal.seals import examining, keys, pades, validating
from portal.seals.signers import signer_of
from tests.makers.seals import a_key, a_pdf, a_sealed

# What is in a file does not depend on the database: one is enough, since each seal and verdict costs a second.
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def saved(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_byte(pdf: bytes) -> bytes:
    return pdf.replace(b"(Certificate)", b"(Certificatf)", 1)


def with_another_page(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    return saved(writer)


def with_a_tail(pdf: bytes) -> bytes:
    return pdf + b"\n% and one more line\n"


def with_a_second_signature(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    signer = PdfSigner(PdfSignatureMetadata(field_name="Second"), signer_of(a_key()))
    # The library itself would refuse to sign where nothing may change: a forger's tool would not.
    signer._enforce_certification_constraints = lambda _reader: None  # type: ignore[method-assign]
    return bytes(signer.sign_pdf(writer, output=BytesIO()).getvalue())


def without_the_signature(pdf: bytes) -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    del writer.root["/AcroForm"]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def by_another_key(_pdf: bytes) -> bytes:
    return a_sealed("acceptance").pdf


def with_the_signature_of_another(pdf: bytes) -> bytes:
    other, gap = a_sealed(text="Another one").pdf, gap_of(pdf)
    start, end = gap_of(other)
    there = other[start:end].ljust(gap[1] - gap[0], b"0")[: gap[1] - gap[0] - 1] + b">"
    return pdf[: gap[0]] + there.replace(b">0", b"00") + pdf[gap[1] :]


def with_a_byte_after_the_signature(pdf: bytes) -> bytes:
    start, end = gap_of(pdf)
    return pdf[: end - 3] + b"1" + pdf[end - 2 :]


def gap_of(pdf: bytes) -> tuple[int, int]:
    ranges = [int(n) for n in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0].byte_range]
    return ranges[0] + ranges[1], ranges[2]


TAMPERED = {
    "failed": [with_a_byte, with_another_page, with_a_tail, with_a_second_signature, without_the_signature,
               with_the_signature_of_another, with_a_byte_after_the_signature],
    "indeterminate": [by_another_key],
}  # fmt: skip


def test_the_genuine_file_passes() -> None:
    assert validating.verdict(a_sealed().pdf, "training").outcome == "passed"


@pytest.mark.parametrize(
    ("outcome", "change"),
    [
        pytest.param(word, change, id=change.__name__)
        for word, changes in TAMPERED.items()
        for change in changes
    ],
)
def test_a_tampered_file_never_passes(outcome: str, change: Callable[[bytes], bytes]) -> None:
    genuine = a_sealed().pdf
    tampered = change(genuine)
    assert tampered != genuine
    assert validating.verdict(tampered, "training").outcome == outcome


@contextmanager
def at(step: timedelta) -> Iterator[None]:
    with clock.frozen(clock.now() + step):
        yield


def test_a_seal_of_an_expired_key_one_before_its_key_and_one_of_the_future_never_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = a_key()
    monkeypatch.setattr(pades.stamping, "is_configured", lambda: False)
    with at(timedelta(days=-30)):
        early = pades.seal(a_pdf(), key, "Test").pdf
        found = validating.verdict(early, "training")
    assert found.outcome == "indeterminate"
    with at(timedelta(days=365 * 3)):
        late = pades.seal(a_pdf(), key, "Test").pdf
        assert validating.verdict(late, "training").outcome == "indeterminate"
    assert validating.verdict(late, "training").reason == "in-the-future"


def test_a_stamped_seal_passes_after_its_key_expired() -> None:
    done = a_sealed().pdf
    with at(timedelta(days=365 * 3)):
        assert validating.verdict(done, "training").outcome == "passed"


@pytest.mark.parametrize(("days", "outcome"), [(-1, "failed"), (0, "passed")])
def test_a_revoked_key_is_believed_for_what_was_stamped_before(days: int, outcome: str) -> None:
    done = a_sealed()
    clock.advance(timedelta(minutes=10))
    keys.revoke("training", done.key_sha256, "key-compromise", clock.now() + timedelta(days=days))
    found = validating.verdict(done.pdf, "training")
    assert (found.outcome, found.reason) == (outcome, "revoked" if days else "passed")


def test_without_a_stamp_nothing_of_a_revoked_key_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pades.stamping, "is_configured", lambda: False)
    done = a_sealed()
    keys.revoke("training", done.key_sha256, "superseded", clock.now())
    assert validating.verdict(done.pdf, "training").outcome == "indeterminate"


def test_what_a_retired_key_sealed_stays_valid_and_what_it_seals_later_does_not() -> None:
    key, before = a_key(), a_sealed().pdf
    keys.rotate("training")
    assert validating.verdict(before, "training").outcome == "passed"
    clock.advance(timedelta(minutes=10))
    found = validating.verdict(pades.seal(a_pdf(), key, "Test").pdf, "training")
    assert (found.outcome, found.reason) == ("indeterminate", "out-of-use")


def test_an_unknown_root_is_indeterminate() -> None:
    found = validating.verdict(a_sealed().pdf, roots=(a_key("acceptance").root,))
    assert found.outcome == "indeterminate"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not-a-pdf"),
        (b"GIF89a", "not-a-pdf"),
        (b"%PDF-1.7\n" + b"\x00" * 999, "format-failure"),
        (a_pdf(), "no-signature"),
    ],
)
def test_what_is_no_sealed_pdf_gets_an_answer(content: bytes, reason: str) -> None:
    found = validating.verdict(content, "training")
    assert (found.outcome, found.reason) == ("failed", reason)


def test_a_file_that_is_cut_short_anywhere_gets_an_answer_and_never_passes() -> None:
    pdf, key = a_sealed().pdf, a_key()
    material = validating._material("training", (key.root,))
    assert examining.examined(pdf, material).outcome == "passed"
    for length in range(0, len(pdf), len(pdf) // 40):
        assert examining.examined(pdf[:length], material).outcome != "passed"


def test_an_encrypted_file_is_indeterminate() -> None:
    writer, out = copy_into_new_writer(PdfFileReader(BytesIO(a_pdf()))), BytesIO()
    writer.encrypt(owner_pass="owner", user_pass="user")
    writer.write(out)
    found = validating.verdict(out.getvalue(), "training")
    assert (found.outcome, found.reason) == ("indeterminate", "encrypted")


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    assert validating.verdict(b"%PDF-" + bytes(validating.BYTES), "training").reason == "too-large"


def test_an_examination_that_does_not_end_is_indeterminate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validating, "SECONDS", 0.01)
    assert validating.verdict(a_sealed().pdf, "training").reason == "timed-out"
