"""The audit trail: append-only by the database itself, and in one transaction with what it tells of."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.audit import events, trail
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from tests.makers.identity import a_user, an_actor

pytestmark = pytest.mark.usefixtures("app")
CHANGES = [
    "UPDATE audit_events SET facts = '{}'",
    "UPDATE audit_events SET name = 'SignedOut'",
    "UPDATE audit_events SET actor_account_id = NULL, seal_hash = 'x'",
    "UPDATE audit_events SET actor_account_id = 99",
    "UPDATE audit_events SET environment = 'training'",
    "UPDATE audit_events SET organisation_id = 5",
    "UPDATE audit_events SET id = id + 1000",
    "UPDATE audit_events SET occurred_at = '2020-01-01 00:00:00'",
    "DELETE FROM audit_events",
]


def run(statement: str) -> None:
    """Raw SQL, as somebody with the database's password would."""
    db.session.execute(text(statement), execution_options={"unscoped": "a test of the triggers"})
    db.session.commit()


@pytest.fixture
def event() -> AuditEvent:
    """One committed event."""
    trail.record(events.TelephoneAdded(7, 3, first_factor=True), an_actor(5, session_id=9))
    db.session.commit()
    return db.session.scalars(select(AuditEvent)).one()


def test_an_event_says_who_did_what_to_which_row_and_where(app: object) -> None:
    with using(Environment.TRAINING):
        trail.record(events.TelephoneAdded(7, 3, first_factor=True), an_actor(5, session_id=9))
        db.session.commit()
    row = db.session.scalars(select(AuditEvent)).one()
    assert (row.name, row.subject_kind, row.subject_id) == ("TelephoneAdded", "account", 7)
    assert (row.actor_account_id, row.sign_in_id, row.environment) == (5, 9, "training")
    assert json.loads(row.facts) == {"telephone_id": 3, "first_factor": True}
    assert len(row.correlation) == 16


def test_the_database_refuses_every_change_of_an_event(event: AuditEvent, subtests: pytest.Subtests) -> None:
    before = (event.id, event.name, event.facts)
    for statement in CHANGES:
        with subtests.test(statement):
            with pytest.raises(DBAPIError, match="append-only"):
                run(statement)
            db.session.rollback()
    db.session.expire_all()
    row = db.session.scalars(select(AuditEvent)).one()
    assert (row.id, row.name, row.facts) == before


def test_the_table_cannot_be_emptied_at_once(event: AuditEvent) -> None:
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError, match="append-only"):
            run("DELETE FROM audit_events WHERE 1")
    else:
        with pytest.raises(DBAPIError, match="append-only"):
            run("TRUNCATE audit_events")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_a_row_cannot_be_replaced_by_another_one_of_its_number(event: AuditEvent) -> None:
    columns = [c.name for c in AuditEvent.__table__.columns if c.name != "facts"]
    copied = ", ".join(columns)
    insert = f"INSERT INTO audit_events ({copied}, facts) SELECT {copied}, '{{}}' FROM audit_events"  # noqa: S608
    if db.engine.dialect.name == "sqlite":
        insert = insert.replace("INSERT", "INSERT OR REPLACE", 1)
    with pytest.raises(DBAPIError):
        run(insert)
    db.session.rollback()
    assert db.session.scalars(select(AuditEvent.facts)).one() == event.facts


def test_the_seal_is_filled_once_and_never_again(event: AuditEvent) -> None:
    run("UPDATE audit_events SET seal_position = 1, seal_hash = 'abc'")
    with pytest.raises(DBAPIError, match="append-only"):
        run("UPDATE audit_events SET seal_position = 2, seal_hash = 'def'")
    db.session.rollback()
    with pytest.raises(DBAPIError, match="append-only"):
        run("UPDATE audit_events SET seal_hash = NULL")
    db.session.rollback()
    db.session.expire_all()
    assert db.session.scalars(select(AuditEvent.seal_hash)).one() == "abc"


@pytest.mark.parametrize("end", [db.session.rollback, db.session.commit], ids=["rollback", "commit"])
def test_the_event_and_the_change_live_or_die_together(end: Callable[[], None]) -> None:
    account = a_user("Before")
    account.first_name = "After"
    trail.record(events.LanguageKept(account.id, "fr"), account_id=account.id)
    db.session.flush()
    end()
    kept = db.session.scalars(select(AuditEvent.name).where(AuditEvent.name == "LanguageKept")).all()
    name = db.session.scalar(select(Account.first_name).where(Account.id == account.id))
    assert (len(kept), name) in ((0, "Before"), (1, "After"))
    assert (len(kept) == 1) is (end == db.session.commit)


def test_events_of_one_request_share_its_number() -> None:
    number = trail.new_correlation()
    for subject in (1, 2):
        trail.record(events.AccountOpened(subject))
    db.session.commit()
    assert set(db.session.scalars(select(AuditEvent.correlation))) == {number}
    assert trail.new_correlation() != number
