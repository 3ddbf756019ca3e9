"""The running portal, Chromium, and the people of the stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.databases import SqliteFiles, postgres_server
from tests.stories.people import Meet, meeting
from tests.stories.site import Site, site_on


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the stories of a file; while it runs, Playwright's loop keeps others of this process (a seal)
    from running theirs."""
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
    with meeting(browser, site) as meet:
        yield meet
