"""When something breaks: a page in the person's language, a number, nothing of the inside, nothing half done."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from flask import Flask
from flask_babel import force_locale, gettext
from sqlalchemy import func, select

from portal import config, logs
from portal.database import db
from portal.identity.models import Registration
from portal.limits.models import Counter
from portal.messages.models import OutgoingMessage
from tests.page import Page, PageClient, squeezed

SECRET = "the secret of the inside"


@contextlib.contextmanager
def locked_database() -> Iterator[None]:
    """Another connection holds what a form needs; ours waits a moment only, to keep the test short."""
    db.session.remove()
    db.engine.dispose()
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=200" if sqlite else "SET lock_timeout='200ms'")
        connection.commit()
    url = db.engine.url
    if sqlite:
        with contextlib.closing(sqlite3.connect(str(url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as other_server:
        other_server.execute("LOCK TABLE counters, outgoing_messages IN ACCESS EXCLUSIVE MODE")
        yield


def in_words(app: Flask, language: str, text: str) -> str:
    """That text in that language."""
    with app.test_request_context("/"), force_locale(language):
        return squeezed(gettext(text))


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_a_locked_database_is_a_page_that_says_try_again(app: Flask, language: str) -> None:
    browser = PageClient(app, language)
    token = browser.csrf_token()
    data = {"csrf_token": token, "email": "person@agri.example"}
    with locked_database():
        page = browser.post("/password/lost", data)
    assert page.status == 503
    assert int(page.response.headers["Retry-After"]) > 0
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.tree.get("lang") == language
    assert page.heading == in_words(app, language, "The portal is not available at the moment")
    for model in (OutgoingMessage, Counter, Registration):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    db.session.rollback()
    assert browser.post("/password/lost", data).status == 200


def test_pages_that_only_read_go_on_while_somebody_writes(app: Flask, visitor: PageClient) -> None:
    with locked_database():
        assert visitor.get("/").status == 200
        assert visitor.get("/help").status == 200


def test_a_database_that_is_gone_is_the_same_page_and_no_longer_ready(
    app: Flask, visitor: PageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = visitor.csrf_token()
    assert visitor._ask("GET", "/health/ready").data == b"yes\n"

    def refuse(*_arguments: object, **_more: object) -> None:
        raise (
            sqlite3.OperationalError("unable to open database")
            if sqlite
            else psycopg.OperationalError("gone")
        )

    sqlite = db.engine.dialect.name == "sqlite"
    db.session.remove()
    db.engine.dispose()
    monkeypatch.setattr(db.engine.dialect, "connect", refuse)
    page = visitor.post("/password/lost", {"csrf_token": token, "email": "person@agri.example"})
    assert page.status == 503
    response = visitor._ask("GET", "/health/ready")
    assert (response.status_code, response.data) == (503, b"no\n")
    assert visitor._ask("GET", "/health/live").status_code == 200


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the portal writes to standard error."""
    before, written = structlog.get_config(), io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.set_up(config.current())
    yield written
    structlog.configure(**before)


def broken(app: Flask, monkeypatch: pytest.MonkeyPatch, language: str) -> Page:
    """A page whose view fails."""
    view = app.view_functions["pages.contact"]

    @functools.wraps(view)
    def fail() -> str:
        raise RuntimeError(SECRET)

    monkeypatch.setitem(app.view_functions, "pages.contact", fail)
    return PageClient(app, language).get("/contact")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_fault_of_ours_shows_a_number_and_nothing_of_the_inside(
    app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, log_lines: io.StringIO
) -> None:
    page = broken(app, monkeypatch, language)
    assert page.status == 500
    assert page.heading == in_words(app, language, "Something went wrong")
    assert page.tree.get("lang") == language
    assert not [
        word for word in (SECRET, "RuntimeError", "Traceback", "File ", "werkzeug") if word in page.text
    ]
    [number] = re.findall(r">\s*([0-9a-f]{16})\s*<", page.response.get_data(as_text=True))
    assert json.loads(log_lines.getvalue().splitlines()[-1])["correlation"] == number


def test_the_page_of_a_fault_is_as_strict_as_any_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = broken(app, monkeypatch, "en").response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_no_console_and_no_debugger_answers(app: Flask, visitor: PageClient) -> None:
    assert not app.debug
    assert visitor._ask("GET", "/console").status_code == 404
    assert b"Werkzeug" not in visitor._ask("GET", "/?__debugger__=yes&cmd=resource&f=debugger.js").data


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/contact", 405)])
def test_refusals_of_the_machinery_are_pages_in_the_language_of_the_person(
    app: Flask, method: str, path: str, status: int
) -> None:
    response = PageClient(app, "fr")._ask(method, path)
    assert response.status_code == status
    assert b'<html lang="fr"' in response.data
    assert status != 405 or "GET" in response.headers["Allow"]
