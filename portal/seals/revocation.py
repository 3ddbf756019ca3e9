"""Revocation lists of an environment's two authorities: made from the rows, kept, renewed before they age."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.seals import authorities, keeping
from portal.seals.authorities import ISSUING, ROOT
from portal.seals.models import SealKey

VALID = timedelta(days=10)
RENEWED_AFTER = timedelta(days=1)
"""A list is made anew each day: for nine more a reader has a current one, should the portal stand still."""
SERIAL_BASE = 16
REASONS = ("key-compromise", "superseded", "cessation")
"""Why a key is revoked; `key-compromise` where somebody else may have it."""
_FLAGS = dict(
    zip(
        REASONS,
        (
            x509.ReasonFlags.key_compromise,
            x509.ReasonFlags.superseded,
            x509.ReasonFlags.cessation_of_operation,
        ),
        strict=True,
    )
)


def crl(environment: str, name: str = ISSUING) -> bytes:
    """The current list of `issuing` or `root` (DER); made anew where it is a day old or lacks a revoked key.

    `environment` may be `stamps` for the root of the test authority, which never revokes.
    """
    path = keeping.folder_of(environment) / f"{name}.crl"
    revoked = _revoked(environment) if name == ISSUING else []
    kept = _kept(path)
    if kept is not None and _is_current(kept, revoked):
        return kept.public_bytes(Encoding.DER)
    fresh = _made(environment, name, revoked)
    keeping.write(path, fresh.public_bytes(Encoding.PEM))
    return fresh.public_bytes(Encoding.DER)


def lists(environment: str) -> list[bytes]:
    """Both lists of an environment (DER), for a file that carries its own proof."""
    return [crl(environment, ISSUING), crl(environment, ROOT)]


def _kept(path: Path) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_pem_x509_crl(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _is_current(kept: x509.CertificateRevocationList, revoked: list[SealKey]) -> bool:
    age = clock.now() - kept.last_update_utc
    return timedelta() <= age < RENEWED_AFTER and {row.serial_number for row in kept} == {
        int(key.serial, SERIAL_BASE) for key in revoked
    }


def _revoked(environment: str) -> list[SealKey]:
    with using(Environment(environment)):
        return list(db.session.scalars(select(SealKey).where(SealKey.state == "revoked")))


def _made(environment: str, name: str, revoked: list[SealKey]) -> x509.CertificateRevocationList:
    issuer, now = authorities.issuer(environment, name), clock.now()
    own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now)
        .next_update(now + VALID)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
    )
    for key in revoked:
        builder = builder.add_revoked_certificate(_entry(key))
    return builder.sign(issuer.key, hashes.SHA384() if name == ROOT else hashes.SHA256())


def _entry(key: SealKey) -> x509.RevokedCertificate:
    assert key.revoked_from is not None  # noqa: S101 - set with the state
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(int(key.serial, SERIAL_BASE))
        .revocation_date(key.revoked_from)
        .add_extension(x509.CRLReason(_FLAGS[key.reason]), critical=False)
        .build()
    )
