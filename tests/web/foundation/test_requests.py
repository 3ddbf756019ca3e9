"""Requests that are not what a page of ours would send: no token, other origin, too much, twice, elsewhere."""

from __future__ import annotations

import dataclasses
import re
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import config, create_app
from portal.database import db
from portal.environments import environment
from portal.identity.models import Registration
from portal.messages.models import OutgoingMessage
from portal.web import current
from portal.web.redirects import safe_next
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.page import PageClient

FORM = "/password/lost"
FIELDS = {"email": "person@agri.example"}


def test_every_form_is_refused_without_its_token(app: Flask, subtests: pytest.Subtests) -> None:
    client = sign_in_browser(PageClient(app), a_user_with_telephone())
    adapter = app.url_map.bind("localhost")
    values = {"environment": "training", "token": "x", "kind": "operator"}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            with subtests.test(rule.rule):
                path = adapter.build(
                    rule.endpoint, {name: _value(rule, name, values) for name in rule.arguments}
                )
                assert client.post(path, {"csrf_token": "x"}, follow=False).status == 400
                assert client.post(path, follow=False).status == 400


def _value(rule: Any, name: str, values: dict[str, Any]) -> Any:
    choices = re.search(rf"<any\(([^,)]+)[^)]*\):{name}>", rule.rule)
    found = choices[1].strip(' "') if choices else values.get(name, 1)
    return environment.Environment(found) if name == "environment" else found


def test_a_token_of_another_browser_is_no_token(app: Flask) -> None:
    token = PageClient(app).csrf_token()
    assert PageClient(app).post(FORM, {**FIELDS, "csrf_token": token}).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://evil.example@localhost"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_a_form_that_stood_on_another_site_is_refused(visitor: PageClient, headers: dict[str, str]) -> None:
    data = {**FIELDS, "csrf_token": visitor.csrf_token()}
    assert visitor._ask("POST", FORM, data=data, headers=headers).status_code == 400
    assert db.session.scalar(select(func.count()).select_from(OutgoingMessage)) == 0
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert visitor._ask("POST", FORM, data=data, headers=ours).status_code == 302


@pytest.mark.parametrize("size", [70_000, 10_000_000])
def test_a_body_that_is_too_large_is_refused_at_once(visitor: PageClient, size: int) -> None:
    data = {**FIELDS, "csrf_token": visitor.csrf_token(), "more": "x" * size}
    began = time.monotonic()
    response = visitor._ask("POST", FORM, data=data)
    assert response.status_code == 413
    assert time.monotonic() - began < 1


def test_a_field_or_a_number_of_fields_that_is_too_large_is_refused(visitor: PageClient) -> None:
    token = visitor.csrf_token()
    many = {f"f{number}": "x" for number in range(300)}
    for data in (
        {"csrf_token": token, "email": "x" * 60_000, **many},
        {"csrf_token": token, "email": "x" * 20_000},
    ):
        response = visitor._ask("POST", FORM, data=data, content_type="multipart/form-data")
        assert response.status_code == 413


def test_a_method_cannot_be_overridden(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account)
    for path in ("/account/sessions/end-others?_method=POST", "/sign-out?_method=post"):
        response = visitor._ask(
            "GET", path, headers={"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        )
        assert response.status_code == 405
    assert visitor.get("/account").status == 200


def test_of_a_field_sent_twice_the_first_counts(visitor: PageClient) -> None:
    a_user_with_telephone(email="first@agri.example")
    data = {"csrf_token": visitor.csrf_token(), "email": ["first@agri.example", "second@agri.example"]}
    assert visitor._ask("POST", FORM, data=data).status_code == 302
    names = db.session.scalars(select(OutgoingMessage.name)).all()
    assert names == ["password_link"]


def test_fields_nobody_offered_change_nothing(visitor: PageClient) -> None:
    extra = {
        "id": "7",
        "state": "active",
        "password_hash": "x",
        "is_administrator": "y",
        "language": "fr",
        "next": "/",
    }
    visitor.post_with_token(FORM, {**FIELDS, **extra})
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"]
)
def test_a_request_cannot_say_where_it_comes_from(app: Flask, header: str) -> None:
    value = "for=198.51.100.7" if header == "Forwarded" else "198.51.100.7"
    assert _network(app, {header: value}) == "203.0.113.0/24"


def test_behind_one_proxy_only_what_it_added_counts(app: Flask) -> None:
    behind = create_app(dataclasses.replace(config.current(), proxy_count=1))
    assert _network(behind, {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}) == "198.51.100.0/24"


def _network(app: Flask, headers: dict[str, str]) -> str:
    with app.test_client() as client:
        client.get("/health/live", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.9"})
        return current.network()


@pytest.mark.parametrize("address", ["2001:db8:1:2ff::1", "2001:db8:1:200::9"])
def test_an_ipv6_household_is_one_network(app: Flask, address: str) -> None:
    with app.test_client() as client:
        client.get("/health/live", environ_base={"REMOTE_ADDR": address})
        assert current.network() == "2001:db8:1:200::/56"


@pytest.mark.parametrize(
    "word", ["playground", "Production", "PRODUCTION", "production%00", "prod", "..", "training%2f.."]
)
def test_an_unknown_environment_is_not_found(visitor: PageClient, word: str) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    for path in (f"/{word}/profile", f"/{word}/validation"):
        assert visitor._ask("GET", path).status_code == 404


def test_an_environment_that_is_not_served_is_not_found(visitor: PageClient, settings: Any) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    assert visitor.get("/training/profile").status == 200
    settings(environments=("production",))
    assert visitor.get("/training/profile").status == 404


ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\\/evil.example", "http://evil.example", "https://evil.example", "HTTPS://evil.example", "http:evil.example",
    "https:evil.example", "http:/evil.example", "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", "vbscript:x", "mailto:a@b.example", "evil.example", "@evil.example", "/@evil.example",
    "//evil.example@localhost", "http://localhost@evil.example", "/%5cevil.example", "/%5Cevil.example",
    "/%2f%2fevil.example", "/%2F%2Fevil.example", "/a//evil.example", "/\tevil.example", "\t//evil.example",
    "/\n/evil.example", "/\r/evil.example", " //evil.example", "/ /evil.example", "/%0d%0aLocation:%20x",
    "/%09/evil.example",
    "/a%00b", "/account#//evil.example", "?next=//evil.example", ".evil.example",
    "/a" * 300, "／／evil.example", "/\u2028evil",
]  # fmt: skip


@pytest.mark.parametrize(
    "address", ELSEWHERE, ids=[ascii(address)[:30] + str(i) for i, address in enumerate(ELSEWHERE)]
)
def test_nobody_is_led_to_another_place(address: str) -> None:
    assert safe_next(address) is None


@pytest.mark.parametrize(
    "address", ["/account", "/training/profile?state=valid&after=12", "/a-b_c.d~e/%C3%A9"]
)
def test_a_place_of_the_portal_is_kept(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize("address", [None, ""])
def test_nowhere_is_nowhere(address: str | None) -> None:
    assert safe_next(address) is None
