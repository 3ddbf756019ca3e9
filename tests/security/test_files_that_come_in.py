"""Files that are no lists are refused by their content, whatever their name; names of files that leave (I-08, I-09)."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from flask import Flask

from portal.database import db
from portal.environments.environment import Environment, using
from portal.work.models import Work
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_country
from tests.makers.roles import a_member
from tests.page import PageClient

HUGE_PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0" + b"\xff" * 99
)


def archive(**parts: bytes) -> bytes:
    """A packed archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


FILES = {
    "a picture of 50,000 times 50,000 points": HUGE_PICTURE,
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a picture that is a script too": b"GIF89a/*<script>alert(1)</script>*/=1;",
    "a document": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 500,
    "an archive of something else": archive(readme=b"hello"),
    "an archive behind a header of a list": b"reference;name\n" + archive(xl__workbook=b"<x/>"),
    "an archive that unpacks to half a gigabyte": archive(xl__workbook=b"\0" * 500_000_000),
    "a pickle": b"\x80\x04\x95cos\nsystem\n(S'true'\ntR.",
}
NAMES = ("rows.csv", "../../../etc/rows.csv", "rows.xlsx\r\nX-Injected: 1", "con.csv\0.exe")


@pytest.fixture
def officer(app: Flask) -> PageClient:
    """A browser of the local authority."""
    with using(Environment.PRODUCTION):
        return sign_in_browser(PageClient(app), a_member(a_country().local))


@pytest.mark.parametrize("what", FILES)
def test_what_is_no_list_is_refused_by_its_content(officer: PageClient, what: str) -> None:
    page = officer.get("/production/exchange/operators")
    for name in NAMES[:2]:
        refused = page.press("Check the rows", file=(io.BytesIO(FILES[what]), name))
        assert refused.status == 422, (what, name)
        assert len(refused.errors) == 1
    with using(Environment.PRODUCTION):
        assert db.session.query(Work).count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_kept_nowhere(officer: PageClient, name: str) -> None:
    page = officer.get("/production/exchange/operators")
    refused = page.press("Check the rows", file=(io.BytesIO(b"a;b\n1;2"), name))
    assert refused.status == 422
    assert "X-Injected" not in refused.response.headers
    assert "etc/rows" not in refused.text


@pytest.mark.parametrize(
    "more", ["", "&text=../../etc/passwd", "&text=%0d%0aX-Injected:1", "&text=%E2%80%AE"]
)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_file_that_leaves_is_an_attachment_named_by_the_portal(
    officer: PageClient, file_format: str, more: str
) -> None:
    answer = officer.get(f"/production/operators?country=BE{more}&export={file_format}").response
    if answer.status_code == 422:  # the filter itself was refused: a page, and no file
        assert answer.mimetype == "text/html"
        return
    disposition = answer.headers["Content-Disposition"]
    named = r"attachment; filename=traces-production-[a-z-]+-\d{4}-\d\d-\d\d\." + file_format
    assert re.fullmatch(named, disposition)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Injected" not in answer.headers
