"""The table of counters: one row per limit and key, with its window; keys are digests, never addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Counter(Base):
    """Shared: limits protect accounts and networks, which are the same in every environment."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    window_ends_at: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime | None]


class SpentToken(Base):
    """A captcha answer that was used: it lives in a cookie, so that only the used ones need a row."""

    __tablename__ = "spent_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
