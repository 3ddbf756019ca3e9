"""What is public of seals: the certificates of keys and their authorities, the lists of what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from portal.seals import authorities, issuing, keys, revocation, stamping
from portal.seals.authorities import ROOT
from portal.seals.models import SealKey


@dataclass(frozen=True)
class PublicKey:
    """A certificate as anybody may read it: whose, from when to when, its SHA-256 (hexadecimal), and its text (PEM).

    `state` is `active`, `retired` or `revoked`, of the root empty; `revoked_from` and `reason` are those of a
    revoked key.
    """

    name: str
    sha256: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    pem: str
    state: str = ""
    ended_at: datetime | None = None
    revoked_from: datetime | None = None
    reason: str = ""


def keys_of(environment: str) -> list[PublicKey]:
    """Every key that ever sealed in that environment, newest first."""
    return [_public(row) for row in keys.listed(environment)]


def key_of(environment: str, sha256: str) -> PublicKey | None:
    """The key whose certificate has that SHA-256; None where the environment never had it."""
    row = keys.by_sha256(environment, sha256)
    return _public(row) if row else None


def authorities_of(environment: str) -> dict[str, PublicKey]:
    """Root and issuing authorities, the newest first, by their names; empty where no key was ever made."""
    own = issuing.names(environment)
    states = dict.fromkeys(own, "retired") | dict.fromkeys(own[-1:], "active")
    return {
        name: _described(authorities.certificate_of(environment, name), state=states.get(name, ""))
        for name in ([ROOT, *reversed(own)] if own else [])
    }


def roots_of_stamps() -> str:
    """The certificates (PEM, one after the other) that time stamps are traced to; empty where nobody stamps."""
    try:
        return "".join(stamping.roots())
    except (OSError, ValueError):  # a file of roots that cannot be read vouches for nobody
        return ""


def list_of(environment: str, name: str) -> bytes | None:
    """The revocation list (DER) of `root` or of an issuing authority; None where there is no such authority."""
    own = issuing.names(environment)
    return revocation.at_hand(environment, name) if own and name in (ROOT, *own) else None


def _public(row: SealKey) -> PublicKey:
    certificate = x509.load_pem_x509_certificate(row.certificate.encode())
    return _described(
        certificate,
        state=row.state,
        ended_at=row.ended_at,
        revoked_from=row.revoked_from,
        reason=row.reason,
    )


def _described(
    certificate: x509.Certificate,
    *,
    state: str = "",
    ended_at: datetime | None = None,
    revoked_from: datetime | None = None,
    reason: str = "",
) -> PublicKey:
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return PublicKey(
        name=str(common[0].value) if common else certificate.subject.rfc4514_string(),
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        state=state,
        ended_at=ended_at,
        revoked_from=revoked_from,
        reason=reason,
    )
