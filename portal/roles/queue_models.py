"""Tables around an open request: what validator and requester write to one another, who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped

LASTING = text("ended_at IS NULL")


class RequestMessage(EnvironmentScoped, Base):
    """One question or answer about a request; `text` is personal and goes when an account of the two closes."""

    __tablename__ = "request_messages"
    __table_args__ = (
        ForeignKeyConstraint(["environment", "role_id"], ["roles.environment", "roles.id"]),
        Index("ix_request_messages_thread", "role_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Deputy(EnvironmentScoped, Base):
    """For some days one colleague stands in for another in their organisation; both days are included."""

    __tablename__ = "deputies"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        Index(
            "uq_deputies_named", "environment", "organisation_id", "account_id", "deputy_id", "first_day",
            unique=True, sqlite_where=LASTING, postgresql_where=LASTING,
        ),
        Index("ix_deputies_deputy", "deputy_id", "organisation_id"),
        Index("ix_deputies_absent", "account_id", "organisation_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
