"""Numbers of certificates: series that only grow, one for each document, country, year and environment."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from flask import Flask

from portal.certificates import numbers
from portal.config import Settings
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using

Change = Callable[..., Settings]


def test_numbers_of_a_series_follow_one_another_and_series_are_apart(app: Flask, settings: Change) -> None:
    settings(mode="production")
    with using(Environment.PRODUCTION):
        assert numbers.next_number("INTRA", "FR", 2026) == "INTRA.FR.2026.0000001"
        assert numbers.next_number("INTRA", "FR", 2026) == "INTRA.FR.2026.0000002"
        assert numbers.next_number("INTRA", "DE", 2026) == "INTRA.DE.2026.0000001"
        assert numbers.next_number("COI", "FR", 2026) == "COI.FR.2026.0000001"
        assert numbers.next_number("INTRA", "FR", 2027) == "INTRA.FR.2027.0000001"
        db.session.commit()
    with using(Environment.ACCEPTANCE):
        assert numbers.next_number("INTRA", "FR", 2026) == "ACC.INTRA.FR.2026.0000001"
    with using(Environment.TRAINING):
        assert numbers.next_number("INTRA", "FR", 2026) == "TRN.INTRA.FR.2026.0000001"


def test_numbers_of_a_demo_say_so_in_every_environment(app: Flask) -> None:
    with using(Environment.PRODUCTION):
        assert numbers.next_number("COI", "BE", 2026) == "DEMO.COI.BE.2026.0000001"
        assert numbers.draft_number().startswith("DEMO.DRAFT-")
    with using(Environment.TRAINING):
        assert numbers.next_number("COI", "BE", 2026) == "DEMO.TRN.COI.BE.2026.0000001"


def test_a_number_that_is_not_kept_is_given_again(production: Environment) -> None:
    first = numbers.next_number("INTRA", "FR", 2026)
    db.session.rollback()
    assert numbers.next_number("INTRA", "FR", 2026) == first


def test_numbers_taken_at_once_are_all_different(app: Flask) -> None:
    taken: list[str] = []

    def take() -> None:
        with app.app_context(), using(Environment.PRODUCTION):
            writes_ahead.set(True)
            for _time in range(5):
                taken.append(numbers.next_number("INTRA", "FR", 2026))
                db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"DEMO.INTRA.FR.2026.{number:07}" for number in range(1, 41)]


def test_draft_numbers_and_codes_are_of_the_letters_that_nobody_confuses(production: Environment) -> None:
    drafts = {numbers.draft_number() for _time in range(50)}
    assert len(drafts) == 50
    assert all(re.fullmatch(r"DEMO\.DRAFT-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}", one) for one in drafts)
    code = numbers.verification_code()
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{16}", code)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", numbers.grouped(code))
