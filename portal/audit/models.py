"""Tables of the audit trail: its events, the lists they stand in, and the seals over them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

BIG = BigInteger().with_variant(Integer(), "sqlite")
UNSEALED, OF_IDENTITY = text("seal_position IS NULL"), text("environment IS NULL")


class AuditEvent(Base):
    """One event; shared, because identity's events belong to no environment (the column may be empty).

    Append-only by trigger: only the seal fills its two columns, once. `organisation_id` and `account_id` say whom the
    event is about; they are taken from the event itself.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        Index("ix_audit_events_environment", "environment", "id"),
        Index("ix_audit_events_listing", "environment", "occurred_at", "id"),
        Index("ix_audit_events_named", "environment", "name", "occurred_at", "id"),
        Index("ix_audit_events_doings", "actor_account_id", "subject_kind", "occurred_at"),
        Index(
            "ix_audit_events_unsealed", "id", "environment", sqlite_where=UNSEALED, postgresql_where=UNSEALED
        ),
        Index("uq_audit_events_position", "environment", "seal_position", unique=True),
        # PostgreSQL reads in order along an index whose first column is a given value, not where it is empty.
        Index(
            "ix_audit_events_identity", "occurred_at", "id",
            sqlite_where=OF_IDENTITY, postgresql_where=OF_IDENTITY,
        ),
        Index(
            "ix_audit_events_identity_named", "name", "occurred_at", "id",
            sqlite_where=OF_IDENTITY, postgresql_where=OF_IDENTITY,
        ),
        # No two rows are equal where a column is empty: the chain of identity needs an index of its own.
        Index(
            "uq_audit_events_identity_position", "seal_position",
            unique=True, sqlite_where=OF_IDENTITY, postgresql_where=OF_IDENTITY,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(index=True)
    environment: Mapped[str | None] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    organisation_id: Mapped[int | None]
    account_id: Mapped[int | None]
    actor_account_id: Mapped[int | None]
    sign_in_id: Mapped[int | None]
    correlation: Mapped[str] = mapped_column(String(32))
    facts: Mapped[str] = mapped_column(Text)
    seal_position: Mapped[int | None] = mapped_column(BIG)
    seal_hash: Mapped[str | None] = mapped_column(String(64))


class AuditSubject(Base):
    """A list in which a sealed event stands: of a person, or of an organisation that may see it.

    An organisation's list has its own events and those of the organisations below it at the time of sealing. Time and
    name stand here again, so that every list is read by one range of one index.
    """

    __tablename__ = "audit_subjects"
    __table_args__ = (
        Index("ix_audit_subjects_named", "chain", "kind", "subject_id", "name", "occurred_at", "event_id"),
    )

    chain: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    occurred_at: Mapped[datetime] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))


class AuditHead(Base):
    """How far a chain is sealed: its last position and hash, and the day's tree as far as it has grown."""

    __tablename__ = "audit_heads"

    chain: Mapped[str] = mapped_column(String(12), primary_key=True)
    position: Mapped[int] = mapped_column(BIG)
    seal_hash: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    day_first: Mapped[int] = mapped_column(BIG)
    frontier: Mapped[str] = mapped_column(Text)
    root_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class AuditRoot(Base):
    """What was sealed on one day in one chain: the root of its tree, signed, with the hash of the root before."""

    __tablename__ = "audit_roots"
    __table_args__ = (UniqueConstraint("chain", "day"), UniqueConstraint("chain", "last_position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(12))
    day: Mapped[date]
    first_position: Mapped[int] = mapped_column(BIG)
    last_position: Mapped[int] = mapped_column(BIG)
    tree_hash: Mapped[str] = mapped_column(String(64))
    seal_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    root_hash: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
