"""The served portal of the long tests, on both databases, with data of its own; ended by its process id."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import servers
from bench.servers import Server
from portal import config, create_app
from portal.config import load_settings
from portal.database import db, writes_ahead
from tests.databases import ENGINES, PostgresServer
from tests.databases import postgres_server as run_postgres
from tests.long.place import Place
from tests.makers.eid_provider import FakeProvider, a_provider


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this module alone."""
    with run_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    """A provider of eIDs on loopback."""
    with a_provider() as one:
        yield one


@pytest.fixture(scope="module", params=ENGINES)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, provider: FakeProvider
) -> Iterator[tuple[Server, dict[str, str]]]:
    """`portal serve` in demo mode with the demo's data."""
    more: dict[str, str] = dict(provider.variables)
    if request.param == "postgresql":
        more["PORTAL_DATABASE_URL"] = request.getfixturevalue("postgres").url
    with servers.portal(tmp_path_factory.mktemp("instance"), **more) as server:
        yield server, more


@pytest.fixture
def place(served: tuple[Server, dict[str, str]], provider: FakeProvider) -> Iterator[Place]:
    """That portal, and an application of this process on the same database and secrets."""
    server, _more = served
    settings = load_settings(server.variables)
    app = create_app(settings)
    writes_ahead.set(True)
    yield Place(server, app, provider)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert config.current() == settings


@pytest.fixture
def instance_folder(tmp_path: Path) -> Path:
    """A directory for a portal that one test alone starts and kills."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    assert os.access(folder, os.W_OK)
    return folder
