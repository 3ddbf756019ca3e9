"""Tables of what reaches people without depending on mail, and of how they want to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class InAppNotice(EnvironmentScoped, Base):
    """One message as the person finds it in the portal; `mail_due` while it waits for the daily mail.

    The facts are sealed as in the outbox: a notice names people.
    """

    __tablename__ = "in_app_notices"
    __table_args__ = (
        Index("ix_in_app_notices_own", "environment", "account_id", "id"),
        Index("ix_in_app_notices_unread", "environment", "account_id", "read_at"),
        Index("ix_in_app_notices_mail", "environment", "mail_due", "account_id", "put_at"),
        Index("ix_in_app_notices_put_at", "put_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(40))
    event_group: Mapped[str] = mapped_column(String(16))
    facts: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(300), default="")
    put_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_due: Mapped[bool] = mapped_column(default=False)


class MailPreference(EnvironmentScoped, Base):
    """How a person wants the mails of one group of events in this environment; without a row they come at once."""

    __tablename__ = "mail_preferences"
    __table_args__ = (UniqueConstraint("environment", "account_id", "event_group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    event_group: Mapped[str] = mapped_column(String(16))
    mail: Mapped[str] = mapped_column(String(8))


class UnwantedMail(Base):
    """Shared: a person who wants no mail but those that protect the account, from no environment («My Account»)."""

    __tablename__ = "unwanted_mails"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime]
