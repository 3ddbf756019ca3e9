"""The running portal, Chromium, and the people of the stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium, window
from tests.databases import SqliteFiles, postgres_server
from tests.stories.hands import Someone
from tests.stories.site import Site, demo_person, site_on

Meet = Callable[..., Someone]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all stories of this process."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on SQLite."""
    folder = tmp_path_factory.mktemp("stories")
    with site_on(SqliteFiles(folder), folder) as site:
        yield site


@pytest.fixture(scope="session")
def postgresql_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on PostgreSQL."""
    with postgres_server() as server, site_on(server, tmp_path_factory.mktemp("stories-pg")) as site:
        yield site


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """The portal with fresh demo data; on SQLite unless the story names another database."""
    name = getattr(request, "param", "sqlite")
    with request.getfixturevalue(f"{name}_site").running() as running:
        yield running


@pytest.fixture
def meet(browser: Browser, site: Site) -> Iterator[Meet]:
    """`meet("fr", email=…)`: a person at a browser of their own; `meet("fr", "commission")`: one of the demo."""
    with ExitStack() as windows:

        def somebody(language: str, key: str = "", *, options: dict[str, Any] | None = None, **facts: str) -> Someone:
            context = windows.enter_context(window(browser, language, **(options or {})))
            if key:
                one = demo_person(key)
                facts = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email,
                         "password": one.password, "number": one.phone, **facts}  # fmt: skip
            return Someone(context.new_page(), site, language, **facts)

        yield somebody
