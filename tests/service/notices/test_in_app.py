"""Notices in the portal: there whatever mail does, only for their owner, only in their environment, for half a year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import queue
from portal.messages import catalogue, in_app, outbox, preferences, security_notices
from portal.messages.groups import Group, MailChoice, group_of
from portal.messages.models import OutgoingMessage
from portal.paging import Place
from portal.workflow import NotThere
from tests.makers.roles import a_person, acting

pytestmark = pytest.mark.usefixtures("production")


def tell(person: object, organisation: str = "Fret Exemple") -> None:
    """Somebody's role is valid."""
    notice = catalogue.RoleValidatedNotice("A", "B", organisation, False, "/production/profile")
    outbox.put(notice, outbox.Recipient(person.email, person.language, person.id))  # type: ignore[attr-defined]
    db.session.commit()


def mails() -> list[str]:
    """The names of what waits to leave."""
    return [row.name for row in db.session.query(OutgoingMessage).order_by(OutgoingMessage.id)]


def test_a_message_about_a_role_is_a_mail_and_a_notice() -> None:
    person = a_person()
    tell(person)
    found = in_app.notices_of(acting(person), Place())
    assert mails() == ["role_validated_notice"]
    assert [(row.name, row.path) for row in found.rows] == [("role_validated_notice", "/production/profile")]
    assert "Fret Exemple" not in found.rows[0].facts
    assert in_app.message_of(found.rows[0]).organisation == "Fret Exemple"  # type: ignore[attr-defined]


def test_what_protects_the_account_is_mailed_whatever_was_chosen_and_is_no_notice() -> None:
    person = a_person()
    preferences.want_mail(person.id, wanted=False)
    notice = security_notices.AuthenticatorAddedNotice("A", "B", "phone", clock.now().isoformat(), 1)
    outbox.put(notice, outbox.Recipient(person.email, "en", person.id))
    db.session.commit()
    assert mails() == ["authenticator_added_notice"]
    assert not in_app.notices_of(acting(person), Place()).rows


@pytest.mark.parametrize(
    ("choice", "left"), [(MailChoice.NONE, 0), (MailChoice.DAILY, 0), (MailChoice.AT_ONCE, 1)]
)
def test_the_choice_of_a_group_decides_about_the_mail_and_never_about_the_notice(
    choice: MailChoice, left: int
) -> None:
    person = a_person()
    preferences.keep({Group.ROLES: choice}, acting(person))
    tell(person)
    assert len(mails()) == left
    assert len(in_app.notices_of(acting(person), Place()).rows) == 1


def test_the_choice_of_one_environment_says_nothing_about_another() -> None:
    person = a_person()
    preferences.keep({Group.ROLES: MailChoice.NONE}, acting(person))
    with using(Environment.TRAINING):
        assert preferences.choices_for([person.id], Group.ROLES) == {person.id: MailChoice.AT_ONCE}
        tell(person)
        assert len(in_app.notices_of(acting(person), Place()).rows) == 1
    assert not in_app.notices_of(acting(person), Place()).rows
    assert in_app.unread_count(person.id) == 0


def test_no_mail_at_all_holds_in_every_environment_until_it_is_taken_back() -> None:
    person = a_person()
    preferences.want_mail(person.id, wanted=False)
    preferences.want_mail(person.id, wanted=False)
    tell(person)
    assert mails() == []
    preferences.want_mail(person.id, wanted=True)
    tell(person)
    assert len(mails()) == 1


def test_one_notice_or_all_up_to_the_newest_seen_are_read() -> None:
    person = a_person()
    for number in range(30):
        tell(person, f"Firm {number}")
    actor = acting(person)
    first = in_app.notices_of(actor, Place())
    assert len(first.rows) == 25
    assert first.rows[0].id > first.rows[1].id
    second = in_app.notices_of(actor, Place(after=first.next_key or ""))
    assert len(second.rows) == 5
    assert in_app.notices_of(actor, Place(before=second.previous_key or "")).rows == first.rows
    in_app.read(first.rows[0].id, actor)
    assert in_app.unread_count(person.id) == 29
    assert in_app.read_all(first.rows[1].id, actor) == 29
    assert in_app.unread_count(person.id) == 0


def test_nobody_reads_the_notice_of_somebody_else() -> None:
    person, stranger = a_person(), a_person("Nora")
    tell(person)
    number = in_app.notices_of(acting(person), Place()).rows[0].id
    with pytest.raises(NotThere):
        in_app.read(number, acting(stranger))
    in_app.read_all(number, acting(stranger))
    assert in_app.unread_count(person.id) == 1


def test_after_half_a_year_a_notice_goes() -> None:
    person = a_person()
    tell(person)
    clock.advance(timedelta(days=179))
    queue.sweep_notices()
    assert in_app.unread_count(person.id) == 1
    clock.advance(timedelta(days=2))
    queue.sweep_notices()
    assert in_app.unread_count(person.id) == 0


def test_every_message_with_a_link_or_code_belongs_to_security() -> None:
    groups = {name: group_of(message) for name, message in catalogue.every_message().items()}
    assert groups["password_link"] is groups["sign_in_code"] is groups["panic_done_notice"] is Group.SECURITY
    assert groups["role_requested_notice"] is Group.REQUESTS
    assert groups["role_rejected_notice"] is Group.ROLES
    assert groups["operator_merged_notice"] is Group.ORGANISATIONS
    assert groups["policy_changed_notice"] is Group.ANNOUNCEMENTS
    assert groups["daily_digest"] is Group.SECURITY
