"""The guard: no commit in a GET, none before the declared decision, no success without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.access.authorise import decisions
from portal.audit import events, trail
from portal.database import db
from portal.web import guard
from portal.web.guard import UndeclaredCommit, allowed_commit


@pytest.fixture(autouse=True)
def _no_decision() -> Iterator[None]:
    token = decisions.set(frozenset())
    yield
    decisions.reset(token)


def commit() -> None:
    """A change and its commit."""
    trail.record(events.AccountOpened(1))
    db.session.commit()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_commit_in_a_request_that_only_reads_is_refused(app: Flask, method: str) -> None:
    with (
        app.test_request_context("/contact", method=method),
        pytest.raises(UndeclaredCommit, match="pages.contact"),
    ):
        commit()
    db.session.rollback()


def test_a_commit_before_the_declared_decision_is_refused_and_after_it_kept(app: Flask) -> None:
    with app.test_request_context("/account/sessions/end-others", method="POST"):
        with pytest.raises(UndeclaredCommit, match="session:end"):
            commit()
        db.session.rollback()
        decisions.set(frozenset({Action.ACCOUNT_READ}))
        with pytest.raises(UndeclaredCommit):
            commit()
        db.session.rollback()
        decisions.set(frozenset({Action.SESSION_END}))
        commit()


def test_a_visitor_s_form_may_commit(app: Flask) -> None:
    with app.test_request_context("/password/lost", method="POST"):
        commit()


@pytest.mark.parametrize("name", sorted(guard.GET_COMMITS))
def test_the_exceptions_of_the_rule_are_listed_and_end_with_their_block(app: Flask, name: str) -> None:
    with app.test_request_context("/contact"):
        with allowed_commit(name):
            commit()
        with pytest.raises(UndeclaredCommit):
            commit()
        db.session.rollback()


def test_an_exception_that_is_not_listed_is_a_programming_error(app: Flask) -> None:
    with app.test_request_context("/contact"), pytest.raises(KeyError):
        allowed_commit("because I say so")


def test_outside_a_request_the_command_line_commits(app: Flask) -> None:
    commit()


def test_a_view_that_succeeds_without_asking_its_permission_is_an_error(app: Flask) -> None:
    with app.test_request_context("/account/sessions"):
        ok, refused = app.response_class("", 200), app.response_class("", 403)
        assert guard.after_view(refused) is refused
        with pytest.raises(UndeclaredCommit, match="never asked"):
            guard.after_view(ok)
        decisions.set(frozenset({Action.SESSION_READ}))
        assert guard.after_view(ok) is ok
