"""Lists as files: the filters of the page, the rights of the viewer, no formula, counted and recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.adapters.spreadsheets import read_rows
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.factor_models import DutyPhone
from portal.limits.rates import EXPORTS_PER_ACCOUNT
from portal.web import exporting
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import Country, a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member, a_request
from tests.makers.rows import a_row
from tests.page import Page, PageClient

SEARCH = "/production/role-requests/new/operator"


@pytest.fixture
def country(app: Flask) -> Country:
    """A tree of authorities in Production."""
    with using(Environment.PRODUCTION):
        return a_country()


@pytest.fixture
def person(app: Flask) -> PageClient:
    """A browser of somebody without a role."""
    return sign_in_browser(PageClient(app), a_user_with_telephone())


def rows_of(page: Page) -> list[list[str]]:
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(page.response.get_data().decode("utf-8-sig")), delimiter=";"))


def test_a_search_leaves_as_a_file_with_its_filters(person: PageClient, country: Country) -> None:
    with using(Environment.PRODUCTION):
        for number in range(30):
            an_operator(f"Ferme {number:02}", responsible=country.local)
        an_operator("Ailleurs", responsible=country.local)
    page = person.get(f"{SEARCH}?country=BE&text=ferme&after=x")
    rows = rows_of(page.click("Export (CSV)"))
    assert [row[0] for row in rows[1:]] == [f"Ferme {number:02}" for number in range(30)]
    file = page.click("Export (XLSX)").response
    assert "attachment" in file.headers["Content-Disposition"]
    sheet = [cells for _number, cells in read_rows(io.BytesIO(file.get_data()))]
    assert [cells[0] for cells in sheet] == [row[0] for row in rows]


def test_no_cell_of_a_file_is_a_formula(person: PageClient, country: Country) -> None:
    with using(Environment.PRODUCTION):
        for sign in "=+-@":
            an_operator(f"{sign}1+cmd Exemple", responsible=country.local, city=f"{sign}x")
    for word in ("csv", "xlsx"):
        content = person.get(f"{SEARCH}?country=BE&export={word}").response.get_data()
        cells = [cell for _number, row in read_rows(io.BytesIO(content)) for cell in row]
        assert sum(cell.startswith("'") for cell in cells) == 8
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_files_of_a_search_hold_no_telephone_and_no_address_of_mail(
    person: PageClient, country: Country
) -> None:
    with using(Environment.PRODUCTION):
        an_operator(
            "Ferme", responsible=country.local, telephone="+32 4 555 01 02", email="ferme@agri.example"
        )
    text = person.get(f"{SEARCH}?country=BE&export=csv").response.get_data(as_text=True)
    assert "Ferme" in text
    assert "555" not in text
    assert "@" not in text


def test_a_file_of_a_search_ends_at_its_limit(
    person: PageClient, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from portal.web import listings

    monkeypatch.setattr(listings, "FOUND_OPERATORS", replace(listings.FOUND_OPERATORS, at_most=3))
    with using(Environment.PRODUCTION):
        for number in range(5):
            an_operator(f"Ferme {number}", responsible=country.local)
    assert len(rows_of(person.get(f"{SEARCH}?country=BE&export=csv"))) == 4


def test_each_file_is_recorded_and_counted(person: PageClient, country: Country) -> None:
    with using(Environment.PRODUCTION):
        an_operator("Ferme", responsible=country.local)
    for _time in range(EXPORTS_PER_ACCOUNT.count):
        assert person.get(f"{SEARCH}?country=BE&export=csv").status == 200
    assert person.get(f"{SEARCH}?country=BE&export=csv").status == 429
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "ListExported")).all()
    assert len(events) == EXPORTS_PER_ACCOUNT.count
    assert events[0].facts == '{"file_format": "csv", "listing": "operators", "rows": 1}'


def test_members_and_requests_leave_with_the_rights_of_who_looks(
    app: Flask, country: Country, browser_of: Callable[[], PageClient]
) -> None:
    with using(Environment.PRODUCTION):
        mine, other = (
            an_operator("Mine", responsible=country.local),
            an_operator("Other", responsible=country.local),
        )
        chief = a_member(mine, administrator=True)
        a_member(other, first_name="Stranger")
        a_request(mine)
        browser = sign_in_browser(browser_of(), chief)
        outsider = sign_in_browser(browser_of(), a_user_with_telephone())
    members = rows_of(browser.get("/production/administration/members?export=csv"))
    assert {row[2] for row in members[1:]} == {"Mine"}
    waiting = rows_of(browser.get("/production/validation?export=csv"))
    assert [row[2] for row in waiting[1:]] == ["Mine"]
    assert outsider.get("/production/validation?export=csv").status == 403


@pytest.mark.parametrize("word", ["", "pdf", "CSV", "../csv"])
def test_another_word_shows_the_page(person: PageClient, country: Country, word: str) -> None:
    assert person.get(f"{SEARCH}?country=BE&export={word}").heading == "Select an existing operator"


def test_every_list_has_a_name_of_its_own_and_columns() -> None:
    from portal.web import listings

    every = [value for value in vars(listings).values() if isinstance(value, exporting.Listing)]
    assert len(every) >= 7
    assert len({(one.name, one.at_most) for one in every}) == len(every)
    assert all(one.columns for one in every)


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("registers/authorities", "Central authority"),
        ("registers/control-bodies", "Kontrolle"),
        ("audit-trail", "When"),
        ("figures", "Roles by state"),
        ("operators?country=BE", "Ferme"),
        ("administration/members", "Modele"),
        ("duty-phones", "Gate"),
    ],
)
def test_every_list_of_an_authority_leaves_as_both_files(
    app: Flask, country: Country, browser_of: Callable[[], PageClient], path: str, word: str
) -> None:
    with using(Environment.PRODUCTION):
        an_operator("Ferme", responsible=country.local)
        a_scope(a_control_body("Kontrolle"), "BE-BIO-9", supervisor=country.central)
        a_row(DutyPhone, environment_key="production", organisation_id=country.central.id, place="Gate")
        browser = sign_in_browser(browser_of(), a_member(country.central, administrator=True))
        db.session.commit()
    join = "&" if "?" in path else "?"
    text = browser.get(f"/production/{path}{join}export=csv")
    assert text.status == 200
    assert word in text.response.get_data(as_text=True)
    assert browser.get(f"/production/{path}{join}export=xlsx").response.get_data()[:2] == b"PK"
