"""Leaving: the waiting time, the way back, the last administrator, what is erased and what stays (D-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import deletion, queries
from portal.identity.models import Account
from portal.identity.own_data import own_data
from portal.jobs.queue import close_due_accounts
from portal.roles import people
from portal.roles.models import Role
from tests.makers.identity import NUMBER, a_telephone, a_user
from tests.makers.mail import messages_to
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
OLD = "camille@agri.example"


def now(account: Account) -> Account:
    """The account as the database holds it."""
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def test_nothing_is_erased_before_the_time_and_the_account_can_be_kept() -> None:
    account = a_member(an_operator(), email=OLD)
    people.ask_deletion({}, acting(account))
    assert "will be deleted" in messages_to(OLD)[0].subject
    clock.advance(timedelta(days=13))
    assert close_due_accounts() == 0
    deletion.keep(acting(now(account)))
    clock.advance(timedelta(days=2))
    assert close_due_accounts() == 0
    assert now(account).state == "active"


def test_after_the_waiting_time_the_person_is_erased_and_what_was_done_stays() -> None:
    account = a_member(an_operator(), email=OLD, first_name="Camille", last_name="Exemple")
    people.ask_deletion({}, acting(account))
    clock.advance(timedelta(days=15))
    assert close_due_accounts() == 1
    closed = now(account)
    assert (closed.state, closed.full_name.strip()) == ("closed", closed.username)
    assert OLD not in (closed.email, closed.email_key)
    assert not queries.has_factor(account.id)
    assert queries.account_by_email(OLD) is None
    with using(Environment.PRODUCTION):
        assert [role.state for role in db.session.query(Role)] == ["removed"]
    names = {event.name for event in db.session.query(AuditEvent).filter_by(actor_account_id=account.id)}
    assert {"DeletionAsked", "RoleEnded", "AccountClosed"} <= names
    assert "is deleted" in messages_to(OLD)[0].subject


def test_the_roles_of_every_environment_end() -> None:
    account = a_member(an_operator())
    with using(Environment.TRAINING):
        operator = an_operator()
        from tests.makers.roles import a_role

        a_role(account, operator)
    people.ask_deletion({}, acting(account))
    clock.advance(timedelta(days=15))
    close_due_accounts()
    for key in (Environment.PRODUCTION, Environment.TRAINING):
        with using(key):
            assert {role.state for role in db.session.query(Role)} == {"removed"}


def test_for_the_last_administrator_the_authority_is_told_and_it_takes_a_month() -> None:
    country = a_country()
    a_member(country.local, email="officer@authority.example")
    operator = an_operator("Fret Exemple", responsible=country.local)
    account = a_member(operator, administrator=True)
    assert [name for _place, _number, name in people.last_administrations(account.id)] == ["Fret Exemple"]
    told = people.superiors_of(operator.id)
    people.ask_deletion({"Fret Exemple": told}, acting(account))
    assert "Fret Exemple" in messages_to("officer@authority.example")[0].body
    clock.advance(timedelta(days=29))
    assert close_due_accounts() == 0
    clock.advance(timedelta(days=2))
    assert close_due_accounts() == 1


def test_with_a_second_administrator_one_is_not_the_last() -> None:
    operator = an_operator()
    account = a_member(operator, administrator=True)
    a_member(operator, administrator=True)
    assert people.last_administrations(account.id) == []


def test_the_own_data_hold_everything_but_secrets_and_numbers() -> None:
    account = a_user(email=OLD)
    a_telephone(account)
    member = a_member(an_operator("Fret Exemple"))
    content = own_data(people.roles_everywhere(member.id), acting(member))
    assert content["roles"][0]["organisation"] == "Fret Exemple"
    assert content["factors"][0]["kind"] == "telephone"
    text = str(own_data(people.roles_everywhere(account.id), acting(account)))
    assert OLD in text
    assert NUMBER not in text
    assert "password_hash" not in text
    assert "sealed" not in text
    assert db.session.query(AuditEvent).filter_by(name="PersonalDataExported").count() == 2
