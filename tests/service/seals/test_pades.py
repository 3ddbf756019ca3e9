"""Sealed files: three levels, each believed by our verdict and by tools that are not ours; faults of the service."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from portal import clock, config
from portal.config import Settings
from portal.seals import authorities, keeping, pades, stamping, validating
from portal.seals.authorities import ROOT, STAMPS
from portal.seals.stamping import NoStamp
from tests.makers import seals
from tests.makers.seals import a_key, a_pdf, a_sealed, a_service

# What is in a file does not depend on the database: one is enough, since each seal and verdict costs a second.
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def told(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    return done.stdout + done.stderr


def in_file(folder: Path, pdf: bytes) -> Path:
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    return path


@pytest.fixture
def service_root(tmp_path: Path) -> Path:
    """The test authority's root, as an operator would configure it."""
    authorities.make(STAMPS)
    path = tmp_path / "stamps.pem"
    path.write_bytes((keeping.folder_of(STAMPS) / f"{ROOT}.pem").read_bytes())
    return path


def test_with_a_stamp_the_seal_is_b_t_and_passes(tmp_path: Path) -> None:
    done = a_sealed()
    assert (done.level, done.stamp) == ("B-T", "stamped")
    found = validating.verdict(done.pdf, "training")
    assert (found.outcome, found.reason, found.covers_whole_file) == ("passed", "passed", True)
    assert found.key_sha256 == done.key_sha256
    assert found.stamped_at is not None
    assert abs(found.stamped_at - clock.now()) < timedelta(minutes=2)
    path = in_file(tmp_path, done.pdf)
    assert "Signature is Valid" in told("pdfsig", path)
    assert "Total document signed" in told("pdfsig", path)
    assert "No syntax or stream encoding errors" in told("qpdf", "--check", path)


def test_without_a_service_the_seal_is_b_b_and_says_no_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "is_configured", lambda: False)
    done = a_sealed()
    assert (done.level, done.stamp, done.stamped_until) == ("B-B", "none", None)
    found = validating.verdict(done.pdf, "training")
    assert (found.outcome, found.stamped_at) == ("passed", None)


def test_the_long_term_level_and_its_renewal_pass_with_the_root_alone(tmp_path: Path) -> None:
    key = a_key()
    first = a_sealed()
    second = pades.extend(first.pdf, key)
    third = pades.extend(second.pdf, key)
    for done in (second, third):
        assert (done.level, done.stamp, done.key_sha256) == ("B-LTA", "stamped", key.sha256)
        assert done.pdf.startswith(first.pdf)
        assert validating.verdict(done.pdf, "training").outcome == "passed"
        assert validating.verdict(done.pdf, roots=(key.root,)).outcome == "passed"
    path = in_file(tmp_path, third.pdf)
    assert "Signature is Valid" in told("pdfsig", path)
    assert "No syntax or stream encoding errors" in told("qpdf", "--check", path)


def test_pdfsig_trusts_a_seal_whose_root_is_in_its_store_and_no_other(tmp_path: Path) -> None:
    path, (trusting, empty) = in_file(tmp_path, a_sealed().pdf), (tmp_path / "trusting", tmp_path / "empty")
    for store in (trusting, empty):
        store.mkdir()
        told("certutil", "-N", "--empty-password", "-d", f"sql:{store}")
    root = tmp_path / "root.pem"
    root.write_text(a_key().root)
    told("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i", root, "-d", f"sql:{trusting}")
    assert "Certificate is Trusted" in told("pdfsig", "-nssdir", trusting, path)
    words = told("pdfsig", "-nssdir", empty, path)
    assert "Signature is Valid" in words
    assert "Certificate is Trusted" not in words


def test_the_stamp_of_a_seal_is_believed_by_openssl(tmp_path: Path, service_root: Path) -> None:
    seal = PdfFileReader(BytesIO(a_sealed().pdf)).embedded_regular_signatures[0]
    stamp = next(iter(extract_tst_data_iter(seal.signer_info, signed=False)))
    (tmp_path / "signature").write_bytes(seal.signer_info["signature"].native)
    from asn1crypto import cms

    token = cms.ContentInfo({"content_type": "signed_data", "content": stamp})
    (tmp_path / "token").write_bytes(token.dump())
    words = told("openssl", "ts", "-verify", "-data", tmp_path / "signature", "-in", tmp_path / "token",
                 "-token_in", "-CAfile", service_root)  # fmt: skip
    assert "Verification: OK" in words


def test_the_seal_allows_no_change_and_shows_no_field() -> None:
    seal = PdfFileReader(BytesIO(a_sealed().pdf)).embedded_regular_signatures[0]
    assert seal.docmdp_level is not None
    assert seal.docmdp_level.name == "NO_CHANGES"
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert all(float(side) < 0 for side in seal.sig_field["/Rect"])
    assert seal.md_algorithm == "sha256"


def test_a_service_over_http_is_asked_and_believed(
    settings: Callable[..., Settings], service_root: Path
) -> None:
    with a_service(seals.right) as address:
        settings(tsa_url=address, tsa_root=str(service_root))
        done = a_sealed()
    assert (done.level, done.stamp) == ("B-T", "stamped")
    assert validating.verdict(done.pdf, "training").outcome == "passed"


@pytest.mark.parametrize("answer", [seals.of_another_question, seals.of_another_time, seals.garbage])
def test_a_wrong_answer_costs_the_stamp_never_the_seal(
    answer: seals.Answer, settings: Callable[..., Settings], service_root: Path
) -> None:
    with a_service(answer) as address:
        settings(tsa_url=address, tsa_root=str(service_root))
        done = a_sealed()
    assert (done.level, done.stamp, done.stamped_until) == ("B-B", "pending", None)
    found = validating.verdict(done.pdf, "training")
    assert (found.outcome, found.stamped_at) == ("passed", None)


def test_a_stamp_of_an_unknown_authority_is_not_believed(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_text(a_key("acceptance").root)
    with a_service(seals.right) as address:
        settings(tsa_url=address, tsa_root=str(other))
        assert a_sealed().stamp == "pending"


@pytest.mark.parametrize("status", [302, 500])
def test_a_service_that_answers_otherwise_is_down(
    status: int, settings: Callable[..., Settings], service_root: Path
) -> None:
    with a_service(seals.right, status) as address:
        settings(tsa_url=address, tsa_root=str(service_root))
        assert a_sealed().stamp == "pending"


def test_a_pending_stamp_comes_later_without_another_seal(
    settings: Callable[..., Settings], service_root: Path
) -> None:
    before = config.current()
    settings(tsa_url="http://127.0.0.1:1/", tsa_root=str(service_root))
    pending = a_sealed()
    assert pending.stamp == "pending"
    with pytest.raises(NoStamp):
        pades.extend(pending.pdf, a_key())
    config.activate(before)
    done = pades.extend(pending.pdf, a_key())
    assert (done.level, done.stamp) == ("B-LTA", "stamped")
    found = validating.verdict(done.pdf, "training")
    assert (found.outcome, found.stamped_at is not None) == ("passed", True)


def test_a_file_without_a_seal_is_not_extended() -> None:
    with pytest.raises(pades.NotSealed):
        pades.extend(a_pdf(), a_key())
