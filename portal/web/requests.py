"""What happens around every request: its id, its language, its kind of transaction, and the touch of the session."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from portal.audit.trail import new_correlation
from portal.identity import sign_in
from portal.web import current, language
from portal.web.guard import SAFE_METHODS, allowed_commit

WAITING_ENDPOINTS = frozenset({"sign_in.extend"})


def register(app: Flask) -> None:
    """Hook them in; order matters: id and transaction first."""
    app.before_request(_begin)
    app.before_request(language.remember)
    app.before_request(_touch)


def _begin() -> None:
    new_correlation()
    sign_in.announce_writes(request.method not in SAFE_METHODS)


def _touch() -> Any:
    if (
        request.endpoint in (None, "static", "pages.live", "pages.ready")
        or request.endpoint in WAITING_ENDPOINTS
    ):
        return
    row = current.sign_in_row()
    if row is not None and current.needs_touch(row):
        with allowed_commit("session-touch"):
            sign_in.touch(row)
