"""What people type is text: shown as it stands, never run, refused where it deceives or is endless (I-02, I-03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.environments.environment import Environment, using
from portal.roles.models import Role
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient, squeezed

PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "<svg/onload=alert(1)>",
    "javascript:alert(1)", "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>",
    "<a href=//evil.example>x</a>", "<style>*{display:none}</style>", "<!--", "]]><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<base href=//evil.example>", "&lt;script&gt;alert(1)",
    "\" autofocus onfocus=alert(1) x=\"", "' onmouseover='alert(1)", "`${alert(1)}`", "\\u003cscript>alert(1)",
    "{{7*7}}", "{{config}}", "{% for x in [].__class__ %}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "%(name)s %s {0}",
)  # fmt: skip
RUNS = (
    "//@*[starts-with(name(), 'on')]", "//script[not(@src)][not(@type='application/json')]", "//iframe|//object",
    "//*[@src='x']", "//base", "//main//style", "//svg[@onload]", "//*[starts-with(@href, '//evil')]",
    "//@*[starts-with(normalize-space(.), 'javascript:')][name()='href' or name()='src' or name()='action']",
)  # fmt: skip
ASK = "/production/role-requests/new/operator/confirm?country=BE&row="


def what_runs(page: Page) -> list[Any]:
    """What a browser would do because of the words of a stranger."""
    return [found for rule in RUNS for found in page.tree.xpath(rule)]


def shown(page: Page, payload: str) -> bool:
    """Whether the words stand on the page letter by letter, in its text or in a field."""
    words = squeezed(payload)
    return words in page.text or any(words in squeezed(value) for value in page.tree.xpath("//main//@value"))


@pytest.fixture
def officer(app: Flask) -> PageClient:
    """A validator over operators whose every text is one of the payloads, each with a request that holds it too."""
    with using(Environment.PRODUCTION):
        country = a_country()
        validator, asker = a_member(country.local), a_user_with_telephone()
        numbers = {
            payload: an_operator(payload, responsible=country.local, street=payload, city=payload).id
            for payload in PAYLOADS
        }
        browser = sign_in_browser(PageClient(app), asker)
        for payload, number in numbers.items():
            page = browser.get(f"{ASK}{number}")
            assert what_runs(page) == [], payload
            page.press("Send authorisation request", follow=False, by_label={"Message": payload})
    return sign_in_browser(PageClient(app), validator)


def test_a_validator_reads_what_strangers_typed_and_nothing_of_it_runs(
    app: Flask, officer: PageClient
) -> None:
    with using(Environment.PRODUCTION):
        asked = {role.message: (role.id, role.organisation_id) for role in db.session.query(Role).all()}
    assert {payload for payload in PAYLOADS if payload not in asked} == set()
    for payload in PAYLOADS:
        role_id, operator_id = asked[payload]
        for path in (f"/production/validation/{role_id}", f"/production/operators/{operator_id}"):
            page = officer.get(path)
            assert page.status == 200
            assert shown(page, payload), (path, payload)
            assert what_runs(page) == [], (path, payload)


def test_no_list_runs_the_names_that_stand_in_it(officer: PageClient) -> None:
    for path in ("/production/validation?kind=operator", "/production/operators?country=BE"):
        page, seen = officer.get(path), ""
        for _number in range(4):
            assert page.status == 200
            assert what_runs(page) == []
            seen += page.text
            more = page.tree.xpath("//a[normalize-space()='Next page']")
            if not more:
                break
            page = page.click("Next page")
        assert "{{7*7}}" in seen
        assert "<script>alert(1)</script>" in seen


def test_what_a_search_was_asked_stands_in_its_field_and_nowhere_else(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    browser = sign_in_browser(visitor, a_user_with_telephone())
    for payload in PAYLOADS:
        page = browser.get("/production/role-requests/new/operator", query={"country": "BE", "text": payload})
        assert page.field("Search").get("value") == payload
        assert what_runs(page) == [], payload
