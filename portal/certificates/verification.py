"""What anybody with the paper learns of a certificate: what it is, who signed it, and whether it still counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal import crypto
from portal.certificates import definitions, queries
from portal.certificates.models import Certificate, CertificateFile
from portal.certificates.numbers import CODE_LETTERS
from portal.certificates.states import SIGNED, CertificateState
from portal.database import db, writes_ahead
from portal.limits import ledger, rates

FILE_BYTES_AT_MOST = 5 * 1024 * 1024
"""Of a file that anybody may have checked; a certificate of sixty pages has not a tenth of it."""
TYPED_AT_MOST = 80
"""Characters of a number or a code, with its blanks and hyphens; neither is half as long."""
NO_CODE = "-" * CODE_LETTERS
"""Compared with where there is no certificate, so that both answers cost the same."""


@dataclass(frozen=True)
class Record:
    """What is public of a signed certificate to whoever holds its paper or its file; no person but the signatory.

    `names` are those of the model by language; `since` is when it was replaced or cancelled; hashes are hexadecimal.
    After the retention date the names of the signatory are gone and `is_erased` says so.
    """

    environment: str
    number: str
    document: str
    model_code: str
    names: Mapping[str, str]
    state: CertificateState
    since: datetime | None
    office: str
    signatory: str
    signed_at: datetime | None
    data_hash: str
    seal_key: str
    level: str
    stamp: str
    replaced_by: str
    replaces: str
    outage_reference: str
    is_specimen: bool
    is_erased: bool


def bare(typed: str) -> str:
    """A code as it was typed, without blanks and hyphens and in capitals."""
    text = unicodedata.normalize("NFKC", typed[:TYPED_AT_MOST])
    return "".join(letter for letter in text.upper() if letter.isalnum())


def record_of(number: str, code: str) -> Record | None:
    """The record of the certificate with that number and code in this environment; None for both kinds of wrong."""
    found = queries.by_number(number[:TYPED_AT_MOST])
    is_right = crypto.same(bare(code), found.verification_code if found else NO_CODE)
    return public_record(found) if found and is_right and found.state in SIGNED else None


def public_record(certificate: Certificate) -> Record:
    """What is public of a certificate that was signed."""
    definition = definitions.kept(certificate.definition_sha256)
    newest = _newest_file(certificate.id)
    return Record(
        environment=certificate.environment,
        number=certificate.number or "",
        document=certificate.document,
        model_code=certificate.model_code,
        names=definition.names,
        state=CertificateState(certificate.state),
        since=_since(certificate),
        office=certificate.signatory_office,
        signatory=certificate.signatory_name,
        signed_at=certificate.signed_at,
        data_hash=certificate.data_hash,
        seal_key=newest.seal_key if newest else "",
        level=newest.level if newest else "",
        stamp=newest.stamp if newest else "",
        replaced_by=_number_of(certificate.replaced_by_id),
        replaces=_number_of(certificate.replaces_id),
        outage_reference=certificate.outage_reference,
        is_specimen=not definition.verified,
        is_erased=certificate.erased_at is not None,
    )


def _newest_file(certificate_id: int) -> CertificateFile | None:
    own = select(CertificateFile).where(CertificateFile.certificate_id == certificate_id)
    return db.session.scalar(own.order_by(CertificateFile.id.desc()).limit(1))


def _since(certificate: Certificate) -> datetime | None:
    if certificate.state == CertificateState.CANCELLED:
        return certificate.decided_at
    follower = queries.by_id(certificate.replaced_by_id) if certificate.replaced_by_id else None
    return follower.signed_at if follower else None


def _number_of(certificate_id: int | None) -> str:
    found = queries.by_id(certificate_id) if certificate_id else None
    return found.number or "" if found else ""


def check_may_ask(network: str) -> None:
    """Raise TooMany while that network waits after numbers and codes that did not fit."""
    ledger.check_delay(rates.VERIFICATION_DELAY, network)


def count_miss(network: str) -> None:
    """Count a number and a code that did not fit, in a transaction of its own: whoever guesses waits."""
    db.session.rollback()  # the page was made while reading, and a reading transaction cannot be upgraded
    before = writes_ahead.get()
    writes_ahead.set(True)
    ledger.count_failure(rates.VERIFICATION_DELAY, network)
    db.session.commit()
    writes_ahead.set(before)
