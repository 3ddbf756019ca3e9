"""P7: eight clients ask for roles and validate them on PostgreSQL, against the bare changes, committed as often."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg

from bench import servers
from bench.measuring import Figure, at_least, in_turn
from bench.run import Run
from tests.databases import postgres_server

CLIENTS = 8
EACH = 5
"""How many decisions each client makes in one round."""
RACED = 20
PEOPLE = """
INSERT INTO accounts (username, email, email_key, first_name, last_name, language, state,
                      always_second_factor, created_at)
SELECT 'b' || lpad(n::text, 7, '0'), n || '@decision.example', n || '@decision.example', 'Andrea', 'Example', 'en',
       'active', false, now()
FROM generate_series(1, 2000) n RETURNING id
"""
WRONG = """
SELECT count(*) FROM roles r WHERE r.id = ANY(%s) AND (r.state <> 'valid' OR r.version <> 2
  OR (SELECT count(*) FROM audit_events e WHERE e.name = 'RoleRequested' AND e.subject_id = r.id) <> 1
  OR (SELECT count(*) FROM audit_events e WHERE e.name = 'RoleValidated' AND e.subject_id = r.id) <> 1
  OR (SELECT count(*) FROM outgoing_messages m WHERE m.account_id = r.account_id) < 2)
"""


class Clients:
    """The processes, each with the accounts it takes from one heap."""

    def __init__(self, variables: dict[str, str], accounts: list[int]) -> None:
        self.accounts, self.used = iter(accounts), list[int]()
        command = [sys.executable, "-m", "bench.deciding"]
        pipes: Any = {"text": True, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.processes = [
            subprocess.Popen(command, env=variables, cwd=servers.ROOT, **pipes) for _ in range(CLIENTS)
        ]
        for process in self.processes:
            # One after the other: their first decisions may be about the same operator.
            self._say(process, next(self.accounts))
            assert self._hear(process) == "ready"

    def _say(self, process: Any, what: object) -> None:
        process.stdin.write(json.dumps(what) + "\n")
        process.stdin.flush()

    def _hear(self, process: Any) -> str:
        return str(process.stdout.readline().strip())

    def per_second(self, way: str) -> float:
        """How many decisions all clients make in a second."""
        shares = [[next(self.accounts) for _ in range(EACH)] for _ in self.processes]
        if way == "both":
            self.used += [number for share in shares for number in share]
        began = time.perf_counter()
        assert sum(self.all(way, shares)) == CLIENTS * EACH
        return CLIENTS * EACH / (time.perf_counter() - began)

    def all(self, way: str, shares: list[list[int]]) -> list[int]:
        """What each answers; all work at once."""
        for process, share in zip(self.processes, shares, strict=True):
            self._say(process, [way, share])
        return [int(self._hear(process)) for process in self.processes]

    def race(self) -> list[int]:
        """Every client decides the same requests at once: each may count once. Returns their numbers."""
        roles: list[int] = []
        while len(roles) < RACED:
            roles += self.all("ask", [[next(self.accounts)] for _ in self.processes])
        won = self.all("decide", [roles] * CLIENTS)
        assert sum(won) == len(roles), f"of {len(roles)} requests {sum(won)} were decided"
        return roles

    def close(self) -> None:
        """No line more: they end."""
        for process in self.processes:
            process.communicate()


def measure(run: Run) -> list[Figure]:
    """Decisions in a second; afterwards nothing may be lost and nothing decided twice."""
    with _clients(run) as (clients, connection):
        ours, bare = partial(clients.per_second, "both"), partial(clients.per_second, "bare")
        figure = in_turn("P7", f"request and validation, {CLIENTS} clients", "/s", at_least(0.3), ours, bare)
        _check(connection, clients)
    return [figure]


@contextmanager
def _clients(run: Run) -> Iterator[tuple[Clients, Any]]:
    with postgres_server() as server:
        instance = run.folder / "decisions"
        url = {"PORTAL_DATABASE_URL": server.url}
        with servers.portal(instance, **url):
            pass
        address = server.url.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address, autocommit=True) as connection:
            accounts = [row[0] for row in connection.execute(PEOPLE).fetchall()]
            clients = Clients(servers.demo_variables(instance, servers.free_port(), **url), accounts)
            try:
                yield clients, connection
            finally:
                clients.close()


def _check(connection: Any, clients: Clients) -> None:
    """Each request that was made is valid once, with both events and both messages; so is each that all fought for."""
    asked = connection.execute("SELECT id FROM roles WHERE account_id = ANY(%s)", [clients.used]).fetchall()
    assert len(asked) == len(clients.used), f"{len(clients.used)} were asked for, {len(asked)} are there"
    numbers = [row[0] for row in asked] + clients.race()
    wrong = connection.execute(WRONG, [numbers]).fetchone()[0]
    assert wrong == 0, f"{wrong} of {len(numbers)} decisions are incomplete"
    print(f"P7: {len(numbers)} decisions, none lost, none made twice", file=sys.stderr, flush=True)
