"""A walk past the pages of the audit trail and of figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from portal import clock
from portal.audit.models import AuditHead
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import sealing
from tests.makers.audit import some_events
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, fills, follows, goes_to, presses
from tests.stories.people import Meet, member_of, somebody

Stations = Iterator[tuple[str, Someone]]
TRAIL = "/production/audit-trail"


def pages_of_audit(meet: Meet, language: str) -> Stations:
    """Every page of the journeys audit_trail and figures."""
    chief = somebody(meet, language, "+46701740632", email="audit-tour@agri.example")
    member_of(chief, "authority/COMMISSION", administrator=True)
    _a_sealed_day(chief)
    signs_in_with_sms(chief, TRAIL)
    yield "audit-trail", chief
    goes_to(chief, f"{TRAIL}?person=nobody@agri.example")
    yield "audit-trail-filtered", chief
    goes_to(chief, f"{TRAIL}/roots")
    yield "daily-roots", chief
    goes_to(chief, TRAIL)
    follows(chief, "Take a part away")
    yield "audit-export", chief
    fills(chief, "Last day", str(clock.now().date() - timedelta(days=90)))
    presses(chief, "Download the file")
    yield "audit-export-refused", chief
    goes_to(chief, "/production/figures")
    yield "figures", chief


def _a_sealed_day(who: Someone) -> None:
    with who.site.inside(), using(Environment.PRODUCTION):
        some_events(5)
        sealing.seal()
        for head in db.session.query(AuditHead):
            head.day -= timedelta(days=1)
        db.session.commit()
        sealing.seal()
