"""Anybody checks a file: three values with the reason, over HTTP; no changed file ever passes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from portal import clock
from portal.certificates import checking
from portal.certificates.models import CertificateFile
from portal.certificates.states import CertificateState
from portal.certificates.verification import FILE_BYTES_AT_MOST
from portal.database import db
from portal.environments.environment import Environment, using
from portal.limits import rates
from portal.seals import keys, pades
from portal.seals.signers import signer_of
from portal.seals.validating import REASONS
from portal.web import verification_words
from tests.makers.seals import a_key, a_pdf, a_sealed
from tests.page import Page, PageClient
from tests.web.verification.test_papers import a_signed_certificate

PASSED = "Passed: the file is genuine and unchanged"
INDETERMINATE = "Indeterminate: this check cannot tell"
FAILED = "Failed: do not rely on this file"


def recorded(sealed: pades.Sealed, here: Environment = Environment.TRAINING, **more: Any) -> bytes:
    """The sealed file as a version of a valid certificate."""
    certificate = a_signed_certificate(here, **more)
    with using(here):
        row = CertificateFile(
            certificate_id=certificate.id, sha256=hashlib.sha256(sealed.pdf).hexdigest(), size=len(sealed.pdf),
            level=sealed.level, stamp=sealed.stamp, seal_key=sealed.key_sha256, made_at=clock.now(),
            stamped_until=sealed.stamped_until,
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
    return sealed.pdf


def sent(visitor: PageClient, content: bytes, path: str = "/training/verify/file") -> Page:
    """The answer to that file."""
    return visitor.post_with_token(path, {"file": (BytesIO(content), "certificate.pdf")})


def verdict_of(page: Page) -> str:
    """The title of the first banner of the answer: what it says of the file."""
    return str(page.tree.xpath("string(//main//p[@class='banner__title'])")).strip()


def test_a_genuine_recorded_file_passes_with_what_was_signed(app: Flask, visitor: PageClient) -> None:
    page = sent(visitor, recorded(a_sealed()))
    assert page.status == 200
    assert verdict_of(page) == PASSED
    for text in ("This certificate is valid", "Robin Modele", "Office FR", "It is not a qualified seal."):
        assert text in page.text, text


def test_a_later_version_of_the_file_passes_too(app: Flask, visitor: PageClient) -> None:
    first = a_sealed()
    longer = pades.extend(first.pdf, a_key())
    page = sent(visitor, recorded(longer))
    assert verdict_of(page) == PASSED
    assert "Long-term level (B-LTA)" in page.text


def test_the_short_address_checks_the_files_of_production(app: Flask, visitor: PageClient) -> None:
    pdf = recorded(a_sealed("production"), Environment.PRODUCTION)
    assert verdict_of(sent(visitor, pdf, "/verify/file")) == PASSED
    assert verdict_of(sent(visitor, pdf)) == INDETERMINATE


def test_a_file_of_a_cancelled_certificate_passes_and_its_state_is_said(
    app: Flask, visitor: PageClient
) -> None:
    pdf = recorded(a_sealed(), state=CertificateState.CANCELLED.value, decided_at=clock.now())
    page = sent(visitor, pdf)
    assert verdict_of(page) == PASSED
    assert "This certificate was cancelled: it counts no more" in page.text
    assert "This certificate is valid" not in page.text


def test_a_good_seal_on_a_file_that_nobody_recorded_is_indeterminate(app: Flask, visitor: PageClient) -> None:
    page = sent(visitor, a_sealed().pdf)
    assert verdict_of(page) == INDETERMINATE
    assert "none of those that it recorded" in page.text


def test_a_key_that_was_revoked_before_makes_its_recorded_file_fail(app: Flask, visitor: PageClient) -> None:
    sealed, began = a_sealed(), clock.now()
    pdf = recorded(sealed)
    keys.revoke("training", sealed.key_sha256, "key-compromise", began.replace(hour=0, minute=0, second=0))
    page = sent(visitor, pdf)
    assert verdict_of(page) in (FAILED, INDETERMINATE)
    assert "revoked" in page.text


def a_changed_byte(pdf: bytes) -> bytes:
    at = pdf.index(b"Certificate) Tj")
    return pdf[:at] + b"D" + pdf[at + 1 :]


def a_swapped_page(pdf: bytes) -> bytes:
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    writer.write(out)
    return out.getvalue()


def a_tail(pdf: bytes) -> bytes:
    return pdf + b"\n% one line more\n"


class WhoeverSigns(PdfSigner):
    """Signs although the first seal forbids it."""

    def _enforce_certification_constraints(self, reader: PdfFileReader) -> None:
        return


def a_second_signature(pdf: bytes) -> bytes:
    writer, out = IncrementalPdfFileWriter(BytesIO(pdf)), BytesIO()
    signer = WhoeverSigns(PdfSignatureMetadata(field_name="Second"), signer_of(a_key("acceptance")))
    signer.sign_pdf(writer, output=out)
    return out.getvalue()


def a_removed_signature(pdf: bytes) -> bytes:
    writer, out = copy_into_new_writer(PdfFileReader(BytesIO(pdf))), BytesIO()
    assert isinstance(writer, PdfFileWriter)
    del writer.root["/AcroForm"]
    writer.write(out)
    return out.getvalue()


def another_key(_pdf: bytes) -> bytes:
    return a_sealed("acceptance").pdf


def the_signature_of_another(pdf: bytes) -> bytes:
    other = a_sealed(text="Another one").pdf
    mine, theirs = (_contents(each) for each in (pdf, other))
    return pdf.replace(mine, theirs[: len(mine)].ljust(len(mine), b"0"))


def _contents(pdf: bytes) -> bytes:
    seal = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    ranges = [int(number) for number in seal.byte_range]
    return pdf[ranges[1] + 1 : ranges[2] - 1]


def a_flipped_padding(pdf: bytes) -> bytes:
    seal = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    at = int(seal.byte_range[2]) - 2
    return pdf[:at] + b"1" + pdf[at + 1 :]


def a_cut_end(pdf: bytes) -> bytes:
    return pdf[: len(pdf) * 2 // 3]


def bytes_before(pdf: bytes) -> bytes:
    return b"%PDF-1.7 shadow\n" + pdf


def printed_anew(pdf: bytes) -> bytes:
    return a_pdf()


TAMPERED: tuple[Callable[[bytes], bytes], ...] = (
    a_changed_byte, a_swapped_page, a_tail, a_second_signature, a_removed_signature, another_key,
    the_signature_of_another, a_flipped_padding, a_cut_end, bytes_before, printed_anew,
)  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERED)
def test_no_changed_file_ever_passes_not_even_when_it_was_recorded(
    app: Flask, visitor: PageClient, tamper: Callable[[bytes], bytes]
) -> None:
    sealed = a_sealed()
    changed = tamper(sealed.pdf)
    assert changed != sealed.pdf
    assert verdict_of(sent(visitor, changed)) in (FAILED, INDETERMINATE)
    pdf = recorded(pades.Sealed(changed, "B-B", "none", sealed.key_sha256, None))
    assert verdict_of(sent(visitor, pdf)) in (FAILED, INDETERMINATE)


def test_a_file_sealed_in_the_future_or_with_an_expired_key_does_not_pass(
    app: Flask, visitor: PageClient
) -> None:
    a_key()
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
        future = a_sealed().pdf
    assert verdict_of(sent(visitor, future)) != PASSED


def test_a_renamed_file_passes_and_a_renamed_picture_does_not(app: Flask, visitor: PageClient) -> None:
    pdf = recorded(a_sealed())
    page = visitor.post_with_token("/training/verify/file", {"file": (BytesIO(pdf), "../../x.exe")})
    assert verdict_of(page) == PASSED
    assert verdict_of(sent(visitor, b"\x89PNG\r\n\x1a\n" + pdf)) == FAILED


def test_a_file_renamed_to_the_number_of_another_answers_for_what_it_is(
    app: Flask, visitor: PageClient
) -> None:
    pdf = recorded(a_sealed(), number="INTRA.FR.2026.0000101")
    recorded(a_sealed(text="Another"), number="INTRA.FR.2026.0000102")
    page = visitor.post_with_token(
        "/training/verify/file", {"file": (BytesIO(pdf), "INTRA.FR.2026.0000102.pdf")}
    )
    assert "INTRA.FR.2026.0000101" in page.text
    assert "INTRA.FR.2026.0000102" not in page.text


def encrypted() -> bytes:
    writer, out = copy_into_new_writer(PdfFileReader(BytesIO(a_pdf()))), BytesIO()
    writer.encrypt("owner", "user")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no file at all", "This is not a PDF file."),
        (b"%PDF-1.7\n", "The file is damaged or incomplete."),
        (b"%PDF-" + b"<<" * 200_000, ""),
        (encrypted(), "The file is encrypted."),
        (a_pdf(), "The file carries no seal."),
    ],
    ids=["text", "header", "nested", "encrypted", "unsealed"],
)
def test_what_is_no_sealed_file_gets_an_answer_with_its_reason(
    app: Flask, visitor: PageClient, content: bytes, sentence: str
) -> None:
    page = sent(visitor, content)
    assert page.status == 200
    assert verdict_of(page) in (FAILED, INDETERMINATE)
    assert sentence in page.text


@pytest.mark.parametrize("size", [FILE_BYTES_AT_MOST + 1, FILE_BYTES_AT_MOST * 2])
def test_a_file_that_is_too_large_is_refused_at_its_field(app: Flask, visitor: PageClient, size: int) -> None:
    page = sent(visitor, b"%PDF-".ljust(size, b"0"))
    assert page.status == 422
    assert "This file is larger than 5 MB." in page.text


def test_no_file_and_an_empty_one_are_answers(app: Flask, visitor: PageClient) -> None:
    page = visitor.get("/training/verify").press("Check the file")
    assert page.status == 422
    assert "Choose a file." in page.text
    assert sent(visitor, b"").status in (200, 422)


def test_nothing_of_the_file_reaches_a_disk(
    app: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a temporary file")

    visitor.get("/training/verify")
    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refused)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refused)
    assert sent(visitor, b"%PDF-".ljust(3 * 1024 * 1024, b"0")).status == 200


def test_a_network_may_have_so_many_files_checked_an_hour_and_then_waits(
    app: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = rates.Rate("verified-file-network", 2, rates.VERIFIED_FILES_PER_NETWORK.window)
    monkeypatch.setattr(checking.rates, "VERIFIED_FILES_PER_NETWORK", few)
    assert [sent(visitor, b"x").status for _ in range(3)] == [200, 200, 429]


def test_every_reason_has_its_sentence() -> None:
    assert {*REASONS, checking.NOT_RECORDED} - {"passed"} == set(verification_words.REASONS)
