"""The pages of news: read by everybody, written by the Commission and central authorities, shown on the profile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.environments.models import Announcement
from portal.notices import announcing
from portal.vocabulary import AuthorityRole
from tests.makers.announcements import a_commissioner, a_stop, some_news
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import an_authority
from tests.makers.roles import a_member, a_person, acting
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
NEWS = "/production/news"


def test_the_commission_writes_news_and_its_text_in_french(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_commissioner()).get(NEWS).click("Write news")
    fields = {"Begins on": "2026-01-31T10:00", "Title": "New <b>forms</b>", "Text": "First.\n\nSecond\nline."}
    page = page.press("Save", by_label=fields)
    assert page.heading == "New <b>forms</b>"
    page = visitor.get(f"{page.path}/texts/fr").press("Save", by_label={"Title": "Nouveaux formulaires"})
    assert "Nouveaux formulaires" in page.text
    reader = visitor.get("/production/profile")
    assert "New <b>forms</b>" in reader.text
    assert [node.text for node in reader.tree.xpath("//ul[@class='news']//p")][1:] == ["First.", "Second"]
    assert "Nouveaux formulaires" in visitor.get("/production/profile?lang=fr").text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"Begins on": "", "Title": "A"}, "This field is required."),
        ({"Begins on": "soon", "Title": "A"}, "Enter a date and a time, such as 2027-03-31 22:00."),
        ({"Begins on": "2027-01-31T10:00", "Title": ""}, "This field is required."),
        (
            {"Begins on": "2027-01-31T10:00", "Ends on": "2027-01-30T10:00", "Title": "A"},
            "The end must lie after the beginning.",
        ),
        (
            {"Begins on": "2020-01-31T10:00", "Ends on": "2020-02-01T10:00", "Title": "A"},
            "This end has passed already.",
        ),
        ({"Begins on": "2027-01-31T10:00", "Title": "A", "Text": "a" * 4001}, "This text is too long"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    visitor: PageClient, fields: dict[str, str], error: str
) -> None:
    page = sign_in_browser(visitor, a_commissioner()).get(f"{NEWS}/new").press("Save", by_label=fields)
    assert page.status == 422
    assert any(error in found for found in page.errors)
    assert db.session.query(Announcement).count() == 0


def test_moments_are_typed_in_the_zone_of_the_portal(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_commissioner()).get(f"{NEWS}/new")
    page = page.press("Save", by_label={"Begins on": "2027-01-31T10:00", "Title": "A"})
    assert db.session.query(Announcement).one().starts_at.isoformat() == "2027-01-31T09:00:00+00:00"
    assert page.click("Change the time").field("Begins on").get("value") == "2027-01-31T10:00"


def test_a_central_authority_offers_its_own_country_only(visitor: PageClient) -> None:
    central = a_member(an_authority("Central", AuthorityRole.CCA, country="BE"), administrator=True)
    page = sign_in_browser(visitor, central).get(f"{NEWS}/new")
    assert page.field("For whom").xpath(".//option/@value") == ["BE"]
    values = {"starts_at": "2026-01-31T10:00", "language": "en", "title": "A"}
    for country in ("", "FR"):
        assert visitor.post_with_token(f"{NEWS}/new", {**values, "country": country}).status in (403, 422)
    assert db.session.query(Announcement).count() == 0


def test_readers_see_no_button_and_foreign_news_do_not_exist(visitor: PageClient) -> None:
    actor = acting(a_commissioner())
    row = some_news(actor, "For France", "FR")
    page = sign_in_browser(visitor, a_person()).get(NEWS)
    assert "Write news" not in page.text
    assert "For France" not in page.text
    for path in ("", "/edit", "/over", "/texts/fr"):
        assert visitor.get(f"{NEWS}/{row.id}{path}").status == 404
    assert visitor.get(f"{NEWS}/new").status == 403


def test_news_are_ended_by_their_writer(visitor: PageClient) -> None:
    person = a_commissioner()
    row = some_news(acting(person), "Hello")
    page = sign_in_browser(visitor, person).get(f"{NEWS}/{row.id}").click("Show it no more")
    page = page.press("Show it no more")
    assert "There is no news" in page.text
    assert "Ended" in page.text


def test_of_two_writers_the_second_sees_that_it_changed(visitor: PageClient) -> None:
    person = a_commissioner()
    row = some_news(acting(person), "Hello")
    page = sign_in_browser(visitor, person).get(f"{NEWS}/{row.id}/edit")
    announcing.put_words(row, row.version, announcing.Words("fr", "Bonjour"), acting(person))
    answer = page.press("Save", by_label={"Begins on": "2027-01-31T10:00"})
    assert answer.status == 409
    assert "Somebody else changed this" in answer.text


def test_a_banner_tells_of_a_stop_with_time_duration_and_reason_on_every_page(visitor: PageClient) -> None:
    a_stop(acting(a_commissioner()), days=15)
    browser = sign_in_browser(visitor, a_person())
    assert "Maintenance" not in browser.get("/production/profile").text
    clock.advance(timedelta(days=1, minutes=1))
    for path in ("/production/profile", NEWS, "/production/notices"):
        page = sign_in_browser(visitor, a_person()).get(path)
        assert "Maintenance" in page.text
        assert "lasting 3 hours 30 minutes." in page.text
        assert "The environment is closed meanwhile." in page.text
        assert "Save your work." in page.text
    assert "Maintenance" not in visitor.get("/training/profile").text
