"""`portal audit verify` and `portal audit roots`: what they say, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal import cli
from portal.database import db
from tests.makers.audit import UPDATE, sealed_days, some_events, tamper


@pytest.fixture(autouse=True)
def _this_application(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # The command makes an application of its own; here it gets the one with the database of this test.
    @contextmanager
    def made() -> Iterator[Flask]:
        yield app

    monkeypatch.setattr(cli, "_application", made)


def run(*words: str) -> Result:
    """The command as somebody types it."""
    return CliRunner().invoke(cli.cli, ["audit", *words])


def test_a_trail_that_is_whole_ends_with_zero_and_says_how_far_it_is_sealed() -> None:
    sealed_days(2)
    some_events(1)
    done = run("verify")
    assert done.exit_code == 0
    assert "identity: sealed up to position 6, 2 daily roots; 1 events wait for the seal" in done.output
    assert "production: sealed up to position 0" in done.output


def test_a_changed_event_ends_with_one_and_is_named() -> None:
    numbers = sealed_days(1)
    tamper(UPDATE("facts = '{}'", f"id = {numbers[2]}"))
    done = run("verify", "--environment", "identity")
    assert done.exit_code == 1
    assert done.output.startswith(
        f"identity: WRONG: event {numbers[2]} at position 3: changed since it was sealed"
    )
    assert run("verify", "--environment", "production").exit_code == 0


def test_roots_that_were_printed_are_compared_with(tmp_path: Path) -> None:
    sealed_days(1)
    printed = run("roots").output
    root = json.loads(printed)
    assert (root["chain"], root["first_position"], root["last_position"]) == ("identity", 1, 3)
    kept = tmp_path / "roots.jsonl"
    kept.write_text(printed)
    assert run("verify", "--against", str(kept)).exit_code == 0
    kept.write_text(json.dumps(root | {"root_hash": "ab" * 32}))
    done = run("verify", "--against", str(kept))
    assert done.exit_code == 1
    assert "it is not the one that was published" in done.output
    db.session.rollback()
