"""Certificates of keys and revocation lists are there for everybody, at the addresses that the certificates name."""

from __future__ import annotations

from cryptography import x509
from flask import Flask

from portal import clock, config
from portal.seals import keys
from tests.makers.seals import a_key
from tests.page import PageClient


def test_a_portal_without_keys_says_so_and_has_no_files(
    app: Flask, visitor: PageClient, settings: object
) -> None:
    page = visitor.get("/acceptance/seals")
    assert page.status == 200
    if not keys.listed("acceptance"):
        assert "nothing can be sealed here" in page.text
    assert visitor.get(f"/acceptance/seals/keys/{'0' * 64}.pem").status == 404
    assert visitor.get("/acceptance/seals/other.pem").status == 404


def test_each_key_is_listed_with_its_state_and_its_certificate(app: Flask, visitor: PageClient) -> None:
    old = a_key()
    keys.rotate("training")
    new = a_key()
    page = visitor.get("/training/seals")
    assert old.sha256 in page.text
    assert "Retired: what it sealed stays verifiable" in page.text
    answer = visitor.get(f"/training/seals/keys/{new.sha256}.pem").response
    assert answer.mimetype == "application/x-pem-file"
    assert answer.get_data(as_text=True).split() == new.certificate.split()
    assert visitor.get(f"/production/seals/keys/{new.sha256}.pem").status == 404


def test_nothing_private_is_published(app: Flask, visitor: PageClient) -> None:
    key = a_key()
    for path in (f"keys/{key.sha256}.pem", "root.pem", "issuing.pem", "time-stamps.pem"):
        body = visitor.get(f"/training/seals/{path}").response.get_data(as_text=True)
        assert body.startswith("-----BEGIN CERTIFICATE-----")
        assert "PRIVATE" not in body


def test_the_lists_stand_where_the_certificates_say_and_name_a_revoked_key(
    app: Flask, visitor: PageClient
) -> None:
    key = a_key()
    keys.revoke("training", key.sha256, "superseded", clock.now())
    certificate = x509.load_pem_x509_certificate(key.certificate.encode())
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    address = points[0].full_name[0].value  # type: ignore[index]
    answer = visitor.get(address.removeprefix(config.current().public_url)).response
    assert answer.mimetype == "application/pkix-crl"
    found = x509.load_der_x509_crl(answer.get_data())
    assert found.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    issuing = visitor.get("/training/seals/issuing.pem").response.get_data()
    assert found.is_signature_valid(x509.load_pem_x509_certificate(issuing).public_key())  # type: ignore[arg-type]
    page = visitor.get("/training/seals")
    assert "It was superseded by another key." in page.text
