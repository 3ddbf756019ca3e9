"""The mail of the day: at seven in the morning one mail to each person who wants it, with what waited until then."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from flask_babel import force_locale

from portal import clock, config
from portal.audit.trail import new_correlation
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.messages import digests, in_app, outbox
from portal.messages.commission_notices import DailyDigest
from portal.messages.notice_models import InAppNotice
from portal.web import labels, notice_words

log = structlog.get_logger()
HOUR = 7


def send_due() -> int:
    """Send what waited before the last seven o'clock; returns how many mails.

    A worker that dies loses nothing: the rows wait until the mail is in the outbox, in one transaction.
    """
    before = last_morning()
    people: set[int] = set()
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            people.update(digests.waiting_accounts(before))
    db.session.rollback()
    return sum(_told(account_id, before) for account_id in sorted(people))


def last_morning() -> datetime:
    """The latest seven o'clock of the portal's zone that has passed."""
    local = clock.now().astimezone(ZoneInfo(config.current().time_zone))
    morning = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return morning if morning <= local else morning - timedelta(days=1)


def _told(account_id: int, before: datetime) -> bool:
    new_correlation()
    try:
        return _tell(account_id, before)
    except Exception as error:  # one person whose mail cannot be made must not keep the others waiting
        db.session.rollback()
        log.error("mail of the day not made", account=account_id, exc_info=error)
        return False


def _tell(account_id: int, before: datetime) -> bool:
    person = identity.accounts_by_id([account_id])[account_id]
    lines: list[str] = []
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            lines += _lines(digests.take(account_id, before), key, person)
    told = bool(lines) and person.state == AccountState.ACTIVE
    if told:
        digest = DailyDigest(person.first_name, person.last_name, "\n\n".join(lines))
        outbox.put(digest, outbox.Recipient(person.email, person.language, person.id))
    db.session.commit()
    return told


def _lines(notices: list[InAppNotice], key: str, person: Account) -> list[str]:
    with force_locale(person.language):
        return [_line(notice, key) for notice in notices]


def _line(notice: InAppNotice, key: str) -> str:
    message = in_app.message_of(notice)
    title, about = notice_words.title_of(message, key), notice_words.about(message)
    words = f"{labels.ENVIRONMENTS[Environment(key)]}: {title}" + (f" ({about})" if about else "")
    return f"{words}\n{config.current().public_url}{notice.path}" if notice.path else words
