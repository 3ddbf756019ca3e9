"""Anybody keeps the blank forms, and gets no other file of the folder."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.certificates import blanks
from portal.certificates.blanks import Blank
from tests.page import PageClient

NAME = "COI_COI_en.pdf"


@pytest.fixture
def made(app: Flask) -> None:
    """Two forms in the folder of the portal, and a file that is none."""
    place = blanks.folder()
    place.mkdir(parents=True, exist_ok=True)
    found = []
    for code, language, title in (("COI", "en", "Certificate"), ("COI", "fr", "Certificat <b>")):
        name = blanks.name_of("COI", code, language)
        sha256 = blanks.write(place, name, f"%PDF {language}".encode())
        found.append(Blank("COI", code, language, title, name, sha256, is_specimen=language == "fr"))
    blanks.write_index(place, found)
    (place / "other.pdf").write_bytes(b"of somebody else")


@pytest.mark.usefixtures("made")
def test_a_visitor_finds_each_form_in_each_language(visitor: PageClient) -> None:
    page = visitor.get("/").click("Blank forms for an outage")
    assert page.heading == "Blank forms for an outage"
    assert len(page.tree.xpath("//tbody/tr")) == 1
    links = page.tree.xpath("//main//a[contains(@href, '.pdf')]/@href")
    assert links == [f"/blanks/{NAME}", "/blanks/COI_COI_fr.pdf"]
    french = visitor.get("/blanks?lang=fr")
    assert "Certificat <b>" in french.text
    assert not french.tree.xpath("//main//b")


@pytest.mark.usefixtures("made")
def test_a_form_is_sent_as_it_was_made(visitor: PageClient) -> None:
    answer = visitor.get(f"/blanks/{NAME}").response
    assert (answer.status_code, answer.data) == (200, b"%PDF en")
    assert answer.mimetype == "application/pdf"
    assert NAME in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("name", ["other.pdf", "index.json", "..%2fportal.sqlite3", "COI_COI_de.pdf"])
def test_nothing_but_what_the_index_names_is_sent(visitor: PageClient, name: str) -> None:
    assert visitor.get(f"/blanks/{name}").status == 404


@pytest.mark.usefixtures("made")
def test_a_form_that_was_changed_or_is_gone_is_not_sent(visitor: PageClient) -> None:
    place = blanks.folder() / NAME
    place.write_bytes(b"another")
    assert visitor.get(f"/blanks/{NAME}").status == 404
    place.unlink()
    assert visitor.get(f"/blanks/{NAME}").status == 404


def test_where_nobody_made_any_the_page_says_so(visitor: PageClient) -> None:
    for one in blanks.folder().glob("*"):
        one.unlink()
    assert "No form here yet" in visitor.get("/blanks").text
