"""The end of a certificate against those who are at it at the same moment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEvent
from portal.certificates import drafting, files, queries, retention, versions
from portal.certificates.models import Certificate, CertificateFile
from portal.certificates.sealing import SealedFile
from portal.database import db
from portal.environments.environment import Environment
from portal.jobs import prolonging
from portal.workflow import NotThere
from tests.makers.certificates import a_draft, a_journey, now_valid, somebody_of
from tests.service.certificates.test_races import at_once


def a_past_one() -> Certificate:
    """A valid certificate past its date, with a file whose time stamp is to be renewed."""
    journey = a_journey()
    certificate = now_valid(a_draft(journey, somebody_of(journey.sender)), somebody_of(journey.origin))
    certificate.keep_until = clock.now().date() - timedelta(days=1)
    content = b"%PDF-1.7 as it was sealed"
    sha256 = files.put(content)
    db.session.add(CertificateFile(
        certificate_id=certificate.id, sha256=sha256, size=len(content), level="B-T", stamp="stamped",
        seal_key="0" * 64, made_at=clock.now(), renew_at=clock.now(),
    ))  # fmt: skip
    db.session.commit()
    files.settle(sha256)
    return certificate


def test_two_workers_erase_it_once(app: Flask, production: Environment) -> None:
    a_past_one()
    db.session.rollback()
    assert sorted(at_once(app, *[retention.erase_due] * 3), key=str) == [0, 0, 1]
    assert db.session.query(AuditEvent).filter_by(name="CertificateErased").count() == 1


def test_a_version_that_is_made_while_it_is_erased_is_thrown_away(production: Environment) -> None:
    certificate_id = a_past_one().id
    [file_id] = versions.due_ids()
    due = versions.claim(file_id)
    assert due is not None
    newer = files.put(b"%PDF-1.7 with one stamp more")
    assert retention.erase_due() == 1
    assert not versions.add(due, SealedFile(newer, 28, "B-LTA", "stamped", "0" * 64, None))
    files.discard(newer)
    assert db.session.query(CertificateFile).filter_by(certificate_id=certificate_id).count() == 1
    with pytest.raises(files.NotKept):
        files.read(newer)


def test_a_draft_that_was_erased_cannot_be_filled_again(production: Environment) -> None:
    journey = a_journey()
    maker = somebody_of(journey.sender)
    draft = a_draft(journey, maker)
    draft.created_at = clock.now() - timedelta(days=3700)
    db.session.commit()
    number = draft.id
    assert prolonging.erase() == 1
    with pytest.raises(NotThere):
        drafting.save_boxes(number, {"I.8": "Ain"}, {}, maker)
    with pytest.raises(NotThere):
        queries.readable(number, maker)


def test_a_file_that_moves_to_its_place_while_it_is_read_is_found(
    production: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, read = files.put(b"%PDF-1.7 just sealed"), Path.read_bytes

    def reads_while_it_moves(place: Path) -> Any:
        try:
            return read(place)
        finally:
            if files.waiting():
                files.settle(sha256)

    monkeypatch.setattr(Path, "read_bytes", reads_while_it_moves)
    assert files.read(sha256) == b"%PDF-1.7 just sealed"
