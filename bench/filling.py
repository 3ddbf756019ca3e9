"""Fills a prepared instance with what the pages measured need: a queue that is longer than one page."""

from __future__ import annotations

import sys

from sqlalchemy import select

from portal import create_app
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.identity.registration import RegistrationWish, new_account
from portal.organisations.models import Organisation
from portal.roles import granting

MESSAGE = "I begin on Monday."


def fill_queue(count: int, source_key: str) -> None:
    """So many people who each ask for a role in that organisation, in Production."""
    people = [_person(number) for number in range(count)]
    db.session.commit()
    ids = [person.id for person in people]
    with using(Environment.PRODUCTION):
        wanted = select(Organisation).where(Organisation.source_key == source_key)
        organisation = db.session.scalars(wanted).one()
        for account_id in ids:
            granting.request_for_demo(account_id, organisation, MESSAGE)
        db.session.commit()


def _person(number: int) -> Account:
    wish = RegistrationWish("Andrea", f"Example {number}", f"andrea.{number}@queue.example", "en")
    return new_account(wish, "")


if __name__ == "__main__":
    with create_app().app_context():
        writes_ahead.set(True)
        fill_queue(int(sys.argv[1]), sys.argv[2])
