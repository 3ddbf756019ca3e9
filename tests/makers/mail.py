"""What people find in their mailbox and on their phone: delivers what waits, then reads the demo's inbox."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select

from portal import delivery
from portal.database import db
from portal.demo import inbox
from portal.demo.models import InboxMessage
from portal.identity.models import Account
from portal.messages.models import OutgoingMessage


def messages_to(recipient: str) -> list[InboxMessage]:
    """Mails to that address or SMS to that number, newest first."""
    while delivery.deliver_due():
        pass
    return list(inbox.messages_to(recipient))


def link_to(recipient: str) -> str:
    """The path of the newest link that came to that address."""
    return urlsplit(inbox.as_json(messages_to(recipient)[0])["links"][0]).path


def code_to(number: str) -> str:
    """The newest code that came to that number, XXXX-XXXX."""
    return str(inbox.as_json(messages_to(number)[0])["code"])


def mails_put_for(email: str) -> list[str]:
    """The names of the mails that were put out for the account with that address, oldest first."""
    own = select(Account.id).where(Account.email == email).scalar_subquery()
    rows = select(OutgoingMessage.name).where(OutgoingMessage.account_id == own).order_by(OutgoingMessage.id)
    return list(db.session.scalars(rows))
