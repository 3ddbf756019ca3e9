"""A signature and the end of the right to sign at the same moment: once the right went, nothing is signed (F-15)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from portal import clock
from portal.audit.models import AuditEvent
from portal.certificates.models import CertificateFile
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.identity.factor_models import Suspension
from portal.identity.models import Account
from portal.jobs import signing as worker
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.seals.pades import Sealed
from tests.makers.seals import a_sealed
from tests.makers.signing import Office, an_office, confirmed, now, the_intent

ROUNDS = 6


@dataclass
class Signers:
    """The office, and what its officer may lose: each by its number, since threads have sessions of their own."""

    office: Office
    account_id: int
    office_id: int

    def role_goes(self) -> None:
        """The role is suspended."""
        query = db.select(Role).where(Role.account_id == self.account_id).with_for_update()
        db.session.scalars(query).one().state = RoleState.SUSPENDED.value

    def flag_goes(self) -> None:
        """«May sign» is taken away."""
        query = db.select(Role).where(Role.account_id == self.account_id).with_for_update()
        db.session.scalars(query).one().may_sign = False

    def office_goes(self) -> None:
        """The office is suspended."""
        query = db.select(Organisation).where(Organisation.id == self.office_id).with_for_update()
        db.session.scalars(query).one().state = OrganisationState.SUSPENDED.value

    def person_goes(self) -> None:
        """The person is suspended."""
        db.session.scalars(db.select(Account).where(Account.id == self.account_id).with_for_update()).one()
        row = Suspension(
            account_id=self.account_id, environment_key="production", reason="panic",
            suspended_at=clock.now(), factors_removed=1, network="", browser="",
        )  # fmt: skip
        db.session.add(row)


@pytest.fixture
def signers(production: Environment, monkeypatch: pytest.MonkeyPatch) -> Signers:
    """One sealed page serves all rounds, each with bytes of its own: what is looked at is who was first."""
    office = an_office()
    first = a_sealed("production")

    def sealed(paper: worker.Paper, _key: worker.ActiveKey) -> Sealed:
        return replace(first, pdf=first.pdf + b"%" + paper.number.encode())

    monkeypatch.setattr(worker, "sealed_paper", sealed)
    return Signers(office, office.officer.account_id, office.journey.origin.id)


def beside(app: Flask, act: Callable[[], object], errors: list[Exception]) -> threading.Thread:
    """The act in a thread and a session of its own."""

    def run() -> None:
        with app.app_context(), using(Environment.PRODUCTION):
            writes_ahead.set(True)
            try:
                act()
                db.session.commit()
            except Exception as error:
                errors.append(error)
            db.session.remove()

    return threading.Thread(target=run)


@pytest.mark.parametrize("what", ["role_goes", "flag_goes", "office_goes", "person_goes"])
def test_what_was_taken_away_first_stops_the_signature(
    app: Flask, signers: Signers, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper is made and sealed, then the right goes, and only then the result would be written."""
    certificate = signers.office.submitted()
    confirmed(certificate, signers.office.officer)
    certificate_id, errors = certificate.id, list[Exception]()
    put = worker.files.put

    def put_late(content: bytes) -> str:
        thread = beside(app, getattr(signers, what), errors)
        thread.start()
        thread.join()
        return put(content)

    monkeypatch.setattr(worker.files, "put", put_late)
    db.session.rollback()
    worker.sign_due()
    assert not errors
    row = now(db.session.get_one(worker.Certificate, certificate_id))
    assert (row.state, row.number, row.signed_at) == ("submitted", None, None)
    assert (the_intent(row).state, the_intent(row).failure) == ("failed", "role")
    assert not db.session.query(CertificateFile).count()
    assert worker.files.waiting() == []


def test_at_the_same_moment_one_of_both_is_first_and_the_trail_agrees(app: Flask, signers: Signers) -> None:
    """Signed before the role went, or not at all: the events stand in the order in which things happened."""
    ends = set()
    for _round in range(ROUNDS):
        certificate_id = signers.office.submitted().id
        confirmed(db.session.get_one(worker.Certificate, certificate_id), signers.office.officer)
        db.session.remove()
        errors: list[Exception] = []
        threads = [beside(app, worker.sign_due, errors), beside(app, signers.role_goes, errors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        row = db.session.get_one(worker.Certificate, certificate_id, populate_existing=True)
        intent = the_intent(row)
        ends.add(intent.state)
        events = db.session.query(AuditEvent).filter_by(subject_id=certificate_id, name="CertificateSigned")
        assert (row.state, intent.state, events.count()) in {
            ("valid", "sealed", 1),
            ("submitted", "failed", 0),
        }
        role = db.session.query(Role).filter_by(account_id=signers.account_id).one()
        assert role.state == RoleState.SUSPENDED.value
        role.state = RoleState.VALID.value
        db.session.commit()
    assert ends <= {"sealed", "failed"}
