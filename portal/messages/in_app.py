"""Notices in the portal itself: they never depend on mail, are kept for half a year, and only their owner sees them."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.database import db, rows_changed
from portal.messages.catalogue import Message, every_message
from portal.messages.groups import Group
from portal.messages.notice_models import InAppNotice, MailPreference, UnwantedMail
from portal.paging import Page, Place, read_page
from portal.workflow import NotThere

KEPT = timedelta(days=180)
COUNTED_TO = 100


def add(message: Message, group: Group, account_id: int, *, mail_due: bool) -> None:
    """Put the message where the person finds it, in the transaction of the change it tells of."""
    db.session.add(
        InAppNotice(
            account_id=account_id,
            name=message.name(),
            event_group=group.value,
            facts=crypto.seal("facts", json.dumps(dataclasses.asdict(message))),
            path=str(getattr(message, "path", ""))[:300],
            put_at=clock.now(),
            mail_due=mail_due,
        )
    )


def unread_count(account_id: int) -> int:
    """How many notices the person has not read here, counted to a hundred."""
    unread = select(InAppNotice.id).where(InAppNotice.account_id == account_id, InAppNotice.read_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(unread.limit(COUNTED_TO).subquery())) or 0


def notices_of(actor: Actor, place: Place) -> Page[InAppNotice]:
    """The person's notices in the current environment, newest first."""
    authorise(actor, Action.NOTICE_READ, OwnAccount(actor.account_id))
    own = select(InAppNotice).where(InAppNotice.account_id == actor.account_id)
    return read_page(own, InAppNotice.id, InAppNotice.id, place, newest_first=True)


def message_of(notice: InAppNotice) -> Message:
    """What the notice says, as its dataclass."""
    return every_message()[notice.name](**json.loads(crypto.unseal("facts", notice.facts)))


def read(notice_id: int, actor: Actor) -> InAppNotice:
    """Mark one notice as read and return it; raises NotThere for one that is not the person's own."""
    authorise(actor, Action.NOTICE_READ, OwnAccount(actor.account_id))
    own = select(InAppNotice).where(InAppNotice.id == notice_id, InAppNotice.account_id == actor.account_id)
    notice = db.session.scalar(own)
    if notice is None:
        raise NotThere
    notice.read_at = notice.read_at or clock.now()
    db.session.commit()
    return notice


def read_all(up_to: int, actor: Actor) -> int:
    """Mark as read all up to the newest one the person saw; returns how many there were."""
    authorise(actor, Action.NOTICE_READ, OwnAccount(actor.account_id))
    done = db.session.execute(
        update(InAppNotice)
        .where(InAppNotice.account_id == actor.account_id, InAppNotice.read_at.is_(None))
        .where(InAppNotice.id <= up_to)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return rows_changed(done)


def sweep() -> None:
    """Delete what is older than half a year in the current environment."""
    old = InAppNotice.put_at < clock.now() - KEPT
    db.session.execute(delete(InAppNotice).where(old).execution_options(synchronize_session=False))
    db.session.commit()


def forget(account_id: int) -> None:
    """The account closes: its notices and choices in the current environment go. Commits nothing."""
    for model in (InAppNotice, MailPreference):
        own = model.account_id == account_id
        db.session.execute(delete(model).where(own).execution_options(synchronize_session=False))
    db.session.execute(delete(UnwantedMail).where(UnwantedMail.account_id == account_id))
