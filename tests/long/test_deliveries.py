"""Workers that share one outbox, and workers that are killed: each mail leaves, and leaves once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bench import servers
from bench.servers import BIN, Server, demo_variables, free_port
from portal import clock, create_app, migrating, stamps
from portal.config import load_settings
from portal.database import db, writes_ahead
from portal.messages import outbox
from portal.messages.catalogue import NoAccountHere
from portal.messages.models import Delivery, OutgoingMessage
from tests.databases import ENGINES, postgres_server
from tests.long.mail_server import Taken, mail_server
from tests.long.place import Place

pytestmark = pytest.mark.long
MAILS = 200
WAIT_SECONDS = 60


@pytest.fixture(params=ENGINES)
def office(request: pytest.FixtureRequest, instance_folder: Path) -> Iterator[tuple[Place, Taken]]:
    """A database in shape without any process on it, and a mail server."""
    with contextlib.ExitStack() as stack:
        taken = stack.enter_context(mail_server())
        more = {"PORTAL_SMTP_URL": taken.url}
        if request.param == "postgresql":
            more["PORTAL_DATABASE_URL"] = stack.enter_context(postgres_server()).url
        variables = demo_variables(instance_folder, free_port(), **more)
        place = Place(Server(0, None, variables), create_app(load_settings(variables)))  # type: ignore[arg-type]
        writes_ahead.set(True)
        with place.app.app_context():
            migrating.upgrade(db.engine)
            stamps.set_mode("demo")
            db.session.remove()
        yield place, taken
        with place.app.app_context():
            db.engine.dispose()


@contextlib.contextmanager
def worker_of(place: Place) -> Iterator[Server]:
    """`portal worker` on that database, killed at the end if it still runs."""
    worker = servers.start([str(BIN / "portal"), "worker"], place.server.variables, 0)
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()


def put_mails(place: Place, count: int) -> None:
    """So many mails wait."""
    with place.inside():
        for number in range(count):
            outbox.put(NoAccountHere(), outbox.Recipient(f"person{number}@agri.example", "en"))
        db.session.commit()


def count_in(place: Place, state: Delivery) -> int:
    """How many rows of the outbox are in that state."""
    with place.inside():
        query = select(func.count()).select_from(OutgoingMessage).where(OutgoingMessage.state == state)
        return db.session.scalar(query) or 0


def wait_until_all_left(place: Place, count: int) -> None:
    """Wait for the workers."""
    until = time.monotonic() + WAIT_SECONDS
    while count_in(place, Delivery.SENT) < count:
        assert time.monotonic() < until, "mails are still waiting"
        time.sleep(0.2)


def test_two_workers_send_each_mail_once(office: tuple[Place, Taken]) -> None:
    place, taken = office
    put_mails(place, MAILS)
    with worker_of(place), worker_of(place):
        put_mails(place, MAILS)
        wait_until_all_left(place, 2 * MAILS)
    assert len(taken.counts) == 2 * MAILS
    assert set(taken.counts.values()) == {1}


def test_a_worker_killed_while_it_hands_a_mail_over_loses_nothing(office: tuple[Place, Taken]) -> None:
    place, taken = office
    taken.hold()
    put_mails(place, 3)
    with worker_of(place) as worker:
        assert taken.begun.wait(WAIT_SECONDS)
        worker.process.kill()
        worker.process.wait()
    claimed = count_in(place, Delivery.CLAIMED)
    assert claimed >= 1
    assert claimed + count_in(place, Delivery.WAITING) == 3
    taken.released.set()

    let_leases_run_out(place)
    with worker_of(place):
        wait_until_all_left(place, 3)

    assert sorted(taken.counts.values()) == [1, 1, 1]


def let_leases_run_out(place: Place) -> None:
    """As if the two minutes of a claimed row were over."""
    with place.inside():
        over = clock.now() - timedelta(seconds=1)
        db.session.execute(
            update(OutgoingMessage).where(OutgoingMessage.state == Delivery.CLAIMED).values(lease_until=over)
        )
        db.session.commit()


def test_a_row_that_a_living_worker_holds_is_not_taken_from_it(office: tuple[Place, Taken]) -> None:
    place, taken = office
    put_mails(place, 1)
    with place.inside():
        row = db.session.scalars(select(OutgoingMessage)).one()
        assert outbox.claim(row.id) is not None
    with worker_of(place):
        put_mails(place, 1)
        wait_until_all_left(place, 1)
    assert len(taken.counts) == 1
    assert count_in(place, Delivery.CLAIMED) == 1
