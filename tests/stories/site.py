"""The running portal of a story: its real server and worker in this process, so that the clock can be moved."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import clock, config, create_app, migrating, stamps
from portal.config import load_settings
from portal.database import db, writes_ahead
from portal.demo.people import PEOPLE, DemoPerson, load_people
from portal.demo.register import load_demo_register
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.jobs import queue
from portal.messages.models import OutgoingMessage
from portal.messages.outbox import Delivery
from portal.organisations.loading import load_organisations
from portal.reference.loading import load_reference
from tests.databases import PostgresServer, SqliteFiles

SECONDS_FOR_THE_WORKER = 15


class SilentHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@dataclass
class Site:
    """An application on its database, served at an address."""

    app: Flask
    database: SqliteFiles | PostgresServer
    address: str

    @contextlib.contextmanager
    def running(self) -> Iterator[Site]:
        """On a fresh copy of the demo, with a worker, until the block ends."""
        config.activate(self.app.extensions["settings"])
        queue.connect(self.app)
        with self.inside():
            db.engine.dispose()
        self.database.renew()
        try:
            with _worker():
                yield self
        finally:
            environment.enter(None)
            clock.reset()

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Inside the application: for what has to be there before the story begins."""
        with self.app.app_context():
            writes_ahead.set(True)
            yield
            db.session.remove()

    def messages(self, to: str) -> list[dict[str, Any]]:
        """What arrived at that address or number, newest first, once nothing waits any more."""
        deadline = time.monotonic() + SECONDS_FOR_THE_WORKER
        while self._waiting():
            assert time.monotonic() < deadline, "the worker sends nothing"
            time.sleep(0.03)
        with urlopen(f"{self.address}/demo/inbox.json?to={quote(to)}") as answer:  # noqa: S310 - our own server
            return list(json.load(answer))

    def _waiting(self) -> int:
        unsent = select(func.count()).where(OutgoingMessage.state.in_((Delivery.WAITING, Delivery.CLAIMED)))
        with self.app.app_context():
            writes_ahead.set(False)
            return db.session.scalar(unsent.select_from(OutgoingMessage)) or 0


@contextlib.contextmanager
def site_on(database: SqliteFiles | PostgresServer, folder: Path) -> Iterator[Site]:
    """A demo portal on that database, served on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        app = _application(database.url, folder, port)
        database.keep_as_template()
        server = make_server(
            "127.0.0.1", port, app, threaded=True, request_handler=SilentHandler, fd=listener.fileno()
        )
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield Site(app, database, f"http://localhost:{port}")
        finally:
            server.shutdown()
            server.server_close()


def _application(url: str, folder: Path, port: int) -> Flask:
    variables = {
        "PORTAL_MODE": "demo",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": url,
        "PORT": str(port),
    }
    app = create_app(load_settings(variables))
    app.extensions["settings"] = config.current()
    with app.app_context():
        writes_ahead.set(True)
        migrating.upgrade(db.engine)
        stamps.set_mode("demo")
        load_reference()
        for key in Environment:
            with using(key):
                load_organisations()
                load_demo_register()
        load_people()
        db.session.remove()
        db.engine.dispose()
    return app


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    consumer = queue.huey().create_consumer(
        workers=1, worker_type="thread", periodic=False, initial_delay=0.02, max_delay=0.1
    )
    consumer.start()
    for number, handler in before.items():
        signal.signal(number, handler)  # they belong to the test run
    try:
        yield
    finally:
        consumer.stop(graceful=True)


def demo_person(key: str) -> DemoPerson:
    """One of the demo's people."""
    return next(person for person in PEOPLE if person.key == key)
