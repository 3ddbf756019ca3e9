"""The table of audit events: append-only by trigger, with columns that the later seal fills once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

BIG = BigInteger().with_variant(Integer(), "sqlite")


class AuditEvent(Base):
    """One event; shared, because identity's events belong to no environment (the column may be empty)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        Index("ix_audit_events_environment", "environment", "id"),
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(index=True)
    environment: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    actor_account_id: Mapped[int | None] = mapped_column(index=True)
    sign_in_id: Mapped[int | None]
    correlation: Mapped[str] = mapped_column(String(32))
    facts: Mapped[str] = mapped_column(Text)
    seal_position: Mapped[int | None] = mapped_column(BIG)
    seal_hash: Mapped[str | None] = mapped_column(String(64))
