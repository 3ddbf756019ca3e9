"""How long a certificate is kept, and its end: files and personal data go, number, state and hashes stay (D-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from portal import clock, config
from portal.audit import signing_events, trail
from portal.certificates import files
from portal.certificates.models import (
    Certificate,
    CertificateBox,
    CertificateControl,
    CertificateFile,
    CertificateParty,
    SigningIntent,
)
from portal.certificates.states import CertificateState, FileLevel
from portal.database import db

BATCH = 100
RENEWED_BEFORE = timedelta(days=90)
"""So long before the certificate behind a time stamp ends, a newer stamp is put on top of it."""
NOTHING = "{}"


def kept_until(day: date) -> date:
    """The last day of what was signed on that day."""
    return _years_from(day, config.current().certificate_years)


def _years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def renewed_from(level: str, stamped_until: datetime | None) -> datetime:
    """From when on the next version of a file is made: at once for one that has not the long-term level yet."""
    if level == FileLevel.B_LTA and stamped_until is not None:
        return stamped_until - RENEWED_BEFORE
    return clock.now()


def erase_due() -> int:
    """Erase what is past its date in this environment, some at a time, each in a transaction; returns how many."""
    erased = 0
    while ids := _due():
        erased += sum(_erase(certificate_id) for certificate_id in ids)
    db.session.rollback()
    return erased


def _due() -> list[int]:
    query = select(Certificate.id).where(_is_over(), Certificate.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Certificate.id).limit(BATCH)))


def _is_over() -> ColumnElement[bool]:
    """Past the date it was signed with; what was never signed, as long after it was begun."""
    today = clock.now().astimezone(ZoneInfo(config.current().time_zone)).date()
    begun_before = clock.now() - timedelta(days=366 * config.current().certificate_years)
    never_signed = and_(Certificate.keep_until.is_(None), Certificate.created_at < begun_before)
    return or_(Certificate.keep_until < today, never_signed)


def _erase(certificate_id: int) -> bool:
    """Files first: whatever stops this in between, the next turn does it again to its end.

    The certificate is held, so that nobody adds a version meanwhile; False where another worker was faster."""
    held = select(Certificate).where(Certificate.id == certificate_id).with_for_update(of=Certificate)
    certificate = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if certificate.erased_at is not None:
        db.session.rollback()
        return False
    own = CertificateFile.certificate_id == certificate_id
    for sha256 in db.session.scalars(select(CertificateFile.sha256).where(own)).all():
        files.erase(sha256)
    for table in (CertificateBox, CertificateParty):
        db.session.execute(delete(table).where(table.certificate_id == certificate_id))
    db.session.execute(update(CertificateFile).where(own).values(erased_at=clock.now(), renew_at=None))
    _forget_names(certificate)
    by = certificate.issuer_id or certificate.creator_id
    trail.record(signing_events.CertificateErased(certificate_id, by))
    db.session.commit()
    return True


def _forget_names(certificate: Certificate) -> None:
    """Numbers of accounts stay, as in the audit trail: whose they are goes with the account.

    A draft is deleted with it: filled again, it would never be erased again."""
    is_draft = certificate.state == CertificateState.DRAFT
    state = CertificateState.DELETED.value if is_draft else certificate.state
    db.session.execute(
        update(CertificateControl)
        .where(CertificateControl.certificate_id == certificate.id)
        .values(values=NOTHING)
    )
    db.session.execute(
        update(SigningIntent).where(SigningIntent.certificate_id == certificate.id).values(signatory_name="")
    )
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate.id)
        .values(
            signatory_name="", signatory_username="", reason_text="", outage_reference="", erased_at=clock.now(),
            state=state,
        )
    )  # fmt: skip
