"""Revocation lists of an environment's authorities: made from the rows, kept, renewed before they age."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from portal import clock
from portal.config_rules import SettingError
from portal.database import db
from portal.environments.environment import Environment, using
from portal.seals import authorities, issuing, keeping
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
    """The current list of an issuing authority or of `root` (DER); made anew where a day old or without a revoked key.

    That of a retired authority is made a last time after its last key has ended. `environment` may be `stamps` for the
    root of the test authority, which never revokes. SettingError where the key that signs it is kept elsewhere.
    """
    path = keeping.folder_of(environment) / f"{name}.crl"
    below = [] if name == ROOT else _keys_under(environment, name)
    revoked = [key for key in below if key.state == "revoked"]
    kept = _kept(path)
    if kept is not None and _is_current(kept, revoked, needed_until(environment, name)):
        return kept.public_bytes(Encoding.DER)
    fresh = _made(environment, name, revoked)
    keeping.write(path, fresh.public_bytes(Encoding.PEM))
    return fresh.public_bytes(Encoding.DER)


def at_hand(environment: str, name: str) -> bytes:
    """The same; where the key that signs it is kept elsewhere, the last one that was made, which counts to its end."""
    try:
        return crl(environment, name)
    except SettingError:
        kept = _kept(keeping.folder_of(environment) / f"{name}.crl")
        if kept is None:
            raise
        return kept.public_bytes(Encoding.DER)


def lists(environment: str, certificate: x509.Certificate | None = None) -> list[bytes]:
    """The lists (DER) that say whether a key's certificate was withdrawn; without one, of every key here."""
    whose = [issuing.above(environment, certificate)] if certificate else issuing.names(environment)
    return [at_hand(environment, name) for name in [*reversed(whose), ROOT]]


def needed_until(environment: str, name: str) -> datetime | None:
    """When the last key certified by a retired issuing authority ends; None of one that still certifies, and of roots.

    Afterwards its list is made no more and its key may go.
    """
    if name == ROOT or name == issuing.current(environment):
        return None
    ends = [_certificate(key).not_valid_after_utc for key in _keys_under(environment, name)]
    return max(ends, default=authorities.certificate_of(environment, name).not_valid_after_utc)


def _kept(path: Path) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_pem_x509_crl(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _is_current(kept: x509.CertificateRevocationList, revoked: list[SealKey], until: datetime | None) -> bool:
    if {row.serial_number for row in kept} != {int(key.serial, SERIAL_BASE) for key in revoked}:
        return False
    is_last = until is not None and kept.last_update_utc >= until
    return is_last or timedelta() <= clock.now() - kept.last_update_utc < RENEWED_AFTER


def _keys_under(environment: str, name: str) -> list[SealKey]:
    issuer = authorities.certificate_of(environment, name)
    with using(Environment(environment)):
        rows = db.session.scalars(select(SealKey))
        return [row for row in rows if issuing.certified_by(_certificate(row), issuer)]


def _certificate(key: SealKey) -> x509.Certificate:
    return x509.load_pem_x509_certificate(key.certificate.encode())


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
