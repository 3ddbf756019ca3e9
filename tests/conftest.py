"""The application on both databases, page clients, the clock; makers build everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import argon2
import pytest
from flask import Flask

from portal import clock, config, create_app, migrating, stamps
from portal.config import Settings, load_settings
from portal.database import db, writes_ahead
from portal.environments import environment
from portal.environments.environment import Environment
from portal.identity import passwords
from portal.jobs import queue
from portal.reference.loading import load_reference
from tests.databases import ENGINES, PostgresServer, SqliteFiles, postgres_server
from tests.page import PageClient

Database = SqliteFiles | PostgresServer


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> None:
    # The same algorithm with little memory: what is tested is who is let in, not how long it takes.
    passwords._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobody = passwords._hasher.hash("nobody has this password")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Database]]:
    """Both databases, each with its template."""
    with postgres_server() as server:
        yield {"sqlite": SqliteFiles(tmp_path_factory.mktemp("sqlite")), "postgresql": server}


@pytest.fixture(scope="session")
def apps(servers: dict[str, Database], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Flask]:
    """One application per database, made once; the database under it is renewed for each test."""
    return {name: _app_on(servers[name], tmp_path_factory.mktemp(name)) for name in ENGINES}


def _app_on(server: Database, instance: Path) -> Flask:
    variables = {"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(instance), "PORTAL_DATABASE_URL": server.url}
    app = create_app(load_settings(variables))
    app.extensions["settings"] = config.current()
    with app.app_context():
        writes_ahead.set(True)
        migrating.upgrade(db.engine)
        stamps.set_mode("demo")
        load_reference()
        db.session.remove()
        db.engine.dispose()
    server.keep_as_template()
    return app


@pytest.fixture(params=ENGINES)
def app(
    request: pytest.FixtureRequest, apps: dict[str, Flask], servers: dict[str, Database]
) -> Iterator[Flask]:
    """The application inside its context, on a fresh copy of the template; runs each test on both databases."""
    application, server = apps[request.param], servers[request.param]
    settings: Settings = application.extensions["settings"]
    config.activate(settings)
    queue.connect(application)
    server.renew()
    with application.app_context():
        writes_ahead.set(True)
        yield application
        db.session.remove()
        db.engine.dispose()
    environment.enter(None)
    clock.reset()


@pytest.fixture
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Change settings for one test: `settings(validators="strict")`."""

    def change(**values: Any) -> Settings:
        import dataclasses

        changed = dataclasses.replace(config.current(), **values)
        config.activate(changed)
        return changed

    return change


@pytest.fixture
def training(app: Flask) -> Iterator[Environment]:
    """The training environment is current."""
    with environment.using(Environment.TRAINING):
        yield Environment.TRAINING


@pytest.fixture
def production(app: Flask) -> Iterator[Environment]:
    """Production is current."""
    with environment.using(Environment.PRODUCTION):
        yield Environment.PRODUCTION


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """A browser of nobody yet."""
    return PageClient(app)


@pytest.fixture
def browser_of(app: Flask) -> Callable[[], PageClient]:
    """Further browsers."""
    return lambda: PageClient(app)
