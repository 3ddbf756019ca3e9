"""The store of sealed files: each under its own SHA-256, written once, never replaced, served unchanged.

A file is first kept in `waiting`; it moves to its place (`ab/cd/<sha256>.pdf`) after the commit of the row that names
it. What a killed worker left there without a row goes after a day.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select

from portal import clock, config
from portal.certificates.models import Certificate, CertificateFile
from portal.database import db

log = structlog.get_logger()
FOLDER, WAITING = "certificates", "waiting"
NAME = re.compile(r"[0-9a-f]{64}\.pdf")
KEPT_WAITING = timedelta(days=1)


class NotKept(Exception):
    """There is no file to give: never signed, erased after the retention date, or `damaged` in the store."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Stored:
    """One version of a sealed file: its bytes, their SHA-256 (hexadecimal), level, state of its time stamp, when."""

    content: bytes
    sha256: str
    level: str
    stamp: str
    made_at: datetime


def first(certificate: Certificate) -> Stored:
    """The file as it was sealed, for a download. The caller has authorised it. Raises NotKept."""
    return _stored(certificate, newest_first=False)


def newest(certificate: Certificate) -> Stored:
    """The version with the newest proof: the copy for an archive. Raises NotKept."""
    return _stored(certificate, newest_first=True)


def _stored(certificate: Certificate, *, newest_first: bool) -> Stored:
    order = CertificateFile.id.desc() if newest_first else CertificateFile.id
    own = select(CertificateFile).where(CertificateFile.certificate_id == certificate.id)
    row = db.session.scalar(own.order_by(order).limit(1))
    if row is None:
        raise NotKept("never-signed")
    if row.erased_at is not None:
        raise NotKept("erased")
    return Stored(read(row.sha256), row.sha256, row.level, row.stamp, row.made_at)


def read(sha256: str) -> bytes:
    """The bytes kept under that SHA-256; raises NotKept where they are missing or are others."""
    # In the order in which it moves: whoever asked the other way round could miss it in both.
    for place in (_waiting(sha256), _place(sha256)):
        try:
            content = place.read_bytes()
        except FileNotFoundError:
            continue
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    log.error("certificate file missing or damaged", sha256=sha256)
    raise NotKept("damaged")


def put(content: bytes) -> str:
    """Keep a file, whole and for its owner alone, before the row that names it; returns its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = _waiting(sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_name(f".{sha256}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _renamed(fresh, place)
    return sha256


def settle(sha256: str) -> None:
    """Bring a file whose row is committed to its place; it is read from either."""
    place = _place(sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _renamed(_waiting(sha256), place)


def discard(sha256: str) -> None:
    """Drop a file that no row will name."""
    _waiting(sha256).unlink(missing_ok=True)


def erase(sha256: str) -> None:
    """Delete a file for good, after the retention date."""
    for place in (_place(sha256), _waiting(sha256)):
        place.unlink(missing_ok=True)


def sweep(recorded: set[str]) -> int:
    """Settle what waits and has a row, drop what has none after a day; returns how many were touched.

    `recorded` are those of `waiting()` that rows of any environment name.
    """
    touched = 0
    for place in list(_left()):
        sha256, age = place.stem, clock.now().timestamp() - place.stat().st_mtime
        if sha256 in recorded:
            settle(sha256)
        elif age > KEPT_WAITING.total_seconds():
            place.unlink(missing_ok=True)
        else:
            continue
        touched += 1
    return touched


def waiting() -> list[str]:
    """The SHA-256 of the files that were not brought to their place."""
    return [place.stem for place in _left() if NAME.fullmatch(place.name)]


def recorded_among(hashes: list[str]) -> set[str]:
    """Those of them that rows of this environment name and that were not erased."""
    named = select(CertificateFile.sha256).where(
        CertificateFile.sha256.in_(hashes), CertificateFile.erased_at.is_(None)
    )
    return set(db.session.scalars(named))


def _left() -> Iterator[Path]:
    folder = _folder() / WAITING
    return folder.iterdir() if folder.is_dir() else iter(())


def _folder() -> Path:
    return config.current().instance / FOLDER


def _place(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"


def _waiting(sha256: str) -> Path:
    return _folder() / WAITING / f"{sha256}.pdf"


def _renamed(fresh: Path, place: Path) -> None:
    fresh.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
