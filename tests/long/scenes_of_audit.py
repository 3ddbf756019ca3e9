"""Somebody who administers an authority, about to take a part of the audit trail away."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.audit.models import AuditHead
from portal.database import db
from portal.jobs import sealing
from tests.long.place import Place
from tests.long.scene import Scene, events_of
from tests.makers.audit import some_events
from tests.makers.organisations import a_country
from tests.makers.roles import a_member

EXPORTS_AT_MOST = 10


def take_away(place: Place) -> Scene:
    """Reading changes nothing, so each is told of, up to the limit."""
    country = a_country()
    chief = a_member(country.central, administrator=True)
    some_events(3, organisation_id=country.local.id)
    sealing.seal()
    for head in db.session.query(AuditHead):
        head.day -= timedelta(days=1)
    db.session.commit()
    sealing.seal()
    taken = events_of(place, "TrailExported", chief)
    path = "/production/audit-trail/export"
    yesterday = str(clock.now().date() - timedelta(days=1))
    days = {"first_day": yesterday, "last_day": yesterday}
    return Scene(place.browser_of(chief), path, taken, days, most=EXPORTS_AT_MOST)
