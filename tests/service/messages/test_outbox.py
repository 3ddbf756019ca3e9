"""The outbox: claimed once, put back when a worker is lost, tried again later, given up at last, sealed at rest."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal import clock, crypto, delivery
from portal.database import db, writes_ahead
from portal.demo.models import InboxMessage
from portal.environments.environment import Environment, using
from portal.messages import outbox
from portal.messages.catalogue import AccountExists, NoAccountHere, RoleValidatedNotice
from portal.messages.models import Delivery, OutgoingMessage
from portal.messages.outbox import ATTEMPTS, LEASE, Recipient
from tests.makers.identity import a_user

TO = Recipient("person@agri.example", "en", 1)


def a_message(name: str = "Camille", to: Recipient = TO) -> OutgoingMessage:
    """A committed row that waits."""
    outbox.put(AccountExists(name, "Exemple"), to)
    db.session.commit()
    return db.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id.desc())).first()  # type: ignore[return-value]


def test_twelve_workers_that_claim_at_once_are_one_winner(app: Flask) -> None:
    row_id = a_message().id
    db.session.remove()
    begin, won = threading.Barrier(12), []

    def claim() -> None:
        with app.app_context():
            writes_ahead.set(True)
            begin.wait()
            won.append(outbox.claim(row_id) is not None)
            db.session.remove()

    threads = [threading.Thread(target=claim) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 11 + [True]


def test_a_claimed_row_is_due_again_when_its_worker_is_lost_and_not_before(app: Flask) -> None:
    with clock.frozen(clock.now()):
        row = a_message()
        assert outbox.claim(row.id) is not None
        clock.advance(LEASE)
        assert outbox.due_ids() == []
        assert outbox.claim(row.id) is None
        clock.advance(timedelta(seconds=1))
        assert outbox.due_ids() == [row.id]
        again = outbox.claim(row.id)
        assert again is not None
        assert again.attempts == 2


def test_a_failed_row_waits_longer_each_time_and_is_given_up_after_twelve(app: Flask) -> None:
    waits = []
    with clock.frozen(clock.now()):
        row_id = a_message().id
        for _ in range(ATTEMPTS):
            row = outbox.claim(row_id)
            assert row is not None
            outbox.failed(row, "ConnectionRefusedError")
            waits.append((row.due_at - clock.now()).total_seconds())
            clock.advance(timedelta(hours=2))
        assert (row.state, row.attempts, row.last_error) == (Delivery.FAILED, 12, "ConnectionRefusedError")
        assert outbox.due_ids() == []
        assert outbox.claim(row_id) is None
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] <= 10
    assert max(waits) <= 3600


def test_a_sent_row_is_never_sent_again_and_forgets_its_facts(app: Flask) -> None:
    row = a_message()
    assert delivery.deliver_due() == 1
    db.session.expire_all()
    assert row.state == Delivery.SENT
    assert crypto.unseal("facts", row.facts) == "{}"
    clock.advance(timedelta(days=1))
    assert (delivery.deliver_due(), outbox.claim(row.id)) == (0, None)


def test_recipient_and_facts_are_sealed_at_rest(app: Flask) -> None:
    a_message("Wilhelmina")
    query = text("SELECT * FROM outgoing_messages")
    raw = str(db.session.execute(query, execution_options={"unscoped": "a look at rest"}).all())
    assert not [word for word in ("Wilhelmina", "Exemple", "person", "agri.example") if word in raw]
    row = db.session.scalars(select(OutgoingMessage)).one()
    assert outbox.recipient_of(row) == TO.address
    assert outbox.message_of(row) == AccountExists("Wilhelmina", "Exemple")


def test_a_row_that_cannot_be_rendered_does_not_stop_the_others(app: Flask) -> None:
    bad = a_message("bad")
    bad.facts = crypto.seal("facts", '{"first_name": "only"}')
    worse = a_message("worse")
    worse.facts = "never sealed"
    db.session.commit()
    good = a_message("good")
    assert delivery.deliver_due() == 1
    db.session.expire_all()
    assert [row.state for row in (bad, worse, good)] == [Delivery.WAITING, Delivery.WAITING, Delivery.SENT]
    assert bad.last_error == "TypeError"
    assert worse.last_error == "CannotUnseal"


def test_an_error_kept_with_the_row_tells_no_address(app: Flask) -> None:
    row = a_message()
    row.name = "account exists no more"
    db.session.commit()
    delivery.deliver_due()
    db.session.expire_all()
    assert TO.address not in str(row.last_error)


def test_the_message_dies_with_the_change_it_tells_of(app: Flask) -> None:
    outbox.put(NoAccountHere(), TO)
    db.session.flush()
    db.session.rollback()
    assert outbox.due_ids() == []


@pytest.mark.parametrize("where", [Environment.TRAINING, Environment.PRODUCTION])
def test_the_subject_names_an_environment_that_is_not_production(app: Flask, where: Environment) -> None:
    person = a_user()
    to = Recipient(person.email, "en", person.id)
    with using(where):
        outbox.put(RoleValidatedNotice("Camille", "Exemple", "A farm", False, f"/{where}/profile"), to)
        db.session.commit()
    delivery.deliver_due()
    subject = db.session.scalars(select(InboxMessage.subject)).one()
    assert subject.startswith("[Training]") is (where is Environment.TRAINING)
    assert ("Training" in subject) is (where is Environment.TRAINING)
