"""A served portal and its database side by side: what people do at once over HTTP, and what became of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import func, select

from bench.servers import Server
from bench.visiting import Answer, Visitor
from portal import crypto
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.web.cookie import cookie_name
from tests.makers.eid_provider import FakeProvider
from tests.makers.identity import a_sign_in

CLIENTS = 20
Result = TypeVar("Result")


@dataclass
class Place:
    """One portal with two web processes and a worker, on one of the databases."""

    server: Server
    app: Flask
    provider: FakeProvider

    @contextlib.contextmanager
    def inside(self, environment: Environment = Environment.PRODUCTION) -> Iterator[None]:
        """Its database, for makers and for looking; let go of afterwards, because SQLite has one writer."""
        with self.app.app_context(), using(environment):
            try:
                yield
            finally:
                db.session.remove()

    def visitor(self) -> Visitor:
        """A browser of nobody yet."""
        return Visitor(self.server.port)

    def browser_of(self, account: Account, *, second_factor: bool = True) -> Visitor:
        """A browser in which the person is signed in; call it inside."""
        _row, token = a_sign_in(account, second_factor=second_factor)
        return self.browser_with(sign_in=token)

    def browser_with(self, **kept: Any) -> Visitor:
        """A browser whose cookie holds these."""
        return Visitor(self.server.port, cookie=f"{cookie_name()}={crypto.seal_cookie(json.dumps(kept))}")

    def events(self, name: str, **values: Any) -> int:
        """How many audit events of that name there are."""
        query = (
            select(func.count()).select_from(AuditEvent).where(AuditEvent.name == name).filter_by(**values)
        )
        with self.inside():
            return db.session.scalar(query) or 0


def at_once(*acts: Callable[[], Result]) -> list[Result]:
    """Do all of these at the same moment; what each answered."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Result]) -> Result:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def send_at_once(
    visitor: Visitor, path: str, fields: dict[str, Any], form_on: str = "", count: int = CLIENTS
) -> list[Answer]:
    """The same form sent by so many windows of one browser at the same moment; none may be told to try later."""
    sent = {"csrf_token": visitor.get(form_on or path).token, **fields}
    windows = [visitor.twin() for _number in range(count)]
    answers = at_once(*(partial(window.post, path, sent) for window in windows))
    check_none_is_busy(answers)
    return answers


def check_none_is_busy(answers: list[Answer]) -> None:
    """Nobody sees a page of a locked database or of a fault."""
    statuses = [answer.status for answer in answers]
    assert not [status for status in statuses if status >= 500], statuses


def leading_to(answers: list[Answer], path: str) -> list[Answer]:
    """The answers that lead there."""
    return [answer for answer in answers if answer.status in (302, 303) and answer.location.startswith(path)]
