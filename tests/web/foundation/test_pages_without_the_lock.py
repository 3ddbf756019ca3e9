"""A page is made after the writing: while it is rendered others can write, on SQLite too."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.database import db, writes_ahead
from portal.identity import sessions
from portal.identity.models import SignIn
from portal.web import shell
from tests.makers.identity import a_sign_in, a_user_with_telephone
from tests.page import PageClient


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, bool]]:
    """For each page made: whether its transaction may write, and whether it had one when the rendering began."""
    seen: list[tuple[bool, bool]] = []
    render = shell.render_template

    def look(template: str, **context: Any) -> str:
        seen.append((writes_ahead.get(), db.session().in_transaction()))
        return render(template, **context)

    monkeypatch.setattr(shell, "render_template", look)
    return seen


def test_a_refused_form_is_shown_again_after_its_transaction_has_ended(
    visitor: PageClient, rendered: list[tuple[bool, bool]]
) -> None:
    answer = visitor.post_with_token("/password/lost", {"email": "no address"})
    assert answer.status == 422
    assert rendered[-1] == (False, False)


@pytest.mark.parametrize("before", [True, False])
def test_the_touch_of_a_session_leaves_the_request_writing_or_reading_as_it_was(
    app: Flask, before: bool
) -> None:
    row, _token = a_sign_in(a_user_with_telephone())
    sessions.announce_writes(before)
    sessions.touch(row)
    assert writes_ahead.get() is before
    assert db.session.get_one(SignIn, row.id, populate_existing=True).last_seen_at is not None


def test_a_decision_made_on_a_page_is_noted_though_the_page_was_read(app: Flask) -> None:
    row, _token = a_sign_in(a_user_with_telephone())
    sessions.announce_writes(True)
    sessions.end_writing()
    assert writes_ahead.get() is False
    assert db.session.get_one(SignIn, row.id, populate_existing=True).acted_at is None
    sessions.note_decision(row.id)
    assert db.session.get_one(SignIn, row.id, populate_existing=True).acted_at is not None
