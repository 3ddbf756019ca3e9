"""How far each kind of browser reaches, over every address of the portal; and that reading changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import Rule

from portal.access.actions import Action
from portal.database import Base, db
from portal.environments.environment import Environment
from portal.web.guard import declaration_of
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone, sign_in_browser
from tests.page import PageClient

VALUES = {"token": "x", "kind": "operator", "name": "app.js", "version": "x"}
WITH_THE_PASSWORD = {Action.ACCOUNT_READ, Action.ACCOUNT_PANIC, Action.MAILBOX_CONFIRM, Action.STEP_UP}
MOVING = {
    "sign_ins": "the touch of the session, once a minute",
    "audit_events": "a refusal is recorded",
    "counters": "limits count what is asked",
}


def addresses(app: Flask, method: str) -> list[tuple[str, str, Any]]:
    """(endpoint, address, declared action or `public`) of every route, in each environment."""
    adapter, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or method not in (rule.methods or ()):
            continue
        declared = declaration_of(app, rule.endpoint)
        assert declared
        asked, fixed = rule.arguments - set(rule.defaults or ()), dict(rule.defaults or {})
        for environment in Environment if "environment" in asked else [None]:
            values = fixed | {name: _value(rule, name, environment) for name in asked}
            found.append((rule.endpoint, adapter.build(rule.endpoint, values, method=method), declared[0]))
    return found


def _value(rule: Rule, name: str, environment: Environment | None) -> Any:
    """Something the address takes there: where it takes a few words only, one of them."""
    words = getattr(rule._converters[name], "items", None)
    if words:
        return min(words)
    return VALUES.get(name, 1 if name.endswith("_id") else environment or "xx")


def test_a_visitor_reaches_only_what_is_declared_public(app: Flask, visitor: PageClient) -> None:
    for endpoint, path, declared in addresses(app, "GET"):
        response = visitor._ask("GET", path)
        if isinstance(declared, Action):
            assert response.status_code == 302, endpoint
            assert response.headers["Location"].startswith("/sign-in?next="), endpoint
        else:
            assert response.status_code < 500, endpoint


def test_who_waits_for_the_second_factor_reaches_nothing(app: Flask, visitor: PageClient) -> None:
    _row, token = a_sign_in(a_user_with_telephone(), second_factor=False, state="half")
    visitor.set_cookie({"sign_in": token})
    csrf = visitor.csrf_token()
    for method in ("GET", "POST"):
        for endpoint, path, declared in addresses(app, method):
            if isinstance(declared, Action):
                response = visitor._ask(method, path, data={"csrf_token": csrf} if method == "POST" else None)
                assert response.status_code == 302, (method, endpoint)
                assert response.headers["Location"].startswith("/sign-in?next="), (method, endpoint)


@pytest.mark.parametrize("has_telephone", [True, False])
def test_the_password_alone_reaches_my_account_and_nothing_of_the_application(
    app: Flask, visitor: PageClient, has_telephone: bool
) -> None:
    sign_in_browser(visitor, a_user_with_telephone() if has_telephone else a_user(), second_factor=False)
    csrf = visitor.csrf_token()
    for method in ("GET", "POST"):
        for endpoint, path, declared in addresses(app, method):
            inside = endpoint.split(".")[0] in ("role_requests", "directory", "validation", "administration")
            closed = has_telephone and isinstance(declared, Action) and declared not in WITH_THE_PASSWORD
            if inside or closed:
                response = visitor._ask(method, path, data={"csrf_token": csrf} if method == "POST" else None)
                refused = response.status_code in (403, 404)
                asks = response.status_code == 302 and response.location.startswith(("/sign-in", "/step-up"))
                assert refused or asks, (method, endpoint, response.status_code)
    assert visitor.get("/account").status == 200


def everything_kept() -> dict[str, list[str]]:
    """Each row of each table, as text."""
    reason = {"unscoped": "comparing all rows in a test"}
    return {
        name: sorted(
            str(tuple(row))
            for row in db.session.execute(select(text("*")).select_from(table), execution_options=reason)
        )
        for name, table in Base.metadata.tables.items()
        if name not in MOVING
    }


def test_opening_every_page_twice_changes_no_business_data(app: Flask, visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    before = everything_kept()
    db.session.rollback()
    for words in ("", "?lang=fr"):
        for endpoint, path, _declared in addresses(app, "GET"):
            assert visitor._ask("GET", path + words).status_code < 500, endpoint
    assert everything_kept() == before


def test_head_and_options_are_answered_as_quietly_as_get(app: Flask, visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    before = everything_kept()
    db.session.rollback()
    for method in ("HEAD", "OPTIONS"):
        for endpoint, path, _declared in addresses(app, "GET"):
            assert visitor._ask(method, path).status_code < 500, (method, endpoint)
    assert everything_kept() == before
