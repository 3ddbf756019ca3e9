"""The demo's gateways: they put mails and SMS into the inbox instead of sending them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.adapters.smtp import Mail
from portal.database import db
from portal.demo.models import InboxMessage
from portal.vocabulary import Channel

LINK = re.compile(r"https?://[^\s<>\"']+")
CODE = re.compile(r"\b([2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})\b")
SHOWN = 100


class InboxMailer:
    """Takes e-mails."""

    def send(self, mail: Mail) -> None:
        """Keep it; a second delivery of the same message is the same row."""
        _keep(Channel.EMAIL, mail.to, mail.subject, mail.text, mail.html, mail.message_id)


class InboxSms:
    """Takes SMS."""

    def send(self, to: str, text: str, message_id: str) -> None:
        """Keep it; a second delivery of the same message is the same row."""
        _keep(Channel.SMS, to, "", text, "", message_id)


def _keep(channel: Channel, to: str, subject: str, body: str, html: str, message_id: str) -> None:
    if db.session.scalar(select(InboxMessage.id).where(InboxMessage.message_id == message_id)):
        return
    row = InboxMessage(
        channel=channel.value, recipient=to, subject=subject, body=body, html=html, message_id=message_id,
        sent_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()


def messages_to(recipient: str | None) -> Sequence[InboxMessage]:
    """The newest messages, of one exact address or number if given."""
    query = select(InboxMessage).order_by(InboxMessage.id.desc()).limit(SHOWN)
    return db.session.scalars(query.where(InboxMessage.recipient == recipient) if recipient else query).all()


def as_json(row: InboxMessage) -> dict[str, Any]:
    """The shape other programs rely on."""
    code = CODE.search(row.body)
    return {
        "channel": row.channel,
        "to": row.recipient,
        "subject": row.subject,
        "body": row.body,
        "links": LINK.findall(row.body),
        "code": code.group(1) if code else None,
        "sent_at": row.sent_at.isoformat(),
    }
