"""Makers of signatures: an office with a key and an officer, what was confirmed, and a worker that has run."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actor import Actor
from portal.certificates import signing
from portal.certificates.models import Certificate, CertificateFile, SigningIntent
from portal.database import db
from portal.environments import environment
from portal.jobs import signing as worker
from tests.makers.certificates import Journey, a_journey, a_submitted, an_officer, somebody_of
from tests.makers.seals import a_key


@dataclass
class Office:
    """A journey whose office of origin has an officer and whose environment has a seal key."""

    journey: Journey
    officer: Actor
    maker: Actor

    def submitted(self) -> Certificate:
        """One more certificate that waits for a signature."""
        return a_submitted(self.journey, self.maker)


def an_office() -> Office:
    """In the current environment."""
    journey = a_journey()
    a_key(environment.current().value)
    return Office(journey, an_officer(journey.origin), somebody_of(journey.sender))


def confirmed(certificate: Certificate, officer: Actor) -> str:
    """Looked at and confirmed at once; the key of the round."""
    shown = signing.to_sign(certificate.id, officer)
    return signing.confirm([certificate.id], {certificate.id: shown.data_hash}, officer)


def signed(certificate: Certificate, officer: Actor) -> Certificate:
    """The certificate after the worker had its turn."""
    confirmed(certificate, officer)
    worker.sign_due()
    return now(certificate)


def now(certificate: Certificate) -> Certificate:
    """As the database has it."""
    return db.session.get_one(Certificate, certificate.id, populate_existing=True)


def the_intent(certificate: Certificate) -> SigningIntent:
    """The newest one of that certificate."""
    own = db.session.query(SigningIntent).filter_by(certificate_id=certificate.id).populate_existing()
    newest = own.order_by(SigningIntent.id.desc()).first()
    assert newest is not None
    return newest


def versions_of(certificate: Certificate) -> list[CertificateFile]:
    """The rows of its files, oldest first."""
    own = db.session.query(CertificateFile).filter_by(certificate_id=certificate.id)
    return own.order_by(CertificateFile.id).populate_existing().all()
