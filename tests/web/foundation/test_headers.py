"""Headers of every answer, the visitor's cookie, and the names a request may call this host by."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask, session
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.web.shell import static_url
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.page import PageClient

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ANSWERS = {
    "a page": ("GET", "/", 200),
    "a page that is not there": ("GET", "/no-such-page", 404),
    "an environment that is not there": ("GET", "/playground/profile", 404),
    "a wrong method": ("PUT", "/contact", 405),
    "a form without token": ("POST", "/password/lost", 400),
    "a way to the sign-in": ("GET", "/account", 302),
    "a static file": ("GET", "/static/css/tokens.css", 200),
    "a static file that is not there": ("GET", "/static/none.css", 404),
    "a way out of the static folder": ("GET", "/static/../portal/config.py", 404),
    "the folder of static files": ("GET", "/static/", 404),
    "the health": ("GET", "/health/live", 200),
    "options": ("OPTIONS", "/contact", 200),
    "a style below a page": ("GET", "/account/x.css", 404),
    "local data": ("GET", "/instance/portal.sqlite3", 404),
    "the repository": ("GET", "/.git/config", 404),
    "a trace": ("TRACE", "/", 405),
}


def strict(response: TestResponse) -> None:
    """What holds for every answer."""
    for name, value in ALWAYS.items():
        assert response.headers.get(name) == value, name
    policy = dict(
        part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "Access-Control-Allow-Origin" not in response.headers


def test_every_answer_is_strict_and_only_static_files_are_kept(app: Flask, subtests: pytest.Subtests) -> None:
    client = PageClient(app)
    for what, (method, path, status) in ANSWERS.items():
        with subtests.test(what):
            response = client._ask(method, path)
            assert response.status_code == status
            strict(response)
            kept = path.endswith("tokens.css") and status == 200
            expected = "public, max-age=31536000, immutable" if kept else "no-store"
            assert response.headers["Cache-Control"] == expected
            assert "Strict-Transport-Security" not in response.headers


def test_a_personal_page_is_not_stored(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_user_with_telephone()).get("/account")
    assert page.status == 200
    strict(page.response)
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_address_of_a_static_file_changes_with_its_content(app: Flask) -> None:
    with app.test_request_context("/"):
        address = static_url("css/tokens.css")
    assert re.fullmatch(r"/static/css/tokens\.css\?v=[0-9a-f]{10}", address)


def test_behind_tls_browsers_are_told_to_stay_there(
    visitor: PageClient, settings: Callable[..., Settings]
) -> None:
    settings(public_url="https://portal.example")
    for path in ("/", "/no-such-page"):
        response = visitor._ask("GET", path)
        assert (
            int(re.findall(r"max-age=(\d+)", response.headers["Strict-Transport-Security"])[0]) >= 31_536_000
        )


@pytest.mark.parametrize(
    ("address", "name"), [("http://localhost:5000", "portal"), ("https://p.example", "__Host-portal")]
)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_hosts(
    visitor: PageClient, settings: Callable[..., Settings], address: str, name: str
) -> None:
    settings(public_url=address)
    [cookie] = visitor._ask("GET", "/password/lost").headers.getlist("Set-Cookie")
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= attributes
    assert ("Secure" in attributes) is name.startswith("__Host-")
    assert not [part for part in attributes if part.startswith(("Domain", "Expires", "Max-Age"))]
    assert len(cookie) < 4096


def test_the_cookie_tells_nothing_and_two_are_never_alike(app: Flask) -> None:
    values = set()
    for _ in range(5):
        client = PageClient(app)
        client.set_cookie({"language": "fr", "secret": "wilhelmina"})
        values.add(client.http.get_cookie("portal").value)  # type: ignore[union-attr]
    assert len(values) == 5
    assert not [value for value in values if "wilhelmina" in value or "eyJ" in value or "language" in value]


CHANGES: dict[str, Callable[[str], str]] = {
    "another end": lambda value: value[:-3] + "abc",
    "another key": lambda value: "00000000" + value[8:],
    "cut": lambda value: value[:20],
    "invented": lambda _value: "x",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_cookie_is_an_empty_one(app: Flask, change: Callable[[str], str]) -> None:
    client = PageClient(app)
    sign_in_browser(client, a_user_with_telephone())
    assert client.get("/account").status == 200
    client.http.set_cookie("portal", change(client.http.get_cookie("portal").value))  # type: ignore[union-attr]
    response = client._ask("GET", "/account")
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/sign-in")


HOSTS = [
    "evil.example", "localhost.evil.example", "evil.example:5000", "localhost@evil.example", "localhost:evil.example",
    "127.0.0.1.evil.example", "evil.example#localhost", "xn--lcalhost-x4a", "0.0.0.1", "localhost\\evil.example",
    "evil.example/localhost", ".localhost.evil.example", "", "localhost,evil.example", "localhost evil.example",
]  # fmt: skip


def test_a_foreign_name_of_this_host_is_refused(app: Flask, subtests: pytest.Subtests) -> None:
    client = PageClient(app)
    for host in HOSTS:
        with subtests.test(host):
            response = client._ask("GET", "/", headers={"Host": host})
            assert response.status_code == 400
            assert b"evil.example" not in response.data


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-HTTP-Host-Override"]
)
def test_no_header_gives_this_host_another_name(visitor: PageClient, name: str) -> None:
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    response = visitor._ask("GET", "/account", headers={name: value})
    assert response.headers["Location"].startswith("/sign-in")
    assert b"evil.example" not in visitor._ask("GET", "/", headers={name: value}).data


def test_both_names_of_the_demo_work(visitor: PageClient) -> None:
    for host in ("localhost", "localhost:5000", "127.0.0.1:5000", "127.0.0.1"):
        assert visitor._ask("GET", "/", headers={"Host": host}).status_code == 200


def test_the_session_of_a_visitor_is_empty_until_something_must_be_kept(app: Flask) -> None:
    client = PageClient(app)
    assert client._ask("GET", "/help").headers.getlist("Set-Cookie") == []
    with app.test_request_context("/"):
        assert dict(session) == {}
