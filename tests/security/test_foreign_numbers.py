"""Every form with a number in its address, sent by strangers and in another environment: refused, unchanged (Z-02)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from bench.visiting import Visitor
from portal.organisations.models import Organisation
from portal.vocabulary import AuthorityRole
from tests.makers.organisations import a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_person
from tests.security.staging import STAGED, Stage, counted, played, stage, token_of

KNOWN_TO_ALL = (
    "operators.",
    "operator_addresses.",
    "operator_activities.",
    "authorities.",
    "control_bodies.",
)
"""Everybody who is signed in may look at the registers: a change of a row there is forbidden and not hidden."""
NOWHERE = "987654"


@dataclass
class Stranger:
    """A browser of somebody with rights elsewhere, and a token of it."""

    browser: Visitor
    token: str

    def sends(self, path: str, fields: dict[str, Any]) -> int:
        """What the form is answered with."""
        return self.browser.post(path, {**fields, "csrf_token": self.token}).status


def numbered(app: Flask) -> list[str]:
    """The forms whose address holds a number."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    return [name for name in STAGED if any(argument.endswith("_id") for argument in rules[name].arguments)]


def strangers(place: Stage) -> list[Stranger]:
    """Who administers a central authority or an operator of another country, and who has no role."""
    with place.inside():
        country = a_country()
        far = an_authority("Far", AuthorityRole.CCA, above=country.commission, country="FR")
        near = an_authority("Far local", above=far, country="FR")
        operator: Organisation = an_operator("Fret lointain", responsible=near, country="FR")
        people = a_member(far, administrator=True), a_member(operator, administrator=True), a_person()
        browsers = [place.browser_of(person) for person in people]
    return [Stranger(browser, token_of(browser)) for browser in browsers]


@pytest.fixture
def place(app: Flask) -> Stage:
    """The stage of the scenes."""
    return stage(app)


def test_a_stranger_changes_nothing_by_another_number_and_learns_nothing_from_the_answer(
    app: Flask, place: Stage
) -> None:
    others, wrong = strangers(place), []
    for name in numbered(app):
        scene = played(place, name)
        before = counted(place, scene)
        nowhere = re.sub(r"\d+", NOWHERE, scene.path)
        for other in others:
            found, missing = other.sends(scene.path, scene.fields), other.sends(nowhere, scene.fields)
            told_apart = found != missing and not name.startswith(KNOWN_TO_ALL)
            if found not in (403, 404, 410) or told_apart:
                wrong.append((name, found, missing))
        if counted(place, scene) != before:
            wrong.append((name, "changed", 0))
    assert wrong == []


def test_a_number_of_one_environment_means_nothing_in_another(app: Flask, place: Stage) -> None:
    wrong = []
    for name in numbered(app):
        scene = played(place, name)
        if not scene.path.startswith("/production/"):
            continue
        before = counted(place, scene)
        own = Stranger(scene.browser, token_of(scene.browser))
        for environment in ("acceptance", "training"):
            path = scene.path.replace("/production/", f"/{environment}/", 1)
            status = own.sends(path, scene.fields)
            if status not in (403, 404):
                wrong.append((name, environment, status))
        if counted(place, scene) != before:
            wrong.append((name, "changed", 0))
    assert wrong == []
