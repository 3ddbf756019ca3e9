"""Tables that only operators have: their further addresses, and which record a merged one became."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class OperatorAddress(EnvironmentScoped, Base):
    """An address beside the main one, which stands with the operator itself; activities may be done here."""

    __tablename__ = "operator_addresses"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_operator_addresses_organisation", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(100), default="")
    street: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))


class OperatorMerge(EnvironmentScoped, Base):
    """Two records of one operator became one: `loser_id` leads to `survivor_id`; `moved` counts by table, as JSON."""

    __tablename__ = "operator_merges"
    __table_args__ = (
        UniqueConstraint("environment", "loser_id", name="uq_operator_merges_loser"),
        ForeignKeyConstraint(["environment", "loser_id"], ["organisations.environment", "organisations.id"]),
        ForeignKeyConstraint(
            ["environment", "survivor_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_operator_merges_survivor", "survivor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loser_id: Mapped[int]
    survivor_id: Mapped[int]
    moved: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime]
    merged_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
