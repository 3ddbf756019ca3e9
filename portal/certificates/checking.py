"""What anybody with a file learns: its seal in three values, whether it is one of ours, and whether it still counts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from portal.certificates import queries, verification
from portal.certificates.models import CertificateFile
from portal.certificates.verification import Record
from portal.database import db, writes_ahead
from portal.environments import environment
from portal.limits import ledger, rates
from portal.limits.ledger import TooMany
from portal.seals import validating
from portal.seals.validating import Verdict


class Outcome(StrEnum):
    """The three values of EN 319 102-1: it holds, it cannot be told, it does not hold."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


HEAVY = frozenset({"timed-out", "too-complex", "not-checked"})
"""Reasons of files that used up the time or the memory of an examination; a few kilobytes can do that."""
AT_ONCE, PATIENCE_SECONDS, AGAIN_IN = 2, 3.0, timedelta(seconds=30)
"""Files that one process looks at: its other threads serve everybody else, whatever strangers send."""
_places = threading.BoundedSemaphore(AT_ONCE)
NOT_RECORDED = "not-recorded"
"""The seal holds, and the file is none of those that were kept when certificates were sealed here."""


@dataclass(frozen=True)
class Checked:
    """The answer about a file: `outcome` with its `reason` (a word, empty when passed), and what is public of it.

    `sha256` is that of the whole file, hexadecimal. `record` is there where the file is one of the recorded versions;
    a file passes only then. `signed_at` is a claim of the signer, `stamped_at` the time of a stamp; both aware.
    """

    outcome: Outcome
    reason: str
    sha256: str
    key_sha256: str
    signed_at: datetime | None
    stamped_at: datetime | None
    record: Record | None


def check(pdf: bytes) -> Checked:
    """Check a file (at most FILE_BYTES_AT_MOST bytes) against the keys and the records of this environment.

    Never raises for what stands in it.
    """
    sha256 = hashlib.sha256(pdf).hexdigest()
    verdict = validating.verdict(pdf, environment.current().value)
    record = recorded(sha256)
    outcome, reason = _joined(verdict, record)
    return Checked(outcome, reason, sha256, verdict.key_sha256, verdict.signed_at, verdict.stamped_at, record)


def recorded(sha256: str) -> Record | None:
    """What is public of the certificate of which that is one of the stored versions, here; None for any other file."""
    row = db.session.scalar(select(CertificateFile).where(CertificateFile.sha256 == sha256))
    found = queries.by_id(row.certificate_id) if row else None
    return verification.public_record(found) if found else None


def _joined(verdict: Verdict, record: Record | None) -> tuple[Outcome, str]:
    outcome = Outcome(verdict.outcome)
    if outcome is not Outcome.PASSED:
        return outcome, verdict.reason
    if not verdict.covers_whole_file:  # a seal over a part of the file says nothing of the rest
        return Outcome.FAILED, "changed-afterwards"
    return (Outcome.PASSED, "") if record else (Outcome.INDETERMINATE, NOT_RECORDED)


def check_for(network: str, pdf: bytes) -> Checked:
    """`check` for somebody of that network, counted before; what could not be examined to its end makes them wait.

    Raises TooMany, also while AT_ONCE other files are looked at. Commits, so that a long check keeps nobody from
    writing."""
    ledger.check_delay(rates.HEAVY_FILE_DELAY, network)
    ledger.take(rates.VERIFIED_FILES_PER_NETWORK, network)
    db.session.commit()
    writes_ahead.set(False)
    with _a_place():
        answer = check(pdf)
    if answer.reason in HEAVY:
        _count_heavy(network)
    return answer


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise TooMany("files-at-once", AGAIN_IN)
    try:
        yield
    finally:
        _places.release()


def _count_heavy(network: str) -> None:
    db.session.rollback()  # the file was looked at while reading, and a reading transaction cannot be upgraded
    writes_ahead.set(True)
    ledger.count_failure(rates.HEAVY_FILE_DELAY, network)
    db.session.commit()
    writes_ahead.set(False)
