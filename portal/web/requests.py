"""What happens around every request: its id, its language, its kind of transaction, and the touch of the session."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, abort, request

from portal.audit.trail import new_correlation
from portal.certificates.verification import FILE_BYTES_AT_MOST
from portal.exchange.formats import BYTES_AT_MOST
from portal.identity import sessions
from portal.web import current, language
from portal.web.guard import SAFE_METHODS, allowed_commit

WAITING_ENDPOINTS = frozenset({
    "sign_in.extend",
    "devices.wait",
    "devices.state",
    "second_factor.approval",
    "second_factor.approval_state",
    "signing.progress",
    "work.state",
})  # fmt: skip

FILE_ENDPOINTS = frozenset({
    "certificate_models.upload",
    "exchange.authorities",
    "exchange.control_bodies",
    "exchange.operators",
    "exchange.posts",
})  # fmt: skip
PUBLIC_FILE = "verification.file"
"""Takes a file from anybody, a small one, and keeps it in memory: nothing of a stranger's file reaches a disk."""
READING_ENDPOINTS = frozenset({"directory.operators", "directory.authorities", "directory.control_bodies"})
"""Their forms only choose a row and lead on: a search must not keep others from writing."""
BOX_ENDPOINTS = frozenset({
    "certificate_boxes.step", "certificate_boxes.settle", "certificate_decisions.control",
})  # fmt: skip
"""A table of two hundred rows, or a text that is far too long for its box and is refused there."""
FORM_BYTES = 64 * 1024
BOXES_BYTES = 8 * 1024 * 1024


class PortalRequest(Request):
    """A request whose public file stays in memory; the library would put one of more than 500 kB on the disk."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:  # fmt: skip
        if self.endpoint == PUBLIC_FILE:
            return BytesIO()  # bounded by max_content_length
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)


def register(app: Flask) -> None:
    """Hook them in; order matters: id and transaction first."""
    app.request_class = PortalRequest
    app.before_request(_begin)
    app.before_request(language.remember)
    app.before_request(_touch)
    app.before_request(_let_files_in)


def _begin() -> None:
    new_correlation()
    writes = request.method not in SAFE_METHODS and request.endpoint not in READING_ENDPOINTS
    sessions.announce_writes(writes)


def _touch() -> Any:
    if (
        request.endpoint in (None, "static", "pages.live", "pages.ready")
        or request.endpoint in WAITING_ENDPOINTS
    ):
        return
    row = current.sign_in_row()
    if row is not None and current.needs_touch(row):
        with allowed_commit("session-touch"):
            sessions.touch(row)


def _let_files_in() -> None:
    # Only signed-in people may send more than a form holds, and only where a file is expected; the one public file is
    # small.
    if request.endpoint == PUBLIC_FILE:
        request.max_content_length = FILE_BYTES_AT_MOST + FORM_BYTES
        request.max_form_memory_size = 4 * FORM_BYTES
    if request.endpoint in BOX_ENDPOINTS and current.sign_in_row() is not None:
        request.max_content_length = request.max_form_memory_size = BOXES_BYTES
    elif request.endpoint in FILE_ENDPOINTS and current.sign_in_row() is not None:
        request.max_content_length = BYTES_AT_MOST + FORM_BYTES
        # Also the most that the parser keeps in memory at once; it hands files on in pieces of 64 kB.
        request.max_form_memory_size = 4 * FORM_BYTES


def sent_object(text: str) -> dict[str, Any]:
    """What a script sent as JSON in a field of its form; anything but an object is a 400."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        abort(400)
    return found
