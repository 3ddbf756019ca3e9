"""Names, addresses, passwords, options changed by their owner; who is told, and what can be undone (R-15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import links, passwords, personal_data, queries
from portal.identity.factor_models import NameChange
from portal.identity.links import LinkNotGood
from portal.identity.models import Account
from portal.identity.personal_data import AddressTaken, Options, attempt_of
from portal.identity.registration import PasswordRefused
from portal.identity.sign_in import PasswordRejected
from portal.identity.states import LinkPurpose
from portal.roles import people
from tests.makers.identity import PASSWORD, a_sign_in, a_user, a_user_with_telephone, an_actor
from tests.makers.mail import link_to, messages_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member

OLD, NEW = "camille@agri.example", "camille.nouvelle@agri.example"
GOOD = "fenouil-barrique-oiseau-71"
WHERE = attempt_of("127.0.0.0/24", "Firefox, Linux")


def acting(account: Account, *, has_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=has_factor)
    return an_actor(account.id, second_factor=has_factor, has_factor=has_factor, session_id=row.id)


def token_of(address: str) -> str:
    """The token of the newest link in that mailbox."""
    return link_to(address).rsplit("/", 1)[1]


def now(account: Account) -> Account:
    """The account as the database holds it."""
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def test_a_changed_name_is_kept_with_its_history_and_told_to_the_administrators(production: None) -> None:
    operator = an_operator()
    a_member(operator, administrator=True, email="chief@fret.example")
    person = a_member(operator, first_name="Robin", last_name="Modele", email=OLD)
    people.change_name("Robin", "Autre", acting(person))
    change = db.session.query(NameChange).one()
    assert (change.old_last_name, change.new_last_name, now(person).last_name) == ("Modele", "Autre", "Autre")
    assert "Robin Autre" in messages_to(OLD)[0].body
    assert "Robin Modele" in messages_to("chief@fret.example")[0].body
    facts = db.session.query(AuditEvent).filter_by(name="NameChanged").one().facts
    assert "Autre" not in facts


def test_name_and_address_need_a_second_factor_even_where_there_is_none(app: Flask) -> None:
    actor = acting(a_user(), has_factor=False)
    for act in (
        lambda: people.change_name("A", "B", actor),
        lambda: personal_data.ask_email_change(NEW, actor),
    ):
        with pytest.raises(Refused):
            act()


def test_the_address_changes_when_the_link_at_the_new_one_is_followed_and_not_before(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    personal_data.ask_email_change(NEW, acting(account))
    assert now(account).email == OLD
    assert "another e-mail address was asked for" in messages_to(OLD)[0].subject
    token = token_of(NEW)
    personal_data.confirm_email(token, "browser", acting(account))
    assert (now(account).email, queries.account_by_email(OLD)) == (NEW, None)
    with pytest.raises(LinkNotGood):
        personal_data.confirm_email(token, "browser", acting(account))


def test_the_old_mailbox_takes_the_change_back_within_seven_days(app: Flask) -> None:
    account, start = a_user_with_telephone(email=OLD), clock.now()
    personal_data.ask_email_change(NEW, acting(account))
    personal_data.confirm_email(token_of(NEW), "browser", acting(account))
    token = token_of(OLD)
    row, _token = a_sign_in(account)
    with clock.frozen(start + timedelta(days=6)):
        personal_data.undo_email(token, "browser")
        assert now(account).email == OLD
        assert now(account).password_hash is None
        assert row.id not in [one.id for one in queries.open_sign_ins(account.id)]
        assert "/password/link/" in link_to(OLD)


def test_after_eight_days_the_change_stays(app: Flask) -> None:
    account, start = a_user_with_telephone(email=OLD), clock.now()
    personal_data.ask_email_change(NEW, acting(account))
    personal_data.confirm_email(token_of(NEW), "browser", acting(account))
    token = token_of(OLD)
    with clock.frozen(start + timedelta(days=8)), pytest.raises(LinkNotGood):
        personal_data.undo_email(token, "browser")


def test_an_address_of_somebody_else_looks_the_same_and_changes_nothing(app: Flask) -> None:
    a_user(email=NEW)
    account = a_user_with_telephone(email=OLD)
    personal_data.ask_email_change(NEW, acting(account))
    assert "link" not in messages_to(NEW)[0].subject
    assert now(account).email == OLD


def test_of_two_accounts_that_want_one_address_one_gets_it(app: Flask) -> None:
    first, second = a_user_with_telephone(email=OLD), a_user_with_telephone()
    tokens = []
    for account in (first, second):
        personal_data.ask_email_change(NEW, acting(account))
        tokens.append(token_of(NEW))
    personal_data.confirm_email(tokens[0], "browser", acting(first))
    with pytest.raises(AddressTaken):
        personal_data.confirm_email(tokens[1], "browser", acting(second))
    assert now(second).email != NEW


def test_links_in_the_old_mailbox_open_nothing_after_the_change(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    link = links.make_link(LinkPurpose.PASSWORD, account=account)
    db.session.commit()
    token = links.address_of(link.id).rsplit("/", 1)[1]
    personal_data.ask_email_change(NEW, acting(account))
    personal_data.confirm_email(token_of(NEW), "browser", acting(account))
    with pytest.raises(LinkNotGood):
        links.good_link(token, frozenset({LinkPurpose.PASSWORD}), "browser")


def test_the_password_changes_with_the_old_one_and_the_other_sessions_end(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    actor, _other = acting(account), a_sign_in(account)
    token = personal_data.change_password(PASSWORD, GOOD, WHERE, actor)
    assert [row.id for row in queries.open_sign_ins(account.id)] == [actor.session_id]
    assert queries.sign_in_by_token(token) is not None
    assert passwords.is_right(now(account).password_hash, GOOD)
    assert "password" in messages_to(OLD)[0].subject


def test_a_wrong_old_password_and_a_weak_new_one_change_nothing(app: Flask) -> None:
    account = a_user_with_telephone(email=OLD)
    actor = acting(account)
    with pytest.raises(PasswordRejected):
        personal_data.change_password("not-the-password-71", GOOD, WHERE, actor)
    with pytest.raises(PasswordRefused):
        personal_data.change_password(PASSWORD, "camille camille", WHERE, actor)
    assert passwords.is_right(now(account).password_hash, PASSWORD)


def test_always_a_second_factor_needs_one(app: Flask) -> None:
    without = a_user()
    wish = Options(always_second_factor=True, sign_in_notices=True, show_details=False)
    personal_data.configure(wish, acting(without, has_factor=False))
    assert (now(without).always_second_factor, now(without).sign_in_notices) == (False, True)
    account = a_user_with_telephone()
    personal_data.configure(wish, acting(account))
    assert now(account).always_second_factor


def test_the_hint_comes_after_ten_sign_ins_and_can_be_hidden_for_a_month(app: Flask) -> None:
    account = a_user_with_telephone()
    account.sign_in_count = 10
    db.session.commit()
    assert queries.wants_nudge(now(account))
    personal_data.hide_nudge(acting(account))
    assert not queries.wants_nudge(now(account))
    clock.advance(timedelta(days=31))
    assert queries.wants_nudge(now(account))
