"""A reader of pages in a process of its own: one register, its people signed in, each page asked without a network.

`python -m bench.reading` answers each line (a person, how many times, an address) with the milliseconds and statements
that one page took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from bench import servers
from bench.registers import Register
from portal import create_app, crypto
from portal.database import db, writes_ahead
from portal.demo.people import PEOPLE
from portal.identity.models import Account
from portal.web.cookie import cookie_name
from tests.makers.identity import a_sign_in


@dataclass(frozen=True)
class Reading:
    """What one page took: milliseconds on the clock, statements, rows of its table."""

    milliseconds: float
    statements: int
    rows: int


class Reader:
    """The process that reads one register, as seen from the one that measures."""

    def __init__(self, register: Register) -> None:
        variables = servers.demo_variables(register.instance, servers.free_port(), **register.variables)
        command = [sys.executable, "-m", "bench.reading"]
        self.process = subprocess.Popen(
            command, env=variables, cwd=servers.ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read(self, person: str, path: str, times: int) -> Reading:
        """That page as that person of the demo, so many times."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([person, times, path]) + "\n")
        self.process.stdin.flush()
        return Reading(*json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        """No line more: the process ends."""
        self.process.communicate()


class _Browsers:
    """One browser for each person; the statements of all are counted."""

    def __init__(self, app: Flask) -> None:
        self.app, self.statements = app, 0
        self.signed_in: dict[str, FlaskClient] = {}
        event.listen(Engine, "before_cursor_execute", self._count)

    def _count(self, *_what: Any) -> None:
        self.statements += 1

    def browser_of(self, key: str) -> FlaskClient:
        """The browser in which that person is signed in."""
        if key not in self.signed_in:
            email = next(person.email for person in PEOPLE if person.key == key)
            with self.app.app_context():
                writes_ahead.set(True)
                _row, token = a_sign_in(db.session.scalars(select(Account).filter_by(email=email)).one())
                sealed, name = crypto.seal_cookie(json.dumps({"sign_in": token})), cookie_name()
            self.signed_in[key] = self.app.test_client()
            self.signed_in[key].set_cookie(name, sealed)
        return self.signed_in[key]

    def read(self, key: str, times: int, path: str) -> tuple[float, int, int]:
        """Ask so often, in one go; an answer that is not a page ends the run."""
        browser = self.browser_of(key)
        before, began = self.statements, time.perf_counter()
        for _time in range(times):
            answer = browser.get(path, headers={"Accept-Language": "fr"})
            assert answer.status_code == 200, f"{path} answered {answer.status}"
        took = (time.perf_counter() - began) / times * 1000
        return took, (self.statements - before) // times, answer.text.partition("<tbody>")[2].count("<tr")


if __name__ == "__main__":
    browsers = _Browsers(create_app())
    for line in sys.stdin:
        print(json.dumps(browsers.read(*json.loads(line))), flush=True)
