"""The outbox: one row per e-mail or SMS, committed with the change that caused it; the truth of delivery."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Delivery(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMessage(Base):
    """Shared: mails of the identity half belong to no environment. Recipient and facts are sealed at rest."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (Index("ix_outgoing_messages_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(8))
    environment: Mapped[str | None] = mapped_column(String(12))
    account_id: Mapped[int | None] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    facts: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    correlation: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int]
    put_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(200))
    gateway_id: Mapped[str | None] = mapped_column(String(80), index=True)
    receipt: Mapped[str | None] = mapped_column(String(12))
    receipt_at: Mapped[datetime | None]
