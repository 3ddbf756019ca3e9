"""Pages of the rights on documents: the table all read, the rights of a profile that the Commission changes."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.audit.models import AuditEvent
from portal.database import db
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import Country, a_country
from tests.makers.roles import a_member
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
TABLE = "/production/registers/document-rights"


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


@pytest.fixture
def commission(app: Flask, country: Country) -> PageClient:
    """The browser of an administrator of the Commission."""
    return sign_in_browser(PageClient(app), a_member(country.commission, administrator=True))


def test_everybody_with_a_role_reads_the_table_and_only_the_commission_changes_it(
    app: Flask, country: Country
) -> None:
    reader = sign_in_browser(PageClient(app), a_member(country.local))
    table = reader.get(TABLE)
    assert "Customs Office" in table.text
    assert "Default of this portal" in table.text
    assert "Guide to the profile" in table.text
    assert not table.tree.xpath("//a[contains(@href, 'document-rights/edit')]")
    sent = reader.post_with_token(f"{TABLE}/edit?holder=CUSTOMS", {"version": "0"})
    assert sent.status == 403


def test_the_commission_changes_a_line_and_the_second_of_two_decides(commission: PageClient) -> None:
    address = f"{TABLE}/edit?holder=CUSTOMS"
    first, second = commission.get(address), commission.get(address)
    assert first.heading == "Change the rights of Customs Office"
    done = first.press("Save", by_label={"INTRA": "r-"})
    assert "Decided by the Commission" in done.text
    met = second.press("Save", by_label={"AJL": "rw"})
    assert met.status == 409
    assert "INTRA" in met.text
    assert "r- – read only" in met.text
    assert met.press("Save").status == 200
    assert db.session.query(AuditEvent).filter_by(name="DocumentRightsChanged").count() == 2


def test_a_line_for_a_further_profile_is_added(commission: PageClient) -> None:
    form = commission.get(f"{TABLE}/new")
    wrong = form.press("Next", by_label={"Profile": "operator"})
    assert wrong.status == 422
    rights = form.press("Next", by_label={"Profile": "CP", "Competence": "FOOD"})
    assert rights.heading.startswith("Change the rights of Control Point (CP), Products of animal origin")
    assert rights.press("Save", by_label={"CHED-P": "r-"}).status == 200
    assert "Control Point (CP)" in commission.get(TABLE).text


@pytest.mark.parametrize("query", ["holder=NOBODY", "holder=LAU&competence=NONE", "", "holder=operator"])
def test_a_profile_that_cannot_be_is_asked_again(commission: PageClient, query: str) -> None:
    assert commission.get(f"{TABLE}/edit?{query}").path.startswith(f"{TABLE}/new")
