"""A client of P7 in a process of its own: asks for roles and validates them, or sends the bare statements of that.

`python -m bench.deciding` answers each line (which way, accounts, requests) with how many of them it decided.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from portal import create_app
from portal.access.actor import Actor
from portal.database import db, writes_ahead
from portal.demo.people import PEOPLE
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.changes import AlreadyDecided
from portal.roles.requesting import RoleWish, request_roles
from portal.roles.service import Validation, validate_role
from portal.vocabulary import OrganisationKind
from tests.makers.identity import an_actor
from tests.makers.roles import acting

ORGANISATIONS = "demo/FR/operator-"
VALIDATOR = "national-authority"
Sent = tuple[str, dict[str, Any]]
COMMIT = "COMMIT"


class Client:
    """One client, with its validator signed in."""

    def __init__(self) -> None:
        email = next(person.email for person in PEOPLE if person.key == VALIDATOR)
        known = Organisation.source_key.startswith(ORGANISATIONS), Organisation.state == "valid"
        self.organisations = list(db.session.scalars(select(Organisation.id).where(*known)))
        self.validator = acting(db.session.scalars(select(Account).filter_by(email=email)).one())

    def both(self, account_id: int) -> int:
        """Ask for the role and validate it, by the services the pages call."""
        role_id = self.ask(account_id)
        return self.decide(role_id)

    def ask(self, account_id: int) -> int:
        """The number of the new request."""
        # Not all in one: a decision holds its organisation until the commit.
        organisation_id = self.organisations[account_id % len(self.organisations)]
        wish = RoleWish(OrganisationKind.OPERATOR, (organisation_id,), "I begin on Monday.")
        return request_roles(wish, self._requester(account_id))[0].id

    def decide(self, role_id: int) -> int:
        """One where this client decided, none where another was faster."""
        try:
            validate_role(Validation(role_id), self.validator)
        except AlreadyDecided:
            return 0
        finally:
            db.session.remove()
        return 1

    def _requester(self, account_id: int) -> Actor:
        return an_actor(account_id, session_id=self.validator.session_id)

    def sent_for(self, account_id: int) -> tuple[list[Sent], int]:
        """The changes that one request and its validation send, with the commits, and the number of the role."""
        with kept() as sent:
            role_id = self.ask(account_id)
            self.decide(role_id)
        return sent, role_id


@contextmanager
def kept() -> Iterator[list[Sent]]:
    """What changes rows inside the block, and where it is committed."""
    sent: list[Sent] = []

    def note(*what: Any) -> None:
        if what[2].lstrip().startswith(("INSERT", "UPDATE")):
            sent.append((what[2], dict(what[3])))

    def end(_connection: Any) -> None:
        sent.append((COMMIT, {}))

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", end)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", end)


class Bare:
    """The same changes over the driver: no reading, no rule, no class."""

    def __init__(self, sent: list[Sent], account_id: int, role_id: int) -> None:
        self.sent, self.account_id, self.role_id = sent, account_id, role_id
        self.connection: Any = db.session.connection().connection.driver_connection

    def both(self, account_id: int) -> int:
        """The changes for that person."""
        cursor, role_id = self.connection.cursor(), self.role_id
        for statement, values in self.sent:
            if statement == COMMIT:
                self.connection.commit()
                continue
            cursor.execute(statement, self._for(values, account_id, role_id))
            if statement.startswith("INSERT INTO roles "):
                role_id = cursor.fetchone()[0]
        return 1

    def _for(self, values: dict[str, Any], account_id: int, role_id: int) -> dict[str, Any]:
        """The same values with the other person, the other role, and what must be unique made anew."""
        return {name: self._value(name, old, account_id, role_id) for name, old in values.items()}

    def _value(self, name: str, old: Any, account_id: int, role_id: int) -> Any:
        if name.startswith("message_id"):
            return secrets.token_hex(16)
        if "account_id" in name and old == self.account_id:
            return account_id
        is_number = name.startswith(("id", "roles_id", "subject_id")) and old == self.role_id
        return role_id if is_number else old


def answer(client: Client, way: str, numbers: list[int]) -> int:
    """How many were decided; the bare way does the first by the services, to see what they send."""
    if way == "decide":
        return sum(client.decide(number) for number in numbers)
    if way == "ask":
        return client.ask(numbers[0])
    return sum(client.both(number) for number in numbers)


def run() -> None:
    """Answer lines until there are none; the first one names an account to learn the statements from."""
    client = Client()
    first = json.loads(sys.stdin.readline())
    bare = Bare(*_learnt(client, first))
    print("ready", flush=True)
    for line in sys.stdin:
        way, numbers = json.loads(line)
        done = sum(map(bare.both, numbers)) if way == "bare" else answer(client, way, numbers)
        print(done, flush=True)


def _learnt(client: Client, account_id: int) -> tuple[list[Sent], int, int]:
    sent, role_id = client.sent_for(account_id)
    return sent, account_id, role_id


if __name__ == "__main__":
    with create_app().app_context(), using(Environment.PRODUCTION):
        writes_ahead.set(True)
        run()
