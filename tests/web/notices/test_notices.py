"""The pages of the own notices: the bell, the list, marking as read, and the preferences of mails."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.messages import catalogue, in_app, outbox, preferences
from portal.messages.groups import Group, MailChoice
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_person
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
NOTICES, PREFERENCES = "/production/notices", "/production/profile/notifications"


def tell(person: object, organisation: str) -> None:
    """A role is valid."""
    notice = catalogue.RoleValidatedNotice("A", "B", organisation, False, "/production/profile")
    outbox.put(notice, outbox.Recipient(person.email, person.language, person.id))  # type: ignore[attr-defined]
    db.session.commit()


def test_the_bell_counts_and_the_list_leads_to_the_thing(visitor: PageClient) -> None:
    person = a_person()
    tell(person, "Fret Exemple")
    tell(person, "Ferme Exemple")
    page = sign_in_browser(visitor, person).get("/production/profile")
    assert "Notices 2 unread" in page.text
    page = visitor.get(NOTICES)
    assert page.heading == "Notices"
    assert "Fret Exemple" in page.text
    assert page.click("Your role is valid").path == "/production/profile"
    assert "Notices 2 unread" in visitor.get(NOTICES).text


def test_one_is_marked_as_read_then_all(visitor: PageClient) -> None:
    person = a_person()
    for name in ("One", "Two", "Three"):
        tell(person, name)
    page = sign_in_browser(visitor, person).get(NOTICES).press("Mark as read")
    assert "Notices 2 unread" in page.text
    page = page.press("Mark all as read")
    assert "2 notices are marked as read." in page.text
    assert "Unread" not in page.text
    assert not page.has_button("Mark all as read")


def test_the_bell_costs_the_same_however_many_there_are(visitor: PageClient) -> None:
    person = a_person()
    for number in range(120):
        tell(person, f"Firm {number}")
    assert "Notices 99+ unread" in sign_in_browser(visitor, person).get("/production/profile").text
    assert in_app.unread_count(person.id) == 100


def test_a_stranger_cannot_mark_the_notice_of_somebody_else(visitor: PageClient) -> None:
    person, stranger = a_person(), a_person("Nora")
    tell(person, "Fret Exemple")
    number = db.session.query(in_app.InAppNotice).one().id
    page = sign_in_browser(visitor, stranger).get(NOTICES)
    assert page.text.count("You have no notices") == 1
    answer = visitor.post_with_token(f"{NOTICES}/{number}/read", {})
    assert answer.status == 404
    assert in_app.unread_count(person.id) == 1


def test_a_made_up_number_marks_nothing(visitor: PageClient) -> None:
    person = a_person()
    tell(person, "Fret Exemple")
    sign_in_browser(visitor, person).get(NOTICES)
    for number in ("", "many", "-1", "99999999999"):
        assert visitor.post_with_token(f"{NOTICES}/read", {"up_to": number}).status == 400
    assert in_app.unread_count(person.id) == 1


def test_preferences_are_saved_and_shown_again(visitor: PageClient) -> None:
    person = a_person()
    page = sign_in_browser(visitor, person).get(NOTICES).click("Notification preferences")
    assert page.path == PREFERENCES
    page = page.press("Save preferences", roles="daily", requests="none")
    assert "Your preferences are saved." in page.text
    chosen = preferences.choices_of(person.id)
    assert (chosen[Group.ROLES], chosen[Group.REQUESTS]) == (MailChoice.DAILY, MailChoice.NONE)
    assert chosen[Group.ORGANISATIONS] is MailChoice.AT_ONCE
    assert page.tree.xpath("//input[@name='roles'][@checked]/@value") == ["daily"]


def test_a_choice_that_is_none_is_refused_and_changes_nothing(visitor: PageClient) -> None:
    person = a_person()
    page = sign_in_browser(visitor, person).get(PREFERENCES).press("Save preferences", roles="never")
    assert page.status == 422
    assert preferences.choices_of(person.id)[Group.ROLES] is MailChoice.AT_ONCE


def test_who_wants_no_mail_at_all_is_told_on_the_page(visitor: PageClient) -> None:
    person = a_person()
    preferences.want_mail(person.id, wanted=False)
    db.session.commit()
    assert "You receive no mails" in sign_in_browser(visitor, person).get(PREFERENCES).text
