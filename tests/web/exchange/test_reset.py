"""The page that makes Training anew: a word typed by hand, a fresh factor, and nowhere but in Training."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.environments.environment import Environment, using
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import Country, a_country
from tests.makers.roles import a_member, a_role
from tests.page import PageClient

PATH = "/training/exchange/training"


@pytest.fixture
def chief(app: Flask) -> PageClient:
    """A browser of a Commission administrator, of Training and of Production."""
    with using(Environment.TRAINING):
        person = a_member(a_country().commission, administrator=True)
    with using(Environment.PRODUCTION):
        a_role(person, a_country().commission, administrator=True)
    return sign_in_browser(PageClient(app), person)


def test_the_page_counts_what_goes_and_wants_the_word(chief: PageClient) -> None:
    page = chief.get(PATH)
    assert page.heading == "Make Training anew"
    assert "organisations" in page.text
    refused = page.press("Delete and fill anew", template="demo", typed="yes")
    assert refused.status == 422
    assert refused.errors == ["Type the word «training»."]
    begun = page.press("Delete and fill anew", template="demo", typed="Training")
    assert begun.heading == "Training made anew"
    assert "Waiting to begin" in begun.text


def test_the_page_exists_in_training_only(chief: PageClient) -> None:
    assert chief.get("/production/exchange/training").status == 404
    answer = chief.post_with_token("/production/exchange/training", {"template": "demo", "typed": "training"})
    assert answer.status == 404
    assert "Make Training anew" not in chief.get("/production/administration").text
    assert "Make Training anew" in chief.get("/training/administration").text


def test_others_do_not_find_it(app: Flask) -> None:
    with using(Environment.TRAINING):
        country: Country = a_country()
        people = [a_member(country.commission), a_member(country.central, administrator=True)]
    for person in people:
        assert sign_in_browser(PageClient(app), person).get(PATH).status == 404
