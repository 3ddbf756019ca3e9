"""Two workers that look for late requests at the same moment: each request is told of once, each person mailed once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.database import db
from portal.messages.models import OutgoingMessage
from portal.roles import ageing
from portal.roles.models import Role
from tests.long.place import Place, at_once
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.long
ROUNDS, REQUESTS = 20, 5


def test_a_late_request_is_reminded_of_once_by_two_workers(place: Place) -> None:
    with place.inside():
        country = a_country()
        officer_id = a_member(country.local).id
        operator = an_operator(responsible=country.local)
        operator_id = operator.id

    def look() -> int:
        with place.inside():
            return ageing.run_due()

    for number in range(1, ROUNDS + 1):
        with place.inside():
            late = clock.now() - timedelta(days=6)
            operator = db.session.get_one(type(operator), operator_id)
            ids = [a_request(operator, requested_at=late).id for _ in range(REQUESTS)]
        at_once(look, look)
        with place.inside():
            assert {row.reminded_at is None for row in db.session.query(Role).filter(Role.id.in_(ids))} == {
                False
            }
            mine = OutgoingMessage.account_id == officer_id, OutgoingMessage.name == "requests_wait_notice"
            mails = db.session.scalar(select(func.count()).select_from(OutgoingMessage).where(*mine)) or 0
        assert place.events("RequestReminded") == number * REQUESTS
        # A worker of its own ticks beside the two: it may have taken some of the five, never one that was taken.
        assert number <= mails <= number * REQUESTS
