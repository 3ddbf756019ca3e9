"""The ledger of limits: exact under threads, over when the window ends, forgotten after success."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal import clock
from portal.database import db, writes_ahead
from portal.limits import ledger, rates
from portal.limits.ledger import TooMany
from portal.limits.models import Counter, SpentToken
from portal.limits.rates import Rate

THREE = Rate("three", 3, timedelta(hours=1))
SEVEN = Rate("seven", 7, timedelta(hours=1))
THREADS = 20


def together(app: Flask, act: Callable[[], object]) -> list[object]:
    """What `act` gives in twenty threads that begin at once, each with its own transaction."""
    begin, results = threading.Barrier(THREADS), []

    def one() -> None:
        with app.app_context():
            writes_ahead.set(True)
            begin.wait()
            try:
                result = act()
                db.session.commit()
            except TooMany:
                db.session.rollback()
                result = "too many"
            results.append(result)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_at_once_take_exactly_what_the_limit_gives(app: Flask) -> None:
    results = together(app, lambda: ledger.take(SEVEN, "one key"))
    assert (results.count(None), results.count("too many")) == (7, 13)


def test_twenty_at_once_spend_a_token_once(app: Flask) -> None:
    results = together(app, lambda: ledger.spend("the answer", timedelta(minutes=10)))
    assert (results.count(True), results.count(False)) == (1, 19)


def test_a_limit_gives_its_count_and_then_says_when_to_come_back(app: Flask) -> None:
    with clock.frozen(clock.now()):
        for _ in range(3):
            ledger.take(THREE, "key")
        clock.advance(timedelta(minutes=20))
        with pytest.raises(TooMany) as refused:
            ledger.take(THREE, "key")
        assert refused.value.retry_after == timedelta(minutes=40)


def test_keys_and_limits_are_counted_apart(app: Flask) -> None:
    for _ in range(3):
        ledger.take(THREE, "one")
    ledger.take(THREE, "two")
    ledger.take(SEVEN, "one")


def test_a_window_ends_and_the_next_one_begins_with_nothing(app: Flask) -> None:
    with clock.frozen(clock.now()):
        for _ in range(3):
            ledger.take(THREE, "key")
        clock.advance(timedelta(hours=1, seconds=-1))
        with pytest.raises(TooMany):
            ledger.take(THREE, "key")
        clock.advance(timedelta(seconds=1))
        for _ in range(3):
            ledger.take(THREE, "key")
        with pytest.raises(TooMany):
            ledger.take(THREE, "key")


def test_a_count_that_is_rolled_back_was_not_taken(app: Flask) -> None:
    for _ in range(10):
        ledger.take(THREE, "key")
        db.session.rollback()
    ledger.take(THREE, "key")


def test_failures_wait_longer_each_time_and_five_minutes_at_most(app: Flask) -> None:
    waits = []
    with clock.frozen(clock.now()):
        for _ in range(20):
            ledger.count_failure(rates.PASSWORD_DELAY, "key")
            try:
                ledger.check_delay(rates.PASSWORD_DELAY, "key")
                waits.append(0.0)
            except TooMany as wait:
                waits.append(wait.retry_after.total_seconds())
    assert waits == sorted(waits)
    assert waits[:2] == [0, 0]
    assert waits[-1] == 300


def test_a_delay_is_over_when_its_time_is_over(app: Flask) -> None:
    with clock.frozen(clock.now()):
        for _ in range(12):
            ledger.count_failure(rates.PASSWORD_DELAY, "key")
        clock.advance(timedelta(seconds=299))
        with pytest.raises(TooMany):
            ledger.check_delay(rates.PASSWORD_DELAY, "key")
        clock.advance(timedelta(seconds=2))
        ledger.check_delay(rates.PASSWORD_DELAY, "key")


def test_after_the_right_answer_the_failures_are_forgotten(app: Flask) -> None:
    for _ in range(12):
        ledger.count_failure(rates.PASSWORD_DELAY, "key")
        ledger.count_failure(rates.PASSWORD_DELAY, "somebody else")
    ledger.forget(rates.PASSWORD_DELAY, "key")
    ledger.check_delay(rates.PASSWORD_DELAY, "key")
    ledger.count_failure(rates.PASSWORD_DELAY, "key")
    ledger.check_delay(rates.PASSWORD_DELAY, "key")
    with pytest.raises(TooMany):
        ledger.check_delay(rates.PASSWORD_DELAY, "somebody else")


def test_no_address_and_no_number_rests_in_the_counters(app: Flask) -> None:
    ledger.take(THREE, "person@agri.example")
    ledger.take(THREE, "+46701740605")
    ledger.spend("the answer", timedelta(minutes=10))
    db.session.commit()
    for table in ("counters", "spent_tokens"):
        rows = db.session.execute(
            text(f"SELECT * FROM {table}"),  # noqa: S608 - our own tables
            execution_options={"unscoped": "a look at rest"},
        )
        for row in rows:
            assert not [part for part in ("agri", "4670", "answer") if part in str(row)]


def test_the_sweep_drops_what_is_over_and_keeps_the_rest(app: Flask) -> None:
    with clock.frozen(clock.now()):
        ledger.take(THREE, "old")
        ledger.spend("old", timedelta(minutes=10))
        clock.advance(timedelta(hours=1, seconds=1))
        ledger.take(THREE, "new")
        ledger.spend("new", timedelta(minutes=10))
        ledger.sweep()
        assert len(db.session.scalars(select(Counter)).all()) == 1
        assert len(db.session.scalars(select(SpentToken)).all()) == 1
        assert not ledger.spend("new", timedelta(minutes=10))
