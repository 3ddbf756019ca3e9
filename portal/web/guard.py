"""Every route declares who may open it; declared decisions are verified before a commit and after a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, g, has_request_context, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from portal import clock, config
from portal.access.actions import Action, Freshness
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise, decisions
from portal.identity import sessions
from portal.web import announced, current

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
GET_COMMITS = {
    "session-touch": "a page was opened: the idle time begins anew, at most once a minute",
    "denial": "an event that a rule said no, in its own transaction",
    "list-exported": "a list left as a file: that it was taken, and by whom, in transactions of their own",
    "verification-miss": "a number and a code that did not fit were counted against guessing",
    "evidence-read": "an event that a validator read the facts about a person, in its own transaction",
}
"""Exceptions from «a GET changes no business data». The way back from an eID's provider is none: its button acts."""


class UndeclaredCommit(RuntimeError):
    """A commit that no declared and asked permission covers: a programming error."""


def public(why: str) -> Callable[[View], View]:
    """Visitors may open it, because `why`."""

    def declare(view: View) -> View:
        view.access = ("public", why)  # type: ignore[attr-defined]
        return view

    return declare


def requires(action: Action, target: Callable[[Actor], Any] | None = None) -> Callable[[View], View]:
    """Signed-in people the rule allows; without `target` the view or its service asks on the loaded object."""

    def declare(view: View) -> View:
        view.access = (action, target)  # type: ignore[attr-defined]
        return view

    return declare


def own_account(actor: Actor) -> OwnAccount:
    """The target of pages about the own account."""
    return OwnAccount(actor.account_id)


def nothing(_actor: Actor) -> None:
    """The target of pages whose rule looks at the actor alone."""
    return


def declaration_of(app: Flask, endpoint: str) -> tuple[Any, Any] | None:
    """What the view behind an endpoint declared."""
    return getattr(app.view_functions[endpoint], "access", None)


def check_declarations(app: Flask) -> None:
    """A route that declares nothing does not start."""
    rules: list[Rule] = list(app.url_map.iter_rules())
    silent = sorted(
        {r.endpoint for r in rules if r.endpoint != "static" and not declaration_of(app, r.endpoint)}
    )
    if silent:
        raise RuntimeError("routes without a declared permission: " + ", ".join(silent))


def before_view() -> None:
    """Origin of unsafe requests, then the declared permission; runs before every view."""
    decisions.set(frozenset())
    if request.endpoint is None or request.endpoint == "static":
        return
    _check_origin()
    announced.check_open(request.blueprint)
    declared = declaration_of(_app(), request.endpoint)
    assert declared is not None  # noqa: S101 - checked at start
    action, target = declared
    if isinstance(action, Action):
        person = current.actor()
        if target is not None:
            authorise(person, action, target(person))


def _app() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined]


def _check_origin() -> None:
    # Besides the CSRF token: a browser that says where the form stood must name this portal.
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        abort(400)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(400)


def after_view(response: Any) -> Any:
    """A view that declared an action and succeeded must have asked it on its object."""
    if (
        request.endpoint in (None, "static")
        or request.method == "OPTIONS"
        or not 200 <= response.status_code < 300
    ):
        return response  # Flask itself answers OPTIONS: no view ran
    declared = declaration_of(_app(), request.endpoint)
    if declared and isinstance(declared[0], Action) and declared[0] not in decisions.get():
        raise UndeclaredCommit(f"{request.endpoint} declares {declared[0]} and never asked it")
    return response


def note_decision(response: Any) -> Any:
    """After a decision that was made, the quarter of an hour until the factor is asked again begins anew."""
    declared = declaration_of(_app(), request.endpoint) if request.endpoint not in (None, "static") else None
    action = declared[0] if declared else None
    if request.method in SAFE_METHODS or not isinstance(action, Action) or response.status_code >= 400:
        return response
    row = current.sign_in_row()
    if action.freshness is Freshness.DECISIONS and action in decisions.get() and row is not None:
        sessions.note_decision(row.id)
    return response


class allowed_commit:
    """Names one of the GET_COMMITS inside the block."""

    def __init__(self, name: str) -> None:
        self.name = GET_COMMITS[name] and name

    def __enter__(self) -> None:
        g.allowed_commit = self.name

    def __exit__(self, *_details: object) -> None:
        g.pop("allowed_commit", None)


def check_commit(_session: object) -> None:
    """Before every commit in a request: not in a GET, and only after the declared decision."""
    if not has_request_context() or request.endpoint is None or g.get("allowed_commit"):
        return
    if request.method in SAFE_METHODS:
        raise UndeclaredCommit(f"{request.endpoint} commits in a {request.method}")
    declared = declaration_of(_app(), request.endpoint)
    if declared is None:
        raise UndeclaredCommit(f"{request.endpoint} commits without a declaration")
    if isinstance(declared[0], Action) and declared[0] not in decisions.get():
        raise UndeclaredCommit(f"{request.endpoint} commits before {declared[0]} was asked")


def seconds_left() -> int | None:
    """Seconds until the sign-in of this browser ends, None for visitors."""
    row = current.sign_in_row()
    if row is None:
        return None
    settings, now = config.current(), clock.now()
    ends = min(row.last_seen_at + settings.session_idle, row.begun_at + settings.session_total)
    return max(0, int((ends - now).total_seconds()))
