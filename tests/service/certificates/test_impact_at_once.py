"""Two pieces of work about the same role at the same moment: whom it concerns is told once of each certificate."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from portal import clock
from portal.audit.models import AuditEvent
from portal.certificates import submitting, warning
from portal.certificates.impact import Cause
from portal.certificates.models import CertificateWarning
from portal.certificates.states import ImpactReason
from portal.certificates.touching import Window
from portal.database import db
from portal.environments.environment import Environment
from portal.jobs import working
from portal.messages.models import OutgoingMessage
from portal.roles.models import Role
from portal.work import ledger
from tests.makers.certificates import a_journey, a_submitted, an_officer, now_valid, somebody_of
from tests.service.certificates.test_races import at_once

CERTIFICATES = 12


def test_two_workers_at_once_tell_of_each_certificate_once(app: Flask, production: Environment) -> None:
    journey, day = a_journey(), timedelta(days=1)
    officer, keeper = an_officer(journey.origin), somebody_of(journey.receiver, administrator=True)
    chiefs = [
        somebody_of(place, administrator=True)
        for place in (journey.origin, journey.origin_centre, journey.commission)
    ]
    maker = somebody_of(journey.sender)
    for number in range(CERTIFICATES):
        certificate = a_submitted(journey, maker)
        submitting.open_for_certification(certificate.id, officer)
        if number % 2:
            now_valid(certificate, officer)
    role = db.session.query(Role).filter_by(account_id=officer.account_id).one()
    cause = Cause(ImpactReason.ROLE_WRONG, str(role.id))
    window = Window(clock.now() - day, clock.now() + day)
    works = [warning.begin(cause, window, chief).id for chief in chiefs]
    answers = at_once(app, *([working.run_due] * len(works)))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    found = [item.outcome for work in works for item in ledger.items_of(work).rows]
    assert found.count("impact-told") == CERTIFICATES
    assert found.count("impact-told-before") == CERTIFICATES * (len(works) - 1)
    assert db.session.query(CertificateWarning).count() == CERTIFICATES
    assert db.session.query(AuditEvent).filter_by(name="CertificateWarned").count() == CERTIFICATES
    mails = db.session.query(OutgoingMessage).filter_by(
        name="certificate_warned_notice", account_id=keeper.account_id
    )
    assert mails.count() == CERTIFICATES // 2, "of what was not issued, the receiver is not told"
