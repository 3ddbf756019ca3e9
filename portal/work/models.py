"""Tables of long work: what a person asked for many rows at once, and each row with its result."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class Work(EnvironmentScoped, Base):
    """One batch or import; `assurance` and `method` are those of the sign-in that confirmed it, `profile_id` the
    organisation acted for where the person has several profiles."""

    __tablename__ = "works"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        Index("ix_works_due", "environment", "state", "lease_until"),
        Index("ix_works_own", "environment", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sign_in_id: Mapped[int]
    assurance: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16))
    profile_id: Mapped[int | None]
    parameters: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(String(8))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]


class WorkItem(EnvironmentScoped, Base):
    """One row of it: `payload` (with a `label` for people) and `facts` are JSON objects, `outcome` a word that pages
    translate."""

    __tablename__ = "work_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "work_id"], ["works.environment", "works.id"], ondelete="CASCADE"
        ),
        Index("uq_work_items_position", "environment", "work_id", "position", unique=True),
        Index("ix_work_items_state", "work_id", "state", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int]
    position: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(40), default="")
    facts: Mapped[str] = mapped_column(Text, default="{}")
    subject_id: Mapped[int | None]
