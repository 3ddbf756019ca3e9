"""Pages of deputies: name one, see who stands in, end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.database import db
from portal.roles.queue_models import Deputy
from portal.roles.standing_in import today
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_request
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
DEPUTIES = "/production/deputies"


def test_an_administrator_names_a_colleague_who_then_has_the_queue_and_ends_it(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    operator = an_operator("Fret Exemple")
    chief = a_member(operator, administrator=True, first_name="Camille", last_name="Chef")
    colleague = a_member(operator, first_name="Dominique", last_name="Test")
    a_request(operator)
    deputy = sign_in_browser(browser_of(), colleague)
    assert deputy.get("/production/validation").status == 403

    browser = sign_in_browser(visitor, chief)
    form = browser.get("/production/validation").click("Deputies").click("Name a deputy")
    last = today() + timedelta(days=3)
    values = {"colleague": f"{operator.id}-{colleague.id}", "first_day": str(today()), "last_day": str(last)}
    listed = form.press("Name a deputy", **values)
    assert listed.heading == "Deputies"
    assert "Dominique Test" in listed.text

    assert len(deputy.get("/production/validation").tree.xpath("//tbody//th")) == 1
    ended = deputy.get(DEPUTIES).press("End")
    assert ended.status == 403, "the list went with the right"
    assert deputy.get("/production/validation").status == 403
    assert "Nobody stands in for anybody" in browser.get(DEPUTIES).text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (3, 1, "The last day lies before the first one."),
        (-5, -1, "The last day lies in the past."),
        (0, 120, "A deputy serves 92 days at most."),
    ],
)
def test_days_that_make_no_sense_are_refused_at_the_field(
    visitor: PageClient, first: int, last: int, words: str
) -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    form = sign_in_browser(visitor, chief).get(f"{DEPUTIES}/name")
    days = [str(today() + timedelta(days=number)) for number in (first, last)]
    values = {"colleague": f"{operator.id}-{colleague.id}", "first_day": days[0], "last_day": days[1]}
    refused = form.press("Name a deputy", **values)
    assert refused.status == 422
    assert words in " ".join(refused.errors)
    assert db.session.query(Deputy).count() == 0


def test_a_person_of_another_organisation_is_not_offered_and_not_taken(visitor: PageClient) -> None:
    operator = an_operator()
    chief, foreign = a_member(operator, administrator=True), a_member(an_operator())
    form = sign_in_browser(visitor, chief).get(f"{DEPUTIES}/name")
    day = str(today())
    values = {"colleague": f"{operator.id}-{foreign.id}", "first_day": day, "last_day": day}
    assert form.press("Name a deputy", **values).status == 422
    assert db.session.query(Deputy).count() == 0


def test_who_decides_nothing_has_no_deputies(visitor: PageClient) -> None:
    browser = sign_in_browser(visitor, a_member(an_operator()))
    assert browser.get(DEPUTIES).status == 403
    assert browser.get(f"{DEPUTIES}/name").status == 403
    assert browser.post_with_token(f"{DEPUTIES}/1/end").status in (403, 404)
