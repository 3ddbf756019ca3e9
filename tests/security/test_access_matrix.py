"""Every route that takes no number, opened by every kind of person: what is answered stands in one table (Z-01)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flask import Flask

from portal.environments.environment import Environment, using
from portal.vocabulary import AuthorityRole
from tests.makers.identity import a_user, a_user_with_telephone, sign_in_browser
from tests.makers.organisations import a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member
from tests.page import PageClient

TABLE = Path(__file__).parent / "access_matrix.csv"
PEOPLE = (
    "visitor",
    "password",
    "newcomer",
    "operator",
    "operator-admin",
    "control-body",
    "local",
    "foreign-cca",
    "commission",
)
HARMLESS = ("static", "demo.")
CHECK_OF_PAPERS = ("/production/seals", "/production/verify")
"""Open to everybody: whoever has a paper on the road has no account here."""


def addresses(app: Flask) -> list[str]:
    """The address of every page that can be opened without a number, in Production."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(HARMLESS):
            needed = {name for name in rule.arguments if name != "environment"}
            if not needed:
                found.append(str(rule).replace("<environment:environment>", "production"))
    return sorted(found)


def browsers(app: Flask) -> dict[str, PageClient]:
    """One browser for each kind of person, with roles in Production where the kind has one."""
    with using(Environment.PRODUCTION):
        country = a_country()
        operator = an_operator("Fret Exemple", responsible=country.local)
        body = a_control_body("Kontrolle Exemple")
        row = a_scope(body, "BE-BIO-99", supervisor=country.central)
        top = an_authority("Commission", AuthorityRole.COMMISSION, country="EU")
        foreign = an_authority("Central abroad", AuthorityRole.CCA, above=top, country="FR")
        people = {
            "newcomer": a_user_with_telephone(),
            "operator": a_member(operator),
            "operator-admin": a_member(operator, administrator=True),
            "control-body": a_member(body, scope=row),
            "local": a_member(country.local),
            "foreign-cca": a_member(foreign),
            "commission": a_member(top, administrator=True),
        }
    found = {name: sign_in_browser(PageClient(app), person) for name, person in people.items()}
    found["password"] = sign_in_browser(PageClient(app), a_user(), second_factor=False)
    return found | {"visitor": PageClient(app)}


def table() -> dict[str, dict[str, str]]:
    """What is expected: the status for each person, by address."""
    with TABLE.open() as lines:
        return {row.pop("address"): row for row in csv.DictReader(lines)}


def test_every_page_answers_every_kind_of_person_as_the_table_says(app: Flask) -> None:
    visitors = browsers(app)
    found = {
        address: {name: str(visitors[name].get(address, follow=False).status) for name in PEOPLE}
        for address in addresses(app)
    }
    assert found == table()


@pytest.mark.parametrize("person", ["visitor", "password"])
def test_nothing_of_the_application_is_open_without_the_second_factor(person: str) -> None:
    inside = [
        row[person]
        for address, row in table().items()
        if address.startswith("/production") and not address.startswith(CHECK_OF_PAPERS)
    ]
    assert inside
    assert set(inside) <= {"302", "403"}
