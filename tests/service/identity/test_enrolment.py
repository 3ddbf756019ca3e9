"""Numbers on an account: ten by the schema itself, sealed at rest, each change told and recorded; the language kept."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal import clock, crypto
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import account as own_account
from portal.identity import enrolment, queries
from portal.identity.factors import LastFactor
from portal.identity.models import Account, Telephone
from tests.makers.identity import NUMBER, a_sign_in, a_telephone, a_user, a_user_with_telephone, an_actor
from tests.makers.mail import code_to, messages_to

SECOND = "+46701740620"


def acting(account: Account, *, second_factor: bool = True, has_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=second_factor)
    return an_actor(account.id, second_factor=second_factor, has_factor=has_factor, session_id=row.id)


def added(actor: Actor, number: str) -> Telephone:
    """The number went through its challenge."""
    enrolment.ask_to_add_telephone(number, actor)
    return enrolment.add_telephone(code_to(number), actor)[0]


def test_a_number_is_sealed_at_rest_and_known_by_two_digits(app: Flask) -> None:
    account = a_user()
    telephone = added(acting(account, second_factor=False, has_factor=False), NUMBER)
    row = db.session.get_one(Telephone, telephone.id)
    assert NUMBER not in row.number_sealed + row.number_index
    assert crypto.unseal("telephone", row.number_sealed) == NUMBER
    assert (row.last_digits, row.place) == ("05", 1)


def test_the_event_of_a_new_number_holds_no_digit_of_it(app: Flask) -> None:
    account = a_user()
    added(acting(account, second_factor=False, has_factor=False), NUMBER)
    event = db.session.query(AuditEvent).filter_by(name="TelephoneAdded").one()
    assert json.loads(event.facts)["first_factor"] is True
    assert NUMBER[-4:] not in event.facts
    assert event.actor_account_id == account.id


def test_the_schema_has_no_eleventh_place(app: Flask) -> None:
    account = a_user()
    for last in range(10):
        a_telephone(account, f"+4670174061{last}")
    with pytest.raises(IntegrityError):
        a_telephone(account, SECOND)
    db.session.rollback()
    with pytest.raises(enrolment.TooManyTelephones):
        enrolment.ask_to_add_telephone(SECOND, acting(account))


def test_the_eleventh_is_refused_even_when_ten_came_after_the_code_left(app: Flask) -> None:
    account = a_user_with_telephone()
    actor = acting(account)
    enrolment.ask_to_add_telephone(SECOND, actor)
    code = code_to(SECOND)
    for last in range(9):
        a_telephone(account, f"+4670174061{last}")
    with pytest.raises(enrolment.TooManyTelephones):
        enrolment.add_telephone(code, actor)
    assert queries.number_of_telephones(account.id) == 10


def test_every_change_is_told_to_the_mailbox(app: Flask) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    actor = acting(account)
    telephone = added(actor, SECOND)
    enrolment.remove_telephone(telephone.id, actor)
    subjects = [message.subject for message in messages_to("camille@agri.example")]
    assert subjects == [
        "TRACES: a mobile phone number was deleted",
        "TRACES: a mobile phone number was added",
    ]


def test_the_last_number_of_a_person_with_a_role_stays(app: Flask) -> None:
    account = a_user_with_telephone()
    actor = dataclasses.replace(acting(account), holds_role_anywhere=True)
    with pytest.raises(LastFactor):
        enrolment.remove_telephone(queries.telephones_of(account.id)[0].id, actor)
    second = added(actor, SECOND)
    enrolment.remove_telephone(second.id, actor)
    assert queries.number_of_telephones(account.id) == 1


def test_a_password_alone_adds_no_number_beside_a_factor(app: Flask) -> None:
    account = a_user_with_telephone()
    with pytest.raises(Refused):
        enrolment.ask_to_add_telephone(SECOND, acting(account, second_factor=False))


def test_a_message_that_takes_a_quarter_of_an_hour_still_adds_the_number(app: Flask) -> None:
    actor = acting(a_user_with_telephone())
    clock.advance(timedelta(minutes=14))
    enrolment.ask_to_add_telephone("+46701740609", actor)
    clock.advance(timedelta(minutes=16))
    assert enrolment.add_telephone(code_to("+46701740609"), actor)[0].last_digits == "09"
    with pytest.raises(Refused):
        enrolment.ask_to_add_telephone("+46701740610", actor)


def test_a_role_holder_without_factor_needs_the_mailbox(app: Flask) -> None:
    account = a_user()
    actor = dataclasses.replace(
        acting(account, second_factor=False, has_factor=False), holds_role_anywhere=True
    )
    with pytest.raises(Refused):
        enrolment.ask_to_add_telephone(NUMBER, actor)
    confirmed = dataclasses.replace(actor, mailbox_confirmed=True)
    assert enrolment.ask_to_add_telephone(NUMBER, confirmed).id


def test_the_language_of_mails_is_kept_and_recorded(app: Flask) -> None:
    account = a_user(language="en")
    own_account.keep_language("fr", acting(account))
    assert db.session.get_one(Account, account.id).language == "fr"
    event = db.session.query(AuditEvent).filter_by(name="LanguageKept").one()
    assert json.loads(event.facts) == {"language": "fr"}
