"""Two workers that make the mail of the day at the same moment: one mail for each person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import clock
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.jobs import digesting
from portal.messages import catalogue, outbox, preferences
from portal.messages.groups import Group, MailChoice
from portal.messages.models import OutgoingMessage
from tests.long.place import Place
from tests.makers.roles import a_person, acting

pytestmark = pytest.mark.long
ROUNDS, WORKERS = 5, 4


def test_workers_at_once_make_one_mail_for_each_person(place: Place) -> None:
    for _round in range(ROUNDS):
        with place.inside():
            people = [_one_with_a_notice() for _ in range(3)]
        clock.advance(timedelta(days=1))
        try:
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(lambda _number: _work(place), range(WORKERS)))
        finally:
            clock.reset()
        with place.inside():
            for number in people:
                own = {"account_id": number, "name": "daily_digest"}
                assert db.session.query(OutgoingMessage).filter_by(**own).count() == 1


def _one_with_a_notice() -> int:
    person = a_person()
    with using(Environment.PRODUCTION):
        preferences.keep({Group.ROLES: MailChoice.DAILY}, acting(person))
        notice = catalogue.RoleValidatedNotice("A", "B", "Fret Exemple", False, "/production/profile")
        outbox.put(notice, outbox.Recipient(person.email, person.language, person.id))
        db.session.commit()
    return person.id


def _work(place: Place) -> None:
    with place.app.app_context():
        writes_ahead.set(True)
        digesting.send_due()
