"""Whatever stands in an address, a header or a name, an event of the log is one line of plain JSON (I-05)."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from portal import logs
from portal.config import load_settings

NASTY = 'Fret\r\n{"event": "forged"}\n\x1b[2J\x1b[31mred\u202eder\u2028next\x00\x7f\x9b31m'


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process writes to its log."""
    stream, before = io.StringIO(), structlog.get_config()
    monkeypatch.setattr(sys, "stderr", stream)
    settings = load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path)})
    logs.set_up(dataclasses.replace(settings, log_level="INFO"))
    yield stream
    structlog.configure(**before)


def lines_of(written: io.StringIO) -> list[str]:
    """The lines, as a reader of the log counts them."""
    return [line for line in written.getvalue().splitlines() if line]


def test_a_text_of_a_person_stays_on_the_line_of_its_event(written: io.StringIO) -> None:
    structlog.get_logger().warning("row refused", name=NASTY, organisation={"name": NASTY})
    (line,) = lines_of(written)
    assert all(" " <= sign <= "~" for sign in line)
    assert json.loads(line)["name"] == NASTY
    assert json.loads(line)["event"] == "row refused"


def test_a_failure_whose_message_holds_such_a_text_is_one_line(written: io.StringIO) -> None:
    try:
        raise ValueError(NASTY)
    except ValueError:
        structlog.get_logger().exception("failed", detail=NASTY)
    (line,) = lines_of(written)
    assert all(" " <= sign <= "~" for sign in line)
    assert "ValueError" in json.loads(line)["exception"]
