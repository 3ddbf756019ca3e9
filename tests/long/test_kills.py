"""Web processes killed while people send forms: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from bench.servers import web_processes
from bench.visiting import Visitor
from portal.audit.models import AuditEvent
from portal.database import db
from portal.messages.models import OutgoingMessage
from portal.roles.models import Role, RoleKind
from tests.long.place import Place
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import an_operator

pytestmark = pytest.mark.long
PEOPLE = 160
CLIENTS = 8
KILLS = 4


@dataclass
class Sending:
    """People who ask for a role one after the other, from several places at once."""

    path: str
    waiting: list[tuple[int, Visitor]]
    acknowledged: list[int] = field(default_factory=list)
    busy: list[int] = field(default_factory=list)

    def run(self) -> None:
        """One client: takes the next person, sends the form, notes whether it was acknowledged."""
        while self.waiting:
            with contextlib.suppress(IndexError):
                account_id, browser = self.waiting.pop()
                self._send(account_id, browser)

    def _send(self, account_id: int, browser: Visitor) -> None:
        # A connection that breaks is what a person sees of a killed process: nothing was acknowledged.
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = browser.send_form(self.path, {"message": "Hello"})
            if answer.status in (302, 303) and answer.location.startswith("/production/profile"):
                self.acknowledged.append(account_id)
            elif answer.status >= 500:
                self.busy.append(answer.status)


@pytest.fixture
def sending(place: Place) -> Iterator[Sending]:
    """The people, signed in, and the operator they ask for."""
    with place.inside():
        operator = an_operator()
        people = [a_user_with_telephone() for _number in range(PEOPLE)]
        yield Sending(
            f"/production/role-requests/new/operator/confirm?row={operator.id}",
            [(person.id, place.browser_of(person)) for person in people],
        )


def test_requests_acknowledged_before_a_kill_are_there_and_none_is_half_done(
    place: Place, sending: Sending
) -> None:
    people = [account_id for account_id, _browser in sending.waiting]
    db.session.remove()
    clients = [threading.Thread(target=sending.run) for _number in range(CLIENTS)]
    for client in clients:
        client.start()
    for _number in range(KILLS):
        time.sleep(0.7)
        os.kill(web_processes(place.server.process.pid)[0], signal.SIGKILL)
    for client in clients:
        client.join()

    assert sending.acknowledged
    assert not sending.busy
    place.server.wait()
    with place.inside():
        made = set(db.session.scalars(select(Role.account_id).where(Role.account_id.in_(people))))
        assert set(sending.acknowledged) <= made
        check_whole(made, people)


def check_whole(made: set[int], people: list[int]) -> None:
    """A request has its kind, its event and its mail; whoever has no request has none of them."""
    kinds = db.session.scalars(
        select(RoleKind.account_id).where(RoleKind.account_id.in_(people), RoleKind.active)
    )
    assert set(kinds) == made
    events = select(AuditEvent.actor_account_id).where(AuditEvent.name == "RoleRequested")
    assert sorted(db.session.scalars(events.where(AuditEvent.actor_account_id.in_(people)))) == sorted(made)  # type: ignore[type-var]
    mails = select(OutgoingMessage.account_id).where(OutgoingMessage.name == "role_request_received")
    assert sorted(db.session.scalars(mails.where(OutgoingMessage.account_id.in_(people)))) == sorted(made)  # type: ignore[type-var]
    count = select(func.count()).select_from(Role).where(Role.account_id.in_(people))
    assert db.session.scalar(count) == len(made)
