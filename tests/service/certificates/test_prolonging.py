"""Further versions of a sealed file, and the end of everything after the retention date."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock, config
from portal.audit.models import AuditEvent
from portal.certificates import files, sealing, signing
from portal.certificates.models import (
    Certificate,
    CertificateBox,
    CertificateFile,
    CertificateParty,
    SigningIntent,
)
from portal.config import Settings
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import prolonging
from portal.jobs import signing as worker
from portal.seals import stamping
from tests.makers.certificates import a_draft
from tests.makers.seals import a_service, garbage
from tests.makers.signing import an_office, confirmed, now, signed, versions_of
from tests.makers.stamp_services import a_foreign_service

pytestmark = pytest.mark.usefixtures("production")
Change = Callable[..., Settings]


def a_signed() -> int:
    """A valid certificate."""
    office = an_office()
    return signed(office.submitted(), office.officer).id


def found(certificate_id: int) -> Certificate:
    """As the database has it."""
    return db.session.get_one(Certificate, certificate_id, populate_existing=True)


def test_the_long_term_level_is_a_version_of_its_own_and_the_first_one_stays() -> None:
    certificate_id = a_signed()
    before = files.first(found(certificate_id))
    assert prolonging.prolong_due() == 1
    first, newest = files.first(found(certificate_id)), files.newest(found(certificate_id))
    assert first == before
    assert (first.level, newest.level) == ("B-T", "B-LTA")
    assert newest.content.startswith(first.content)
    assert prolonging.prolong_due() == 0
    assert db.session.query(AuditEvent).filter_by(name="CertificateProlonged").count() == 1


def test_a_time_stamp_is_renewed_before_it_ages_and_not_earlier() -> None:
    certificate_id = a_signed()
    prolonging.prolong_due()
    row = versions_of(found(certificate_id))[-1]
    assert row.stamped_until is not None
    assert row.renew_at == row.stamped_until - timedelta(days=90)
    row.renew_at = clock.now()
    db.session.commit()
    assert prolonging.prolong_due() == 1
    assert [one.level for one in versions_of(found(certificate_id))] == ["B-T", "B-LTA", "B-LTA"]
    assert [one.renew_at is None for one in versions_of(found(certificate_id))] == [True, True, False]


def test_a_service_that_answers_nonsense_costs_the_stamp_and_never_makes_one_up(settings: Change) -> None:
    office = an_office()
    certificate_id = office.submitted().id
    confirmed(found(certificate_id), office.officer)
    with a_service(garbage) as address:
        settings(tsa_url=address)
        worker.sign_due()
        assert prolonging.prolong_due() == 0
    done = files.first(found(certificate_id))
    assert (found(certificate_id).state, done.level, done.stamp) == ("valid", "B-B", "pending")
    settings(tsa_url="")
    assert prolonging.prolong_due() == 0  # it is tried again after a while only
    clock.advance(timedelta(hours=2))
    assert prolonging.prolong_due() == 1
    assert files.newest(found(certificate_id)).level == "B-LTA"


def test_without_a_service_files_say_so_and_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "is_configured", lambda: False)
    certificate_id = a_signed()
    assert (files.first(found(certificate_id)).level, files.first(found(certificate_id)).stamp) == (
        "B-B",
        "none",
    )
    assert prolonging.prolong_due() == 0
    assert len(versions_of(found(certificate_id))) == 1


def test_after_the_retention_date_files_and_names_go_and_number_state_and_hashes_stay(app: Flask) -> None:
    certificate_id = a_signed()
    prolonging.prolong_due()
    kept, hashes = found(certificate_id), [row.sha256 for row in versions_of(found(certificate_id))]
    number, data_hash = kept.number, kept.data_hash
    assert prolonging.erase() == 0
    found(certificate_id).keep_until = clock.now().date() - timedelta(days=1)
    db.session.commit()
    assert prolonging.erase() == 1
    gone = found(certificate_id)
    assert (gone.number, gone.state, gone.data_hash) == (number, "valid", data_hash)
    assert (gone.signatory_name, gone.signatory_username) == ("", "")
    assert gone.erased_at is not None
    for table in (CertificateBox, CertificateParty):
        assert db.session.query(table).filter_by(certificate_id=certificate_id).count() == 0
    assert [row.sha256 for row in versions_of(gone)] == hashes
    with pytest.raises(files.NotKept) as refused:
        files.first(gone)
    assert refused.value.word == "erased"
    with pytest.raises(files.NotKept):
        files.read(hashes[0])
    assert prolonging.erase() == 0


def test_after_ten_years_nothing_personal_is_left_and_not_before() -> None:
    certificate_id = a_signed()
    row = found(certificate_id)
    number, keep_until, signed_at = row.number, row.keep_until, row.signed_at
    assert keep_until is not None
    assert signed_at is not None
    [sha256] = [one.sha256 for one in versions_of(row)]
    clock.advance(timedelta(days=(keep_until - clock.now().date()).days - 1))
    assert prolonging.erase() == 0
    assert files.read(sha256)
    clock.advance(timedelta(days=3))
    assert clock.now() - signed_at > timedelta(days=3650)
    assert prolonging.erase() == 1
    gone = found(certificate_id)
    assert (gone.number, gone.state, gone.signatory_name) == (number, "valid", "")
    assert [one.signatory_name for one in db.session.query(SigningIntent)] == [""]
    with pytest.raises(files.NotKept):
        files.read(sha256)
    assert db.session.query(AuditEvent).filter_by(name="CertificateErased").count() == 1


def test_what_was_never_signed_goes_as_long_after_it_was_begun() -> None:
    office = an_office()
    draft = a_draft(office.journey, office.maker)
    certificate_id = draft.id
    assert prolonging.erase() == 0
    found(certificate_id).created_at = clock.now() - timedelta(days=3700)
    db.session.commit()
    assert prolonging.erase() == 1
    assert found(certificate_id).erased_at is not None


def test_an_orphan_in_the_store_goes_after_a_day_and_a_file_with_a_row_finds_its_place() -> None:
    certificate_id = a_signed()
    [row] = versions_of(found(certificate_id))
    content = files.read(row.sha256)
    files.erase(row.sha256)
    files.put(content)
    orphan = files.put(b"%PDF of a worker that was killed")
    assert sorted(files.waiting()) == sorted([row.sha256, orphan])
    assert files.first(found(certificate_id)).content == content
    prolonging.erase()
    assert files.waiting() == [orphan]
    place = config.current().instance / "certificates" / "waiting" / f"{orphan}.pdf"
    os.utime(place, (0, 0))
    prolonging.erase()
    assert files.waiting() == []
    assert files.first(found(certificate_id)).content == content


def test_a_worker_that_is_killed_again_and_again_ends_the_intent_with_its_reason() -> None:
    office = an_office()
    certificate_id = office.submitted().id
    confirmed(found(certificate_id), office.officer)
    with using(Environment.PRODUCTION):
        for _time in range(sealing.TRIES):
            [intent_id] = sealing.due_ids()
            assert sealing.claim(intent_id) is not None
            assert sealing.due_ids() == []
            sealing.intent(intent_id).lease_until = clock.now() - timedelta(seconds=1)
            db.session.commit()
    worker.sign_due()
    [attempt] = signing.attempts(certificate_id)
    assert (attempt.state, attempt.failure) == ("failed", "interrupted")
    assert now(found(certificate_id)).state == "submitted"
    assert db.session.query(CertificateFile).count() == 0
    [event] = db.session.query(AuditEvent).filter_by(name="SigningFailed")
    assert json.loads(event.facts)["reason"] == "interrupted"


def test_a_worker_whose_lease_ended_throws_away_what_it_made(monkeypatch: pytest.MonkeyPatch) -> None:
    office = an_office()
    certificate_id = office.submitted().id
    confirmed(found(certificate_id), office.officer)
    seal = worker.sealed_paper

    def slow(*arguments: object) -> object:
        done = seal(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(worker, "sealed_paper", seal)
        db.session.commit()
        [intent] = db.session.query(sealing.SigningIntent).populate_existing()
        intent.lease_until = clock.now() - timedelta(seconds=1)
        db.session.commit()
        worker.sign_due()
        return done

    monkeypatch.setattr(worker, "sealed_paper", slow)
    worker.sign_due()
    assert found(certificate_id).state == "valid"
    assert len(versions_of(found(certificate_id))) == 1
    assert files.waiting() == []


def test_while_nobody_says_whether_the_stamper_was_withdrawn_a_file_keeps_its_level(
    settings: Change, tmp_path: Path
) -> None:
    with a_foreign_service() as foreign:
        settings(tsa_url=f"{foreign.address}/", tsa_root=foreign.write_root(tmp_path))
        certificate_id = a_signed()
        foreign.is_away = True
        assert prolonging.prolong_due() == 0
        assert [one.level for one in versions_of(found(certificate_id))] == ["B-T"]
        foreign.is_away = False
        assert prolonging.prolong_due() == 0  # it is tried again after a while only
        clock.advance(timedelta(hours=1, minutes=1))
        assert prolonging.prolong_due() == 1
    assert [one.level for one in versions_of(found(certificate_id))] == ["B-T", "B-LTA"]
