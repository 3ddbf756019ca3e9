"""Every text field of every form refuses what deceives the eye, and endless texts quickly (I-06, I-07)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from tests.long.scene import Scene
from tests.security.staging import STAGED, Stage, counted, played, stage, token_of

DECEIVING = "Exemple\u202eelpmexE"
LONG = "a@" * 50_000
FIELDS_AT_LEAST = 25
SECONDS = 1.0
"""Of the processor: ten times what the slowest page needs here, and far below what a pattern that explodes takes."""
EACH = {"sqlite": STAGED[::2], "postgresql": STAGED[1::2]}
"""What a form refuses is settled before any database is asked: each form is sent on one of the two."""


def text_fields(scene: Scene) -> list[str]:
    """The names of the fields of text that the scene fills in."""
    page = scene.browser.get(scene.form_on or scene.path)
    if page.status != 200 or not page.body:
        return []
    kinds = "@type='text' or @type='search' or @type='email' or @type='tel' or not(@type)"
    names = page.tree.xpath(f"//main//input[{kinds}]/@name|//main//textarea/@name")
    return [str(name) for name in dict.fromkeys(names) if name in scene.fields]


def answers_to(place: Stage, endpoint: str, typed: str) -> tuple[int, list[tuple[Any, ...]]]:
    """How many fields there were, and what was wrong: taken, failed, slow, or something changed."""
    scene, wrong = played(place, endpoint), []
    names = text_fields(scene)
    token, before = token_of(scene.browser), counted(place, scene)
    for name in names:
        began = time.process_time()
        answer = scene.browser.post(scene.path, {**scene.fields, name: typed, "csrf_token": token})
        took = time.process_time() - began
        if not 400 <= answer.status < 500 or took > SECONDS:
            wrong.append((endpoint, name, answer.status, round(took, 2)))
    if names and counted(place, scene) != before:
        wrong.append((endpoint, "changed"))
    return len(names), wrong


@pytest.mark.parametrize("typed", [DECEIVING, LONG], ids=["direction", "long"])
def test_no_text_field_takes_marks_of_direction_or_endless_text(app: Flask, typed: str) -> None:
    place = stage(app)
    answers = [answers_to(place, endpoint, typed) for endpoint in EACH[db.engine.dialect.name]]
    assert [fault for _fields, faults in answers for fault in faults] == []
    assert sum(fields for fields, _faults in answers) > FIELDS_AT_LEAST
