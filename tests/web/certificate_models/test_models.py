"""Pages of the models: read by people with a role, loaded by the Commission after a look."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from portal.certificates.schema import BYTES_AT_MOST
from portal.environments.environment import Environment, using
from portal.vocabulary import AuthorityRole
from tests.makers.announcements import a_commissioner
from tests.makers.identity import sign_in_browser
from tests.makers.models import SOURCE, a_model_file
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

MODELS = "/production/models"


@pytest.fixture
def chief(app: Flask) -> PageClient:
    """A browser of an administrator of the Commission."""
    with using(Environment.PRODUCTION):
        return sign_in_browser(PageClient(app), a_commissioner())


@pytest.fixture
def reader(app: Flask) -> PageClient:
    """A browser of somebody at an operator."""
    with using(Environment.PRODUCTION):
        return sign_in_browser(PageClient(app), a_member(an_operator("Fret Exemple")))


def send(browser: PageClient, content: bytes, **more: Any) -> Page:
    """The file sent by its form."""
    page = browser.get(f"{MODELS}/load")
    return page.press("Check the model", file=(io.BytesIO(content), "model.json"), **more)


def test_everybody_with_a_role_sees_the_models_and_their_sources(reader: PageClient) -> None:
    page = reader.get("/production/administration").click("Models of certificates")
    assert page.heading == "Models of certificates"
    assert len(page.tree.xpath("//tbody/tr")) == 66
    assert page.text.count("Not verified") == 65
    shown = page.click("COI")
    assert "Delegated Regulation (EU) 2021/2306" in shown.text
    assert "Declaration of the first consignee" in shown.text
    assert "No source gives the text of the attestation" in shown.text
    assert page.click("OV/CAP-INTRA-X").status == 200


def test_a_model_is_shown_in_the_language_of_the_page(app: Flask, reader: PageClient) -> None:
    page = reader.get(f"{MODELS}/INTRA/BOV-INTRA-X?lang=fr")
    assert "bovins non destinés à l'abattage" in page.text
    assert "Lieu de départ" in page.text


@pytest.mark.parametrize("path", ["INTRA/NO-SUCH", "INTRA/COI", "CHED-A/X", "load/nothing", "INTRA/../COI"])
def test_a_model_that_is_not_there_is_not_found(chief: PageClient, path: str) -> None:
    assert chief.get(f"{MODELS}/{path}").status == 404


def test_a_file_is_looked_at_then_confirmed_and_counts(chief: PageClient, reader: PageClient) -> None:
    look = send(chief, a_model_file())
    assert look.heading == "Load the model BOV-INTRA-X?"
    assert "Invented sentence." in look.text
    assert "Comes with this portal" in reader.get(MODELS).text
    assert "Loaded on" not in reader.get(MODELS).text
    refused = look.press("Load this model", source=" ")
    assert refused.status == 422
    assert refused.errors == ["This field is required.", "Tick this box."]
    done = look.press("Load this model", sure="y", source="Act Example 2/2026")
    assert "The model counts from now on." in done.text
    assert "Act Example 2/2026" in done.text
    assert "Loaded on" in reader.get(MODELS).text


def test_the_same_model_again_is_said_to_count_already(chief: PageClient) -> None:
    send(chief, a_model_file()).press("Load this model", sure="y")
    again = send(chief, a_model_file()).press("Load this model", sure="y")
    assert "This very model counts here already." in again.text


def test_who_looked_before_another_file_was_loaded_is_told(chief: PageClient) -> None:
    mine = send(chief, a_model_file())
    send(chief, a_model_file(as_of="2026")).press("Load this model", sure="y", source=SOURCE)
    late = mine.press("Load this model", sure="y")
    assert late.status == 409
    assert "Another file of this model was loaded meanwhile." in late.text
    assert "The model counts from now on." in late.press("Load this model", sure="y").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "This is not a file in the format JSON"),
        (b"{}", "format: This is not a model of a certificate"),
        (b" " * (BYTES_AT_MOST + 1), "The file is larger than 256 kB."),
        (a_model_file(attestation=None), "attestation: A verified model of this document holds the text"),
        (a_model_file(code="a b"), "code: «a b» is not written as a code must be."),
        (
            a_model_file(names={"en": "<script>100 %(told)s</script>\u202e"}),
            "names: A text contains characters",
        ),
        (a_model_file(group="<b>%(x)s"), "group: «<b>%(x)s» is not one of the words"),
    ],
    ids=["pdf", "empty", "large", "attestation", "code", "bidi", "markup"],
)
def test_a_file_that_is_no_model_is_refused_at_its_field(
    chief: PageClient, content: bytes, words: str
) -> None:
    page = send(chief, content)
    assert page.status == 422
    assert any(error.startswith(words) for error in page.errors), page.errors


def test_markup_in_a_model_is_shown_as_text(chief: PageClient) -> None:
    page = send(
        chief, a_model_file(names={"en": "<script>alert(1)</script>"}, attestation={"en": "<b>bold</b>"})
    )
    page = page.press("Load this model", sure="y")
    assert "<script>alert(1)</script>" in page.text
    assert not page.tree.xpath("//main//b")


def test_others_find_no_button_and_may_not_load(app: Flask, reader: PageClient) -> None:
    with using(Environment.PRODUCTION):
        central = an_authority("Central", AuthorityRole.CCA, country="FR")
        national = sign_in_browser(PageClient(app), a_member(central, administrator=True))
    for browser in (reader, national):
        assert "Load a model file" not in browser.get(MODELS).text
        assert browser.get(f"{MODELS}/load").status == 403
        assert (
            browser.post_with_token(f"{MODELS}/load", {"file": (io.BytesIO(b"{}"), "m.json")}).status == 403
        )
        assert browser.get(f"{MODELS}/load/{'0' * 64}").status == 403
