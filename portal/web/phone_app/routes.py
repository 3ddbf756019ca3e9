"""The phone app: an installable page, and the signed calls it makes; it knows no cookie."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import structlog
from flask import Blueprint, jsonify
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from portal.identity import addresses, approvals, devices, queries, sessions
from portal.identity.approvals import Answer
from portal.identity.device_codes import PhoneRefused
from portal.limits.ledger import TooMany
from portal.web import current
from portal.web.guard import public
from portal.web.phone_app import forms

blueprint = Blueprint("phone_app", __name__)
SIGNED = "the call is good by its one-time token or by the telephone's signature, never by a cookie"
Call = Callable[..., dict[str, Any]]
CALLS: list[Callable[..., ResponseReturnValue]] = []
log = structlog.get_logger()


def call(path: str) -> Callable[[Call], Callable[..., ResponseReturnValue]]:
    """A call of the app: takes JSON, answers JSON, whatever happens (docs/phone-app.md)."""

    def declare(act: Call) -> Callable[..., ResponseReturnValue]:
        @functools.wraps(act)
        def view(**values: Any) -> ResponseReturnValue:
            try:
                return jsonify(act(**values))
            except (PhoneRefused, TooMany, forms.Malformed, devices.NotAKey) as error:
                return _why_not(error)

        CALLS.append(view)
        return blueprint.post(path)(public(SIGNED)(view))

    return declare


def _why_not(error: Exception) -> ResponseReturnValue:
    if isinstance(error, TooMany):
        seconds = max(1, math.ceil(error.retry_after.total_seconds()))
        log.warning("limit reached", limit=error.name, retry_after=seconds)
        return jsonify(error="wait", retry_after=seconds), 429, {"Retry-After": str(seconds)}
    if isinstance(error, PhoneRefused):
        left = {} if error.tries_left is None else {"tries_left": error.tries_left}
        return jsonify(error=error.word, **left), 403
    log.warning("malformed call of the phone app", part=str(error))
    return jsonify(error="malformed"), 400


@blueprint.record_once
def _spare_the_calls(state: BlueprintSetupState) -> None:
    # These calls and no others: none of them acts by a cookie, so a forged one has nothing to ride on.
    for view in CALLS:
        state.app.extensions["csrf"].exempt(view)


@call("/api/enrol")
def enrol() -> dict[str, Any]:
    """The telephone scanned the QR code of an enrolment; the browser that shows it is refused."""
    sent = forms.body()
    token = forms.text(sent, "token", forms.TOKEN)
    keys = [forms.text(sent, name, forms.PUBLIC_KEY) for name in ("code_key", "approval_key")]
    browser = current.sign_in_row()
    device = devices.scan(token, *keys, showing=browser.id if browser else None, network=current.network())
    account = queries.account_by_id(device.account_id)
    assert account is not None  # noqa: S101 - the row refers to it
    return {
        "device": device.id,
        "account": addresses.masked(account.email),
        "name": device.name,
        "challenge": device.nonce,
        "language": account.language,
    }


@call("/api/enrol/pin")
def enrol_pin() -> dict[str, Any]:
    """The PIN was typed on the telephone."""
    sent = forms.body()
    device, code = forms.whole_number(sent, "device"), forms.text(sent, "code", forms.CODE)
    signature = forms.text(sent, "signature", forms.SIGNATURE)
    return {"accept": devices.show_pin(device, code, signature, network=current.network())}


@call("/api/enrol/accept")
def enrol_accept() -> dict[str, Any]:
    """The person tapped «accept»."""
    sent = forms.body()
    device, signature = forms.whole_number(sent, "device"), forms.text(sent, "signature", forms.SIGNATURE)
    devices.accept(device, signature, network=current.network())
    return {"state": "active"}


@call("/api/requests")
def waiting() -> dict[str, Any]:
    """What waits for an answer of this telephone."""
    sessions.announce_writes(False)  # asked every two seconds: reading takes no lock
    sent = forms.body()
    device, at = forms.whole_number(sent, "device"), forms.whole_number(sent, "at", forms.LATEST_SECOND)
    return {"requests": approvals.waiting_for(device, at, forms.text(sent, "signature", forms.SIGNATURE))}


@call("/api/requests/<int:request_id>/answer")
def answer(request_id: int) -> dict[str, Any]:
    """The person accepted with the number and the PIN, or refused."""
    sent = forms.body()
    approves = forms.text(sent, "answer", forms.ANSWER) == "approve"
    given = Answer(
        forms.whole_number(sent, "device"),
        approves,
        forms.text(sent, "signature", forms.SIGNATURE),
        number=forms.text(sent, "number", forms.NUMBER) if approves else "",
        code=forms.text(sent, "code", forms.CODE) if approves else "",
    )
    return {"state": approvals.answer(request_id, given, network=current.network())}
