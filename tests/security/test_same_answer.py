"""Known and unknown addresses: the same answer, the same work and the same wait for both (R-01)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from portal import clock
from portal.database import db
from portal.identity import passwords
from portal.messages.models import OutgoingMessage
from tests.makers.identity import a_user_with_telephone
from tests.page import PageClient

KNOWN, UNKNOWN = "camille.known@agri.example", "camille.other@agri.example"
VARYING = re.compile(
    r'value="[^"]{30,}"|code\.(?:png|wav)\?n=[\w-]+|camille\.(?:known|other)|20\d\d[-\d:T. ]+'
)
PRIVACY = {"privacy": "y", "language": "en", "first_name": "Robin", "last_name": "Modele"}


def registration(browser: PageClient, address: str) -> Any:
    """«Create an account» with that address."""
    browser.get("/register")
    fields = {
        "email": address,
        "email_again": address,
        "code": browser.cookie["captcha"]["answer"],
        **PRIVACY,
    }
    return browser._ask("POST", "/register", data={**fields, "csrf_token": browser.csrf_token()})


def lost_password(browser: PageClient, address: str) -> Any:
    """«Lost your password?» with that address."""
    return browser._ask("POST", "/password/lost", data={"email": address, "csrf_token": browser.csrf_token()})


def wrong_password(browser: PageClient, address: str) -> Any:
    """A wrong password for that address."""
    browser.get("/sign-in").press("Next", name=address)
    data = {"password": "not-the-password-71", "method": "password", "csrf_token": browser.csrf_token()}
    return browser._ask("POST", "/sign-in/password", data=data)


WAYS = (registration, lost_password, wrong_password)


@contextmanager
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The beginnings of the statements, and how many hash comparisons, the block cost."""
    cost: dict[str, Any] = {"statements": [], "hashes": 0}
    real = passwords._hasher

    class Counting:
        def verify(self, *arguments: Any) -> bool:
            cost["hashes"] += 1
            return bool(real.verify(*arguments))

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        cost["statements"].append(" ".join(statement.split()[:6]))

    monkeypatch.setattr(passwords, "_hasher", Counting())
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield cost
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        monkeypatch.setattr(passwords, "_hasher", real)


def outbox_rows() -> int:
    """Messages that wait or left."""
    found = db.session.scalar(select(func.count()).select_from(OutgoingMessage)) or 0
    db.session.rollback()
    return found


@pytest.mark.parametrize("way", WAYS)
def test_an_account_cannot_be_told_from_none(
    app: Flask, way: Callable[[PageClient, str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_user_with_telephone(email=KNOWN)
    way(PageClient(app), "camille.first@agri.example")  # what is done once in a process is done now
    seen = []
    for address in (KNOWN, UNKNOWN):
        before, browser = outbox_rows(), PageClient(app)
        with work(monkeypatch) as cost:
            answer = way(browser, address)
        body = VARYING.sub("*", answer.get_data(as_text=True))
        headers = sorted(name for name, _value in answer.headers)
        seen.append((answer.status_code, body, headers, answer.location, cost, outbox_rows() - before))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("way", WAYS)
def test_the_limit_comes_as_soon_for_both(app: Flask, way: Callable[[PageClient, str], Any]) -> None:
    a_user_with_telephone(email=KNOWN)
    tries = {}
    for address in (KNOWN, UNKNOWN):
        browser = PageClient(app)
        answers = [way(browser, address).status_code for _ in range(7)]
        tries[address] = answers.index(429)
    assert tries[KNOWN] == tries[UNKNOWN]


@pytest.mark.parametrize("other", ["CAMILLE.{0}", "\uff23amille.{0}", " camille.{0} "])
def test_another_spelling_of_an_address_waits_like_the_first_whether_known_or_not(
    app: Flask, other: str
) -> None:
    a_user_with_telephone(email=KNOWN)
    with clock.frozen(clock.now()):
        for address in (KNOWN, UNKNOWN):
            browser = PageClient(app)
            for _ in range(3):
                assert wrong_password(browser, address).status_code == 422
            spelling = other.format(address.partition(".")[2])
            assert wrong_password(browser, spelling).status_code == 429
