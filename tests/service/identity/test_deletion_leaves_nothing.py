"""A closed account: nothing of the person is left in any table, and nobody is half closed (D-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from portal import clock, crypto
from portal.database import Base, db
from portal.environments.everywhere import every_environment
from portal.identity import deletion, personal_data
from portal.identity.models import Account
from portal.jobs.queue import close_due_accounts
from portal.messages.models import OutgoingMessage
from portal.roles import people
from tests.makers.identity import a_sign_in, a_user_with_telephone
from tests.makers.mail import messages_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_role, acting

pytestmark = pytest.mark.usefixtures("production")
NAME, OWNERS, NEW = "Zebulon", "zebulon@agri.example", "zebulon.neu@agri.example"
TRACES = (NAME.casefold(), "192.0.2.0/24")


def a_person_who_leaves() -> Account:
    """Somebody with a factor, a role, a past name and a past address, whose time has come."""
    account = a_user_with_telephone(NAME, "Unique", email=OWNERS)
    a_role(account, an_operator(), message=f"I am {NAME}", contact_email=OWNERS)
    row, _token = a_sign_in(account)
    row.network = TRACES[1]
    people.change_name(NAME, "Autrement", acting(account))
    personal_data.ask_email_change(NEW, acting(account))
    messages_to(OWNERS)
    people.ask_deletion({}, acting(account))
    clock.advance(timedelta(days=15))
    return account


def told_of_the_person() -> dict[str, int]:
    """Tables with rows in which something of the person can be read, sealed messages opened; the inbox is outside."""
    found: dict[str, int] = {}
    db.session.expire_all()
    with every_environment("a test looks for what is left of a person"):
        for mapper in Base.registry.mappers:
            if mapper.local_table.name != "demo_inbox":
                rows = db.session.query(mapper.class_).all()
                count = sum(any(trace in text_of(row).casefold() for trace in TRACES) for row in rows)
                found |= {mapper.local_table.name: count} if count else {}
    return found


def text_of(row: object) -> str:
    """Every value of a row, as text."""
    values = [getattr(row, attribute.key) for attribute in inspect(row).mapper.column_attrs]
    if isinstance(row, OutgoingMessage):
        values += [crypto.unseal("recipient", row.recipient), crypto.unseal("facts", row.facts)]
    return " ".join(map(str, values))


def test_nothing_of_the_person_is_left_but_the_last_mail() -> None:
    a_person_who_leaves()
    assert {"accounts", "roles", "name_changes", "email_changes", "sign_ins"} <= set(told_of_the_person())

    assert close_due_accounts() == 1

    assert told_of_the_person() == {"outgoing_messages": 1}
    assert "is deleted" in messages_to(OWNERS)[0].subject


def test_who_presses_keep_when_the_closing_has_begun_is_not_left_between_two_states() -> None:
    account = a_person_who_leaves()
    actor, account_id = acting(account), account.id
    assert deletion.seize(account_id)

    assert deletion.keep(actor) is False

    assert close_due_accounts() == 1
    assert db.session.get_one(Account, account_id, populate_existing=True).state == "closed"


def test_a_closing_that_was_broken_off_is_finished_by_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    account_id = a_person_who_leaves().id

    def power_cut(_account_id: int) -> bool:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(deletion, "close", power_cut)
        assert close_due_accounts() == 0
    assert db.session.get_one(Account, account_id, populate_existing=True).state == "disabled"
    assert close_due_accounts() == 1
    assert close_due_accounts() == 0


def test_one_account_that_cannot_be_closed_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = a_person_who_leaves().id, a_user_with_telephone("Robin", "Modele")
    people.ask_deletion({}, acting(other))
    second = other.id
    clock.advance(timedelta(days=15))
    close = deletion.close

    def one_fails(account_id: int) -> bool:
        if account_id == first:
            raise OSError("this one")
        return close(account_id)

    monkeypatch.setattr(deletion, "close", one_fails)
    assert close_due_accounts() == 1
    assert db.session.get_one(Account, second, populate_existing=True).state == "closed"


def test_the_address_of_a_closed_account_can_open_another_one() -> None:
    a_person_who_leaves()
    close_due_accounts()
    assert a_user_with_telephone("Robin", "Modele", email=OWNERS).id
