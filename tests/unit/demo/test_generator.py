"""The made-up operators: the same for the same seed, plausible, in the script of their country."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from portal.demo.generator import countries, generate_operators, languages
from portal.reference.files import rows_of
from portal.vocabulary import MEMBER_STATES

MANY = 20_000


def share(count: int) -> float:
    return 100 * count / MANY


def test_fewer_operators_are_a_prefix_of_more() -> None:
    assert list(generate_operators(300)) == list(generate_operators(1000))[:300]


def test_another_seed_makes_another_register() -> None:
    assert list(generate_operators(20, seed=1)) != list(generate_operators(20, seed=2))


def test_the_shares_are_those_of_the_plan() -> None:
    operators = list(generate_operators(MANY))
    states = Counter(operator.status for operator in operators)
    lands = Counter(operator.country for operator in operators)
    assert share(states["valid"]) == pytest.approx(86, abs=1.5)
    assert share(states["requested"]) == pytest.approx(6, abs=1)
    assert share(lands["FR"]) == pytest.approx(13, abs=1.5)
    third = sum(count for land, count in lands.items() if land not in MEMBER_STATES)
    assert share(third) == pytest.approx(13, abs=1.5)


def test_one_name_in_twelve_is_not_latin() -> None:
    names = (operator.name for operator in generate_operators(MANY))
    others = sum(any("LATIN" not in unicodedata.name(c, "") for c in name if c.isalpha()) for name in names)
    assert share(others) == pytest.approx(8, abs=1.5)


@pytest.mark.parametrize(("country", "script"), [("GR", "GREEK"), ("BG", "CYRILLIC"), ("FR", "LATIN")])
def test_names_are_in_the_script_of_the_country(country: str, script: str) -> None:
    for operator in generate_operators(50, country=country):
        letters = [c for c in operator.name + operator.city if c.isalpha()]
        assert all(script in unicodedata.name(c) for c in letters), operator.name


def test_every_activity_is_offered_to_operators_of_that_country() -> None:
    offered = {(row["section"], row["activity_type"]) for row in rows_of("section_activities")}
    scopes = {row["code"]: row["country_scope"].split(";") for row in rows_of("sections")}
    for operator in generate_operators(3000):
        assert operator.activities
        assert set(operator.activities) <= offered
        wrong = "THIRD_COUNTRIES" if operator.country in MEMBER_STATES else "EU"
        assert all(scopes[section] != [wrong] for section, _activity in operator.activities)


def test_some_operators_stand_twice_or_nearly() -> None:
    operators = list(generate_operators(MANY))
    places = Counter((o.street, o.postcode, o.city, o.activities, o.eori) for o in operators)
    again = sum(count - 1 for count in places.values() if count > 1)
    assert share(again) == pytest.approx(3.5, abs=1.5)


def test_every_member_state_has_towns_and_words() -> None:
    for country in MEMBER_STATES:
        assert len(countries()[country]["towns"]) >= 3
        assert "{town}" in languages()[countries()[country]["language"]]["border"]
