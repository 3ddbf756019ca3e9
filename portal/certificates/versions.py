"""Further versions of a sealed file: which are due, and their rows; the first one is never touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal import clock
from portal.audit import signing_events, trail
from portal.certificates import changing, sealing
from portal.certificates.models import Certificate, CertificateFile
from portal.certificates.sealing import SealedFile
from portal.database import db, rows_changed

BATCH = 50
LATER = timedelta(hours=1)
"""A file whose next version could not be made is tried again then."""
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Due:
    """A file that one worker prolongs: its row, and the SHA-256 under which it lies in the store."""

    file_id: int
    certificate_id: int
    sha256: str


def due_ids() -> list[int]:
    """The next files whose time has come, those that wait longest first."""
    query = select(CertificateFile.id).where(CertificateFile.renew_at <= clock.now())
    return list(db.session.scalars(query.order_by(CertificateFile.renew_at).limit(BATCH)))


def claim(file_id: int) -> Due | None:
    """Take it for this worker for some minutes by one conditional UPDATE; None where another one has it. Commits."""
    now = clock.now()
    taken = db.session.execute(
        update(CertificateFile)
        .where(CertificateFile.id == file_id, CertificateFile.renew_at <= now)
        .values(renew_at=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if rows_changed(taken) == 0:
        return None
    row = db.session.get_one(CertificateFile, file_id, populate_existing=True)
    return Due(row.id, row.certificate_id, row.sha256)


def add(due: Due, file: SealedFile) -> bool:
    """The version after it, with its event; False where another worker was faster. Commits."""
    db.session.rollback()
    certificate = changing.held(due.certificate_id)
    ended = db.session.execute(
        update(CertificateFile)
        .where(CertificateFile.id == due.file_id, CertificateFile.renew_at.is_not(None))
        .values(renew_at=None)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(ended) == 0:
        db.session.rollback()
        return False
    row = sealing.add_version(certificate, file)
    by = certificate.issuer_id or certificate.creator_id
    trail.record(signing_events.CertificateProlonged(certificate.id, by, row.id, file.sha256))
    db.session.commit()
    return True


def put_off(due: Due) -> None:
    """Try it again later. Commits."""
    db.session.rollback()
    db.session.execute(
        update(CertificateFile)
        .where(CertificateFile.id == due.file_id, CertificateFile.renew_at.is_not(None))
        .values(renew_at=clock.now() + LATER)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def of(certificate: Certificate) -> list[CertificateFile]:
    """Every version, oldest first."""
    own = select(CertificateFile).where(CertificateFile.certificate_id == certificate.id)
    return list(db.session.scalars(own.order_by(CertificateFile.id)))
