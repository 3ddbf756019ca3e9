"""After the issuing authority was changed: files of both pass on the page and the command, both stay published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask

from portal import config
from portal.config import Settings
from portal.seals import keys, rotation
from tests.makers.seals import a_key, a_sealed
from tests.page import PageClient
from tests.service.certificates.test_verification import run
from tests.web.verification.test_files import PASSED, recorded, sent, verdict_of


@pytest.fixture(autouse=True)
def own_folder(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """A folder of keys of this test alone: the one of the application outlives its tests."""
    settings(seal_folder=str(tmp_path / "seal"))


def rotated() -> None:
    """Another issuing authority, and a key under it."""
    rotation.rotate_authority("training")
    keys.rotate("training")


def test_files_of_both_pass_on_the_page_and_by_the_command(
    app: Flask, visitor: PageClient, tmp_path: Path
) -> None:
    old = recorded(a_sealed())
    rotated()
    new = recorded(a_sealed(text="Another"))
    for file in (old, new):
        assert verdict_of(sent(visitor, file)) == PASSED
        assert run(app, file, tmp_path).exit_code == 0


def test_both_authorities_and_their_lists_are_published_where_the_keys_say(
    app: Flask, visitor: PageClient
) -> None:
    found = [a_key()]
    rotated()
    found.append(a_key())
    page = visitor.get("/training/seals")
    assert "Earlier issuing authority: what its keys sealed stays verifiable" in page.text
    for key, name in zip(found, ("issuing", "issuing-2"), strict=True):
        certificate = x509.load_pem_x509_certificate(key.certificate.encode())
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        address = points[0].full_name[0].value
        answer = visitor.get(address.removeprefix(config.current().public_url)).response
        read = x509.load_der_x509_crl(answer.get_data())
        above = visitor.get(f"/training/seals/{name}.pem").response.get_data()
        assert read.is_signature_valid(x509.load_pem_x509_certificate(above).public_key())  # type: ignore[arg-type]
        assert visitor.get(f"/training/seals/{name}.crl").status == 200
    for name in ("issuing-3", "issuing-02", "stamper", "..%2Facceptance%2Froot"):
        assert visitor.get(f"/training/seals/{name}.pem").status == 404
        assert visitor.get(f"/training/seals/{name}.crl").status == 404
