"""Tables of what the Commission says of an environment: announcements in several languages, and its method policy."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class Announcement(EnvironmentScoped, Base):
    """News, a planned stop, or the closing of this environment; without an end it holds until somebody ends it.

    `version` grows with each change, so that of two people who edit at once the second one sees it. `fingerprint` is
    the same for what was sent twice, and for every closing: an environment is closed once.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        Index("ix_announcements_shown", "environment", "kind", "ended_at", "starts_at"),
        Index("ix_announcements_written", "environment", "kind", "id"),
        Index(
            "uq_announcements_once",
            "environment",
            "fingerprint",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    fingerprint: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    closes: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    written_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    texts: Mapped[list[AnnouncementText]] = relationship(
        back_populates="announcement", order_by="AnnouncementText.language", lazy="raise"
    )


class AnnouncementText(EnvironmentScoped, Base):
    """Title and text of an announcement in one language: plain words, paragraphs parted by an empty line."""

    __tablename__ = "announcement_texts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "announcement_id"],
            ["announcements.environment", "announcements.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("environment", "announcement_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    announcement: Mapped[Announcement] = relationship(back_populates="texts")


class PolicyVersion(EnvironmentScoped, Base):
    """One decision of the Commission about methods; the highest version whose day has come holds.

    Methods are words of `vocabulary.Method`, comma separated; empty means as the settings say. The people are told in
    the order of their accounts, up to `told_to`; `told_at` says that all were.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("environment", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    applies_from: Mapped[date]
    required_from: Mapped[date | None]
    access_methods: Mapped[str] = mapped_column(String(120), default="")
    decision_methods: Mapped[str] = mapped_column(String(120), default="")
    sms: Mapped[str] = mapped_column(String(12))
    sms_off_from: Mapped[date | None]
    set_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime]
    told_to: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
