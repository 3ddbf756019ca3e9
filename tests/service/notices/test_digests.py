"""The mail of the day: one for each person, what waited until seven, nothing lost and nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.jobs import digesting
from portal.messages import catalogue, in_app, outbox, preferences
from portal.messages.commission_notices import DailyDigest
from portal.messages.groups import Group, MailChoice
from portal.messages.models import OutgoingMessage
from portal.paging import Place
from tests.makers.roles import a_person, acting

pytestmark = pytest.mark.usefixtures("production")
EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def one_who_wants_one_mail_a_day(**more: str) -> Account:
    """In Production and in Training."""
    person = a_person(**more)
    for where in (Environment.PRODUCTION, Environment.TRAINING):
        with using(where):
            preferences.keep({Group.ROLES: MailChoice.DAILY}, acting(person))
    return person


def tell(person: Account, organisation: str) -> None:
    """A role of the person is valid."""
    notice = catalogue.RoleValidatedNotice("A", "B", organisation, False, "/production/profile")
    outbox.put(notice, outbox.Recipient(person.email, person.language, person.id))
    db.session.commit()


def digests() -> list[DailyDigest]:
    """What was put out so far."""
    rows = db.session.query(OutgoingMessage).filter_by(name="daily_digest").order_by(OutgoingMessage.id)
    return [message for row in rows if isinstance(message := outbox.message_of(row), DailyDigest)]


def test_at_seven_one_mail_tells_what_happened_in_every_environment() -> None:
    with clock.frozen(EVENING):
        person = one_who_wants_one_mail_a_day()
        tell(person, "Fret Exemple")
        tell(person, "Ferme Exemple")
        with using(Environment.TRAINING):
            tell(person, "Exercice")
        assert digesting.send_due() == 0
        clock.advance(timedelta(hours=11, minutes=59))
        assert digesting.send_due() == 0
        clock.advance(timedelta(minutes=2))
        assert digesting.send_due() == 1
        assert digesting.send_due() == 0
    (mail,) = digests()
    assert "Production: Your role is valid (Fret Exemple)" in mail.lines
    assert "Production: Your role is valid (Ferme Exemple)" in mail.lines
    assert "Training: Your role is valid (Exercice)" in mail.lines
    assert mail.lines.count("http://localhost:5000/production/profile") == 3


def test_what_comes_after_seven_waits_for_the_next_day_and_a_late_worker_loses_nothing() -> None:
    with clock.frozen(EVENING):
        person = one_who_wants_one_mail_a_day()
        tell(person, "Before")
        clock.advance(timedelta(hours=14))
        tell(person, "After")
        assert digesting.send_due() == 1
        assert "After" not in digests()[0].lines
        clock.advance(timedelta(days=3))
        assert digesting.send_due() == 1
    assert "After" in digests()[1].lines
    assert "Before" not in digests()[1].lines


def test_it_is_written_in_the_language_of_the_person() -> None:
    with clock.frozen(EVENING):
        person = one_who_wants_one_mail_a_day()
        db.session.get_one(Account, person.id).language = "fr"
        tell(person, "Fret Exemple")
        clock.advance(timedelta(days=1))
        digesting.send_due()
    assert "votre rôle est valide" in digests()[0].lines.lower()


def test_who_wants_no_mail_any_more_gets_none_of_what_waited() -> None:
    with clock.frozen(EVENING):
        person = one_who_wants_one_mail_a_day()
        tell(person, "Fret Exemple")
        preferences.keep({Group.ROLES: MailChoice.NONE}, acting(person))
        clock.advance(timedelta(days=1))
        assert digesting.send_due() == 0


def test_a_closed_account_gets_no_mail_and_waits_no_more() -> None:
    with clock.frozen(EVENING):
        person = one_who_wants_one_mail_a_day()
        tell(person, "Fret Exemple")
        db.session.get_one(Account, person.id).state = AccountState.CLOSED.value
        db.session.commit()
        clock.advance(timedelta(days=1))
        assert digesting.send_due() == 0
    assert digests() == []


def test_a_mail_that_cannot_be_made_leaves_its_notices_and_the_mails_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put = outbox.put

    def refuse_one(message: DailyDigest, to: outbox.Recipient) -> None:
        if to.account_id == unlucky.id:
            raise RuntimeError("no room")
        put(message, to)

    with clock.frozen(EVENING):
        unlucky, other = one_who_wants_one_mail_a_day(), one_who_wants_one_mail_a_day(first_name="Nora")
        tell(unlucky, "First")
        tell(other, "Second")
        clock.advance(timedelta(days=1))
        monkeypatch.setattr(outbox, "put", refuse_one)
        assert digesting.send_due() == 1
        monkeypatch.undo()
        assert digesting.send_due() == 1
    assert [mail.lines.count("First") for mail in digests()] == [0, 1]


def test_the_account_that_closes_leaves_no_notice_and_no_choice() -> None:
    person = one_who_wants_one_mail_a_day()
    preferences.want_mail(person.id, wanted=False)
    tell(person, "Fret Exemple")
    in_app.forget(person.id)
    db.session.commit()
    assert not in_app.notices_of(acting(person), Place()).rows
    assert preferences.choices_for([person.id], Group.ROLES) == {person.id: MailChoice.AT_ONCE}
