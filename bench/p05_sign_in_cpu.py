"""P5: what one complete sign-in by each method costs the web processes, against one check of the password's hash."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyotp

from bench import servers
from bench.measuring import Figure, at_most, in_turn
from bench.run import Run
from bench.servers import Server
from bench.visiting import Answer, Visitor
from portal.adapters.totp import STEP_SECONDS
from portal.identity import passwords
from tests.makers.keys import SoftKey

ROUNDS = 5
"""With the warming one, and one to add a key, eight people are sent seven messages each: within what they may get."""
CHECKS = 20
MILLISECONDS = 1000
NAMES = {"sms": "SMS", "app-qr": "authenticator code", "security-key": "security key"}
Factor = Callable[[Visitor, dict[str, Any]], None]


@dataclass
class Ways:
    """How each person shows a second factor; the inbox that brings the SMS code is asked elsewhere."""

    reader: Visitor
    steps: itertools.count[int] = field(
        default_factory=lambda: itertools.count(int(time.time()) // STEP_SECONDS)
    )
    step: int = 0
    keys: dict[str, SoftKey] = field(default_factory=dict)

    def sms(self, visitor: Visitor, person: dict[str, Any]) -> None:
        """The code of the text message."""
        known = len(self.reader.inbox(person["phone"]))
        _password(visitor, person, "sms")
        token = visitor.get("/sign-in/code").token
        code = self.reader.newest(person["phone"], known)["code"]
        _arrived(visitor.post("/sign-in/code", {"csrf_token": token, "part1": code[:4], "part2": code[5:]}))

    def app(self, visitor: Visitor, person: dict[str, Any]) -> None:
        """The code of the authenticator app on the page of the QR code."""
        _password(visitor, person, "app-qr")
        code = pyotp.TOTP(person["totp_secret"]).at(self.step * STEP_SECONDS)
        _arrived(visitor.send_form("/sign-in/app", {"code": code}))

    def key(self, visitor: Visitor, person: dict[str, Any]) -> None:
        """The software key answers as a browser's script would."""
        _password(visitor, person, "security-key")
        token = visitor.get("/sign-in/key").token
        options = json.loads(visitor.post("/sign-in/key/options", {"csrf_token": token}).body)
        answer = json.dumps(self.keys[person["key"]].show(options))
        done = visitor.post("/sign-in/key/finish", {"csrf_token": token, "answer": answer})
        assert "next" in json.loads(done.body), f"the key was answered with {done.status}"

    def next_step(self) -> None:
        """A code of an app works once: the next round shows the next one, and waits until it is taken."""
        self.step = next(self.steps)
        time.sleep(max(0.0, (self.step - 1) * STEP_SECONDS + 1 - time.time()))

    def add_keys(self, port: int, people: list[dict[str, Any]]) -> None:
        """Every person gets a key, which costs them one message."""
        for person in people:
            visitor, key = Visitor(port), SoftKey(origin=f"http://localhost:{port}")
            self.sms(visitor, person)
            token = visitor.get("/account/keys/add").token
            fields = {"csrf_token": token, "name": "blue key"}
            options = json.loads(visitor.post("/account/keys/options", fields).body)
            answer = json.dumps(key.register(options))
            done = visitor.post("/account/keys/finish", {**fields, "answer": answer})
            assert "next" in json.loads(done.body), f"the key was not added: {done.status}"
            self.keys[person["key"]] = key


def measure(run: Run) -> list[Figure]:
    """CPU of all pages and forms of a sign-in, for each method."""
    with servers.portal(run.instance) as reader, servers.portal(run.instance) as ours:
        people = list(Visitor(reader.port).people().values())
        ways = Ways(Visitor(reader.port))
        ways.add_keys(ours.port, people)
        methods: dict[str, tuple[Factor, Callable[[], None]]] = {
            "sms": (ways.sms, _nothing),
            "app-qr": (ways.app, ways.next_step),
            "security-key": (ways.key, _nothing),
        }
        return [
            _figure(NAMES[word], partial(_cpu_of_sign_ins, ours, people, way, before))
            for word, (way, before) in methods.items()
        ]


def _nothing() -> None:
    """Nothing has to be waited for."""


def _figure(name: str, sign_ins: Callable[[], float]) -> Figure:
    goal, what = at_most(2.0), f"sign-in with password and {name}"
    return in_turn("P5", what, "ms CPU", goal, sign_ins, _cpu_of_checks, rounds=ROUNDS)


def _cpu_of_sign_ins(
    ours: Server, people: list[dict[str, Any]], show: Factor, wait: Callable[[], None]
) -> float:
    wait()
    before = ours.cpu_seconds()
    for person in people:
        show(Visitor(ours.port, "fr"), person)
    return (ours.cpu_seconds() - before) / len(people) * MILLISECONDS


def _password(visitor: Visitor, person: dict[str, Any], method: str) -> None:
    visitor.send_form("/sign-in", {"name": person["email"]})
    fields = {"password": person["password"], "method": method, "number": person["phone"]}
    visitor.send_form("/sign-in/password", fields)


def _arrived(done: Answer) -> None:
    assert done.location == "/sign-in/done", f"the code was answered with {done.status}"


def _cpu_of_checks() -> float:
    kept = passwords.hashed("a password of one person")
    began = time.process_time()
    for _number in itertools.repeat(None, CHECKS):
        assert passwords.is_right(kept, "a password of one person")
    return (time.process_time() - began) / CHECKS * MILLISECONDS
