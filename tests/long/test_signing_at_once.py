"""Two hundred signatures at once while workers are killed: each has its number, its end, its file, its events."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bench.servers import ROOT
from portal import create_app, migrating, stamps
from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.audit.verifying import verify_chain
from portal.certificates import files, sealing, signing
from portal.certificates.models import Certificate, CertificateFile, SigningIntent
from portal.certificates.states import OPEN_INTENTS
from portal.config import load_settings
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.jobs import sealing as trail_sealing
from portal.reference.loading import load_reference
from tests.databases import ENGINES
from tests.makers.signing import an_office

pytestmark = pytest.mark.long
SIGNATURES = int(os.environ.get("SIGNATURES", "200"))
PRESSERS, WORKERS = 8, 2
KILLS, ENDED_BETWEEN = 10, (5, 15)
"""A worker needs some seconds to begin, more on a busy machine: killed by the clock, none would ever end anything."""
SECONDS, LOOK_EVERY = 2400, (0.2, 1.0)


@dataclass
class Workers:
    """Processes that sign; one of them is killed now and then and another one takes its place."""

    variables: dict[str, str]
    running: list[subprocess.Popen[bytes]]
    killed: int = 0

    def start(self) -> None:
        """One more."""
        command = [sys.executable, "-m", "tests.long.signing_worker"]
        self.running.append(
            subprocess.Popen(command, env=self.variables, cwd=ROOT, stderr=subprocess.DEVNULL)
        )

    def kill_one(self) -> None:
        """Whatever it was doing."""
        assert all(worker.poll() is None for worker in self.running), "a worker ended by itself"
        self.end(random.choice(self.running))
        self.killed += 1
        self.start()

    def end(self, worker: subprocess.Popen[bytes]) -> None:
        """By its process id."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)


@pytest.fixture(params=ENGINES)
def variables(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The settings of a demo instance of this test alone."""
    own = {"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path / "instance"), "PORTAL_LOG_LEVEL": "ERROR"}
    if request.param == "postgresql":
        own["PORTAL_DATABASE_URL"] = request.getfixturevalue("postgres").url
    return own


@pytest.fixture
def app(variables: dict[str, str]) -> Iterator[Flask]:
    """An application of this process on it."""
    application = create_app(load_settings(variables))
    with application.app_context():
        writes_ahead.set(True)
        migrating.upgrade(db.engine)
        stamps.set_mode("demo")
        load_reference()
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def workers(variables: dict[str, str]) -> Iterator[Workers]:
    """Started by the test, ended by their process ids."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    some = Workers({**kept, **variables, "PYTHONPATH": str(ROOT)}, [])
    yield some
    for worker in list(some.running):
        some.end(worker)


def press(app: Flask, ids: list[int], officer: Actor) -> None:
    """One browser window: page and button, one certificate after the other; busy is tried again."""
    with app.app_context(), using(Environment.PRODUCTION):
        writes_ahead.set(True)
        for certificate_id in ids:
            while not _pressed(certificate_id, officer):
                time.sleep(0.2)
        db.session.remove()


def _pressed(certificate_id: int, officer: Actor) -> bool:
    try:
        shown = signing.to_sign(certificate_id, officer)
        signing.confirm([certificate_id], {certificate_id: shown.data_hash}, officer)
    except OperationalError:
        db.session.rollback()
        return False
    return True


def open_intents() -> int:
    """How many wait or are being worked at."""
    count = select(func.count()).select_from(SigningIntent).where(SigningIntent.state.in_(OPEN_INTENTS))
    left = db.session.scalar(count) or 0
    db.session.rollback()
    return left


def wait_until_all_ended(workers: Workers) -> None:
    """Kill one whenever some more have ended, as long as there is much to do; the last ones are left in peace."""
    end = time.monotonic() + SECONDS
    next_kill = SIGNATURES - random.randint(*ENDED_BETWEEN)
    while (left := open_intents()) and time.monotonic() < end:
        if left <= next_kill and left > SIGNATURES // 10 and workers.killed < KILLS:
            workers.kill_one()
            next_kill = left - random.randint(*ENDED_BETWEEN)
        time.sleep(random.uniform(*LOOK_EVERY))


def test_signatures_at_once_survive_killed_workers(app: Flask, workers: Workers) -> None:
    with using(Environment.PRODUCTION):
        office = an_office()
        ids = [office.submitted().id for _number in range(SIGNATURES)]
        officer = office.officer
        db.session.remove()
        for _number in range(WORKERS):
            workers.start()
        with ThreadPoolExecutor(PRESSERS) as pool:
            list(pool.map(lambda part: press(app, ids[part::PRESSERS], officer), range(PRESSERS)))
        writes_ahead.set(False)
        wait_until_all_ended(workers)
        writes_ahead.set(True)
        assert workers.killed > 0
        check_ends(ids)
        check_trail(ids)


def check_ends(ids: list[int]) -> None:
    """Each intent has an end; each sealed one its number, its one file with row and hash; a failed one its reason."""
    intents = db.session.scalars(select(SigningIntent)).all()
    assert len({one.number for one in intents}) == len(intents) == SIGNATURES
    assert {one.state for one in intents} <= {"sealed", "failed"}
    sealed = {one.certificate_id: one for one in intents if one.state == "sealed"}
    assert {one.failure for one in intents if one.state == "failed"} <= {"interrupted"}
    assert len(sealed) > SIGNATURES * 0.9
    for certificate in db.session.scalars(select(Certificate).where(Certificate.id.in_(ids))):
        expected = sealed.get(certificate.id)
        assert certificate.number == (expected.number if expected else None)
        assert certificate.state == ("valid" if expected else "submitted")
    rows = db.session.scalars(select(CertificateFile)).all()
    assert sorted(row.certificate_id for row in rows) == sorted(sealed)
    for row in rows:
        assert len(files.read(row.sha256)) == row.size
    assert not sealing.due_ids()


def check_trail(ids: list[int]) -> None:
    """One confirmation and one end for each, in a chain that holds."""
    for name, at_least in (("SigningConfirmed", SIGNATURES), ("CertificateSigned", 0), ("SigningFailed", 0)):
        count = select(func.count()).select_from(AuditEvent).where(AuditEvent.name == name)
        distinct = select(func.count(AuditEvent.subject_id.distinct())).where(AuditEvent.name == name)
        found = db.session.scalar(count) or 0
        assert found == db.session.scalar(distinct)
        assert found >= at_least
    db.session.commit()
    trail_sealing.seal()
    assert verify_chain("production").wrong == []
    assert len(ids) == SIGNATURES
