"""The seal keys of an environment: made, changed, retired, revoked, listed, and the active one ready to sign."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update

from portal import clock, config
from portal.audit import seal_events, trail
from portal.database import db
from portal.environments.environment import Environment, using
from portal.seals import authorities, issuing, keeping, revocation, tokens
from portal.seals.authorities import ROOT
from portal.seals.keeping import PrivateKey
from portal.seals.models import SealKey


class NoKey(Exception):
    """The environment has no key that can seal now: nothing is signed, and the page says so."""


class KeyRefused(Exception):
    """A key cannot be made, retired or revoked so; the message says why in one line."""


@dataclass(frozen=True)
class ActiveKey:
    """The key that seals: its certificate (PEM) with the issuing one and the root, and its private half or label.

    `private` is None where a token keeps it under `label`. Never logged, never pickled.
    """

    environment: str
    sha256: str
    certificate: str
    issuing: str
    root: str
    private: PrivateKey | None
    label: str = ""

    def __repr__(self) -> str:
        return f"ActiveKey({self.environment}, {self.sha256[:8]})"


_opened: dict[tuple[int, str, str], ActiveKey] = {}


def active(environment: str) -> ActiveKey:
    """The active key of `production`, `acceptance` or `training`, opened once for each process; raises NoKey."""
    with using(Environment(environment)):
        row = db.session.scalar(select(SealKey).where(SealKey.state == "active"))
    if row is None or not config.current().seal_folder:
        raise NoKey(f"{environment} has no seal key")
    if x509.load_pem_x509_certificate(row.certificate.encode()).not_valid_after_utc <= clock.now():
        raise NoKey(f"the seal key of {environment} has expired")
    place = (os.getpid(), config.current().seal_folder, row.sha256)
    if place not in _opened:
        _opened[place] = _open(environment, row)
    return _opened[place]


def _open(environment: str, row: SealKey) -> ActiveKey:
    folder = keeping.folder_of(environment)
    note = folder / f"{row.sha256}.token"
    label = json.loads(note.read_text())["label"] if note.exists() else ""
    above = issuing.above(environment, x509.load_pem_x509_certificate(row.certificate.encode()))
    return ActiveKey(
        environment=environment,
        sha256=row.sha256,
        certificate=row.certificate,
        issuing=pem_of(authorities.certificate_of(environment, above)),
        root=pem_of(authorities.certificate_of(environment, ROOT)),
        private=None if label else keeping.read_key(folder / f"{row.sha256}.key"),
        label=label,
    )


def make(environment: str) -> str:
    """Make the first key of an environment, and its authorities; its SHA-256; KeyRefused where one is active."""
    with using(Environment(environment)):
        if db.session.scalar(select(SealKey.sha256).where(SealKey.state == "active")):
            raise KeyRefused(f"{environment} has an active key: rotate it")
        sha256 = _made(environment)
        db.session.commit()
    return sha256


def rotate(environment: str) -> str:
    """Retire the active key and make the next one; returns its SHA-256. What was sealed stays verifiable."""
    with using(Environment(environment)):
        _end_active()
        sha256 = _made(environment)
        db.session.commit()
    return sha256


def retire(environment: str) -> None:
    """Retire the active key without another: nothing can be sealed there; raises KeyRefused where none is active."""
    with using(Environment(environment)):
        if not _end_active():
            raise KeyRefused(f"{environment} has no active key")
        db.session.commit()


def revoke(environment: str, sha256: str, reason: str, since: datetime) -> None:
    """Withdraw a key: seals from `since` on (aware; may lie in the past) are not to be believed.

    `reason` is a word of `revocation.REASONS`. Raises KeyRefused for a key that is unknown or revoked already.
    """
    if reason not in revocation.REASONS or since > clock.now():
        raise KeyRefused("a key is revoked for a known reason, from now or a day before")
    with using(Environment(environment)):
        values = {"state": "revoked", "ended_at": clock.now(), "revoked_from": since, "reason": reason}
        done = db.session.execute(
            update(SealKey).where(SealKey.sha256 == sha256, SealKey.state != "revoked").values(**values)
        )
        if not done.rowcount:  # type: ignore[attr-defined]
            db.session.rollback()
            raise KeyRefused(f"{environment} has no such key, or it is revoked already")
        certificate = db.session.get_one(SealKey, sha256, populate_existing=True).certificate
        trail.record(seal_events.SealKeyRevoked(0, reason))
        db.session.commit()
    above = issuing.above(environment, x509.load_pem_x509_certificate(certificate.encode()))
    revocation.crl(environment, above)


def listed(environment: str) -> list[SealKey]:
    """Every key of an environment, newest first, with its certificate."""
    with using(Environment(environment)):
        return list(db.session.scalars(select(SealKey).order_by(SealKey.made_at.desc(), SealKey.sha256)))


def by_sha256(environment: str, sha256: str) -> SealKey | None:
    """The key whose certificate has that SHA-256, None where this environment never had it."""
    with using(Environment(environment)):
        return db.session.get(SealKey, sha256)


def _end_active() -> bool:
    ended = db.session.execute(
        update(SealKey).where(SealKey.state == "active").values(state="retired", ended_at=clock.now())
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        trail.record(seal_events.SealKeyRetired(0))
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def _made(environment: str) -> str:
    """A new active key: its private half is kept before the row that names it, so that no row lacks its key."""
    authorities.make(environment)
    private, label = _pair(environment)
    public = private.public_key() if private else tokens.make(label)
    certificate = issuing.certified(environment, public)
    sha256 = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    folder = keeping.folder_of(environment)
    if private:
        keeping.write_key(folder / f"{sha256}.key", private)
    else:
        keeping.write(folder / f"{sha256}.token", json.dumps({"label": label}).encode())
    row = SealKey(
        sha256=sha256, certificate=pem_of(certificate), state="active",
        serial=f"{certificate.serial_number:x}", made_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    trail.record(seal_events.SealKeyMade(0))
    return sha256


def _pair(environment: str) -> tuple[PrivateKey | None, str]:
    if config.current().seal_token:
        return None, f"{environment}-{clock.now():%Y%m%d%H%M%S%f}"
    return ec.generate_private_key(ec.SECP256R1()), ""


def pem_of(certificate: x509.Certificate) -> str:
    """A certificate as PEM text."""
    return certificate.public_bytes(Encoding.PEM).decode()


def pems_in(path: Path) -> tuple[str, ...]:
    """The certificates of a PEM file, each as PEM text; OSError or ValueError where there are none."""
    return tuple(pem_of(each) for each in x509.load_pem_x509_certificates(path.read_bytes()))
