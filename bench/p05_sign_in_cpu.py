"""P5: what one complete sign-in costs the web processes, against one check of the password's hash."""

from __future__ import annotations

import itertools
import time
from functools import partial
from typing import Any

from bench import servers
from bench.measuring import Figure, at_most, in_turn
from bench.run import Run
from bench.servers import Server
from bench.visiting import Visitor
from portal.identity import passwords

ROUNDS = 5
"""With the warming one, eight people are sent six messages each: within what their numbers may get in an hour."""
CHECKS = 20
MILLISECONDS = 1000


def measure(run: Run) -> list[Figure]:
    """CPU of the three pages and the three forms of a sign-in; the inbox that brings the code is asked elsewhere."""
    with servers.portal(run.instance) as reader, servers.portal(run.instance) as ours:
        people = list(Visitor(reader.port).people().values())
        sign_ins = partial(_cpu_of_sign_ins, ours, Visitor(reader.port), people)
        figure = in_turn(
            "P5",
            "sign-in with password and SMS",
            "ms CPU",
            at_most(2.0),
            sign_ins,
            _cpu_of_checks,
            rounds=ROUNDS,
        )
    return [figure]


def _cpu_of_sign_ins(ours: Server, reader: Visitor, people: list[dict[str, Any]]) -> float:
    before = ours.cpu_seconds()
    for person in people:
        _sign_in(Visitor(ours.port, "fr"), reader, person)
    return (ours.cpu_seconds() - before) / len(people) * MILLISECONDS


def _sign_in(visitor: Visitor, reader: Visitor, person: dict[str, Any]) -> None:
    known = len(reader.inbox(person["phone"]))
    visitor.send_form("/sign-in", {"name": person["email"]})
    fields = {"password": person["password"], "method": "sms", "number": person["phone"]}
    visitor.send_form("/sign-in/password", fields)
    token = visitor.get("/sign-in/code").token
    code = reader.newest(person["phone"], known)["code"]
    done = visitor.post("/sign-in/code", {"csrf_token": token, "part1": code[:4], "part2": code[5:]})
    assert done.location == "/sign-in/done", f"the code was answered with {done.status}"


def _cpu_of_checks() -> float:
    kept = passwords.hashed("a password of one person")
    began = time.process_time()
    for _number in itertools.repeat(None, CHECKS):
        assert passwords.is_right(kept, "a password of one person")
    return (time.process_time() - began) / CHECKS * MILLISECONDS
