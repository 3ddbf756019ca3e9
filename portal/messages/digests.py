"""The notices that wait for the mail of the day: whose they are, and taking them, each for one mail only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.database import db
from portal.messages.notice_models import InAppNotice


def waiting_accounts(before: datetime) -> Sequence[int]:
    """The people for whom something from before that moment waits in the current environment."""
    query = select(InAppNotice.account_id).where(InAppNotice.mail_due, InAppNotice.put_at < before)
    return db.session.scalars(query.distinct().order_by(InAppNotice.account_id).limit(500)).all()


def take(account_id: int, before: datetime) -> list[InAppNotice]:
    """Those of one person, oldest first; they wait no more once the caller commits. Commits nothing.

    The rows are locked, so that of two workers the second one finds nothing.
    """
    waiting = select(InAppNotice).where(
        InAppNotice.account_id == account_id, InAppNotice.mail_due, InAppNotice.put_at < before
    )
    rows = list(db.session.scalars(waiting.order_by(InAppNotice.id).with_for_update()))
    db.session.execute(
        update(InAppNotice)
        .where(InAppNotice.id.in_([row.id for row in rows]))
        .values(mail_due=False)
        .execution_options(synchronize_session=False)
    )
    return rows
