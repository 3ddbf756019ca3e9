"""Demo pages: the people and what to try as each, the inbox, the captcha's answer; registered in demo mode only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, jsonify, request, session
from flask.typing import ResponseReturnValue

from portal.demo import inbox
from portal.demo.people import PEOPLE, as_json
from portal.web.guard import public
from portal.web.shell import page

DEMO = "the demo shows invented people and what would have been sent"
blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def register(app: Flask) -> None:
    """Add the pages and the gateways of the inbox."""
    app.extensions["demo_inbox"] = {"mail": inbox.InboxMailer(), "sms": inbox.InboxSms()}
    app.register_blueprint(blueprint)


@blueprint.get("")
@public(DEMO)
def people() -> ResponseReturnValue:
    """The demo people, and what to try as each."""
    return page("demo/people.html", people=PEOPLE)


@blueprint.get("/people.json")
@public(DEMO)
def people_json() -> ResponseReturnValue:
    """The same for programs."""
    return jsonify([as_json(person) for person in PEOPLE])


@blueprint.get("/inbox")
@public(DEMO)
def show_inbox() -> ResponseReturnValue:
    """Every e-mail and SMS, newest first."""
    recipient = request.args.get("to", "").strip() or None
    rows: list[Any] = [(row, inbox.as_json(row)) for row in inbox.messages_to(recipient)]
    return page("demo/inbox.html", rows=rows, recipient=recipient)


@blueprint.get("/inbox.json")
@public(DEMO)
def inbox_json() -> ResponseReturnValue:
    """The same for programs; `to` is an exact address or number."""
    recipient = request.args.get("to", "").strip().replace(" ", "+", 1) if "to" in request.args else None
    return jsonify([inbox.as_json(row) for row in inbox.messages_to(recipient)])


@blueprint.get("/captcha.json")
@public(DEMO)
def captcha_json() -> ResponseReturnValue:
    """The answer of the code shown last in this browser."""
    return jsonify({"answer": session.get("captcha", {}).get("answer")})
