"""Pages of files that come in: template, check, counts, report, import; refused for who may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.environments.environment import Environment, using
from portal.exchange.importing import BYTES_AT_MOST
from portal.exchange.operators import FORMAT
from portal.jobs import working
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import Country, a_country, an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

CELLS = {
    "reference": "R1", "name": "Ferme Exemple", "street": "Rue du Test 1", "postcode": "4120", "city": "Neupré",
    "country": "BE", "telephone": "+32 4 555 01 02", "section": "BOV-EST", "activity": "bovine_establishment",
}  # fmt: skip
HOME = "/production/exchange"


@pytest.fixture
def country(app: Flask) -> Country:
    """A tree of authorities in Production."""
    with using(Environment.PRODUCTION):
        return a_country()


@pytest.fixture
def officer(app: Flask, country: Country) -> PageClient:
    """A browser of the local authority."""
    with using(Environment.PRODUCTION):
        return sign_in_browser(PageClient(app), a_member(country.local))


def content(*rows: dict[str, str]) -> bytes:
    """A file of these rows."""
    lines = [";".join(FORMAT.names)]
    lines += [";".join({**CELLS, **row}.get(name, "") for name in FORMAT.names) for row in rows]
    return "\n".join(lines).encode()


def send(browser: PageClient, file: bytes, **more: Any) -> Page:
    """The file sent by its form."""
    page = browser.get(f"{HOME}/operators")
    return page.press("Check the rows", file=(io.BytesIO(file), "rows.csv"), **more)


def after_work(browser: PageClient, page: Page) -> Page:
    """The same page once the worker is done."""
    db.session.remove()
    working.run_due()
    return browser.get(page.path.replace("http://localhost", ""))


def test_a_file_is_checked_reported_and_imported(officer: PageClient) -> None:
    waiting = send(officer, content({}, {"reference": "R2", "country": "QQ"}))
    assert waiting.heading == "Check of a file of operators"
    checked = after_work(officer, waiting)
    assert "Nothing was stored" in checked.text
    assert "Would be created." in checked.text
    assert "write the two letters of a country" in checked.text
    report = checked.click("Report (CSV)").response.get_data(as_text=True)
    assert "2;;R1 · BOV-EST · bovine_establishment;Done;Would be created." in report
    assert "3;country;" in report
    done = after_work(officer, checked.press("Import 1 row"))
    assert done.heading == "Import of operators"
    assert "1 row was not imported" in done.text
    found = officer.get("/production/operators?country=BE")
    assert "Ferme Exemple" in found.text


def test_templates_hold_the_columns_and_explain_them(officer: PageClient) -> None:
    page = officer.get(HOME)
    header = page.click("Template (CSV)").response.get_data().decode("utf-8-sig")
    assert header.strip().split(";") == list(FORMAT.names)
    assert page.click("Template (XLSX) with explanations").response.get_data()[:2] == b"PK"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "The file holds no rows."),
        (b"a;b\n1;2", "The first row must hold the names of the columns"),
        (b"PK\x03\x04", "This is no workbook that can be read"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_the_field(
    officer: PageClient, file: bytes, words: str
) -> None:
    page = send(officer, file)
    assert page.status == 422
    assert words in page.errors[0]


def test_a_file_that_is_too_large_is_refused(officer: PageClient) -> None:
    page = send(officer, b"x" * (BYTES_AT_MOST + 1))
    assert page.status == 422
    assert "larger than 20 MB" in page.errors[0]
    assert send(officer, b"x" * (BYTES_AT_MOST + 200_000)).status == 413


def test_elsewhere_no_large_body_is_taken(officer: PageClient) -> None:
    assert officer.post("/production/work/1/stop", {"x": "y" * 200_000}).status == 413


def test_others_do_not_see_a_check_and_may_not_open_the_page(
    app: Flask, country: Country, officer: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    waiting = send(officer, content({}))
    with using(Environment.PRODUCTION):
        colleague = sign_in_browser(browser_of(), a_member(country.local))
        trader = sign_in_browser(
            browser_of(), a_member(an_operator(responsible=country.local), administrator=True)
        )
    path = waiting.path.replace("http://localhost", "")
    assert colleague.get(path).status == 404
    assert colleague.post_with_token(f"{path}/import").status == 404
    assert colleague.get(f"{path}/report.csv").status == 404
    assert trader.get(HOME).status == 403
    assert trader.get(f"{HOME}/operators").status == 403
