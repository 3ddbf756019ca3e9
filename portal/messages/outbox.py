"""The outbox ledger: put a message with a change; claim, finish and put back rows for delivery."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update

from portal import clock, crypto
from portal.audit.trail import correlation
from portal.database import db, only_reading, rows_changed
from portal.environments import environment
from portal.messages import certificate_notices as _certificate_notices  # noqa: F401 - its messages register themselves
from portal.messages import commission_notices as _commission_notices  # noqa: F401 - its messages register themselves
from portal.messages import in_app, preferences
from portal.messages import operator_notices as _operator_notices  # noqa: F401 - its messages register themselves
from portal.messages import queue_notices as _queue_notices  # noqa: F401 - its messages register themselves
from portal.messages import role_notices as _role_notices  # noqa: F401 - its messages register themselves
from portal.messages import security_notices as _security_notices  # noqa: F401 - its messages register themselves
from portal.messages.catalogue import Message, every_message
from portal.messages.groups import Group, MailChoice, group_of
from portal.messages.models import Delivery, OutgoingMessage

LEASE = timedelta(minutes=2)
ATTEMPTS = 12
RECEIPTS_FOR = timedelta(days=7)
WAITS_SECONDS = (2, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 3600)


@dataclass(frozen=True)
class Recipient:
    """Where a message goes: address (e-mail or E.164 number) and language; the account if there is one."""

    address: str
    language: str
    account_id: int | None = None


def put(message: Message, to: Recipient) -> None:
    """Tell somebody, in the transaction of the change it tells of.

    What protects an account is mailed at once. Everything else becomes a notice in the portal, and a mail as the person
    chose: at once, with the mail of the day, or none.
    """
    put_each([(message, to)])


def put_each(messages: Iterable[tuple[Message, Recipient]]) -> None:
    """As `put` for many people: what they chose is asked once for each group of messages."""
    waiting: dict[Group, list[tuple[Message, Recipient, int]]] = {}
    for message, to in messages:
        group = group_of(type(message))
        if group is Group.SECURITY or to.account_id is None or environment.current_or_none() is None:
            _put_out(message, to)
        else:
            waiting.setdefault(group, []).append((message, to, to.account_id))
    for group, rows in waiting.items():
        choices = preferences.choices_for({account_id for *_rest, account_id in rows}, group)
        for message, to, account_id in rows:
            in_app.add(message, group, account_id, mail_due=choices[account_id] is MailChoice.DAILY)
            if choices[account_id] is MailChoice.AT_ONCE:
                _put_out(message, to)


def _put_out(message: Message, to: Recipient) -> None:
    where = environment.current_or_none()
    row = OutgoingMessage(
        name=message.name(),
        channel=message.channel.value,
        environment=where.value if where else None,
        account_id=to.account_id,
        recipient=crypto.seal("recipient", to.address),
        language=to.language,
        facts=crypto.seal("facts", json.dumps(dataclasses.asdict(message))),
        message_id=secrets.token_hex(16),
        correlation=correlation.get(),
        state=Delivery.WAITING.value,
        attempts=0,
        put_at=clock.now(),
        due_at=clock.now(),
    )
    db.session.add(row)
    db.session.info["outbox_filled"] = True


def due_ids(limit: int = 50) -> list[int]:
    """Rows that may leave now: waiting and due, or claimed by a worker whose lease ran out."""
    now = clock.now()
    waiting = (OutgoingMessage.state == Delivery.WAITING) & (OutgoingMessage.due_at <= now)
    lost = (OutgoingMessage.state == Delivery.CLAIMED) & (OutgoingMessage.lease_until < now)
    query = select(OutgoingMessage.id).where(or_(waiting, lost)).order_by(OutgoingMessage.id).limit(limit)
    return list(db.session.scalars(query))


def claim(row_id: int) -> OutgoingMessage | None:
    """Take the row for this worker by one conditional UPDATE; None when another one has it."""
    now = clock.now()
    free = or_(OutgoingMessage.state == Delivery.WAITING, OutgoingMessage.lease_until < now)
    taken = db.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == row_id, free, OutgoingMessage.state != Delivery.SENT)
        .where(OutgoingMessage.state != Delivery.FAILED)
        .values(state=Delivery.CLAIMED, lease_until=now + LEASE, attempts=OutgoingMessage.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if rows_changed(taken) == 0:
        return None
    with only_reading():
        return db.session.get(OutgoingMessage, row_id, populate_existing=True)


def sent(row: OutgoingMessage, gateway_id: str | None = None) -> None:
    """The gateway took it, under its own id where it tells one; what the message said is no longer needed here."""
    row.gateway_id = gateway_id
    row.state, row.sent_at, row.last_error = Delivery.SENT, clock.now(), None
    row.facts = crypto.seal("facts", "{}")
    db.session.commit()


def failed(row: OutgoingMessage, error: str) -> None:
    """Try again later, longer each time; given up after ATTEMPTS."""
    row.last_error = error[:200]
    if row.attempts >= ATTEMPTS:
        row.state = Delivery.FAILED
    else:
        row.state = Delivery.WAITING
        row.due_at = clock.now() + timedelta(seconds=WAITS_SECONDS[min(row.attempts, len(WAITS_SECONDS)) - 1])
    db.session.commit()


def given_up(row: OutgoingMessage, error: str) -> None:
    """The gateway refused for good: no further try."""
    row.state, row.last_error = Delivery.FAILED, error[:200]
    db.session.commit()


def keep_receipt(gateway_id: str, word: str) -> bool:
    """What a gateway says of an SMS it took under that id (`delivered`, `expired`, …); False where no row has it."""
    of_it = OutgoingMessage.gateway_id == gateway_id, OutgoingMessage.sent_at > clock.now() - RECEIPTS_FOR
    told = db.session.execute(
        update(OutgoingMessage)
        .where(*of_it)
        .values(receipt=word, receipt_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return rows_changed(told) > 0


def forget_recipients(account_id: int) -> None:
    """The addresses and numbers that messages of that account went to are gone; those that wait leave no more.

    Commits nothing.
    """
    own = OutgoingMessage.account_id == account_id
    nobody = {"recipient": crypto.seal("recipient", ""), "facts": crypto.seal("facts", "{}")}
    over = OutgoingMessage.state.in_([Delivery.SENT, Delivery.FAILED])
    db.session.execute(update(OutgoingMessage).where(own, ~over).values(state=Delivery.FAILED, **nobody))
    db.session.execute(update(OutgoingMessage).where(own, over).values(**nobody))


def message_of(row: OutgoingMessage) -> Message:
    """The facts of a row as their dataclass."""
    return every_message()[row.name](**json.loads(crypto.unseal("facts", row.facts)))


def recipient_of(row: OutgoingMessage) -> str:
    """The address of a row."""
    return crypto.unseal("recipient", row.recipient)
