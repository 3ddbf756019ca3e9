"""Tables of the identity half: shared by all environments, because one person has one account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.identity.states import TELEPHONES_AT_MOST, UNDO_DAYS, LinkFacts, LinkPurpose


class Account(Base):
    """One account per real person; `email_key` is the canonical form that makes addresses comparable."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(8), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    always_second_factor: Mapped[bool]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    previous_sign_in_at: Mapped[datetime | None]
    sign_in_notices: Mapped[bool] = mapped_column(default=False)
    show_details: Mapped[bool] = mapped_column(default=False)
    sign_in_count: Mapped[int] = mapped_column(default=0)
    nudge_hidden_at: Mapped[datetime | None]
    recovered_at: Mapped[datetime | None]
    deletion_asked_at: Mapped[datetime | None]
    deletion_due_at: Mapped[datetime | None] = mapped_column(index=True)
    webauthn_handle: Mapped[str | None] = mapped_column(String(43), index=True, unique=True)

    @property
    def full_name(self) -> str:
        """First and last name as the person wrote them."""
        return f"{self.first_name} {self.last_name}"


class Registration(Base):
    """«Create an account», until the link is followed; the newest for an address is the one that counts."""

    __tablename__ = "registrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8))
    requested_at: Mapped[datetime] = mapped_column(index=True)


class OneTimeLink(Base):
    """A link in a mail: salt, key id and digest; the link itself is derived when the mail leaves."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    key_id: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    registration: Mapped[Registration | None] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def facts(self) -> LinkFacts:
        """The times that decide what the link is worth."""
        times = self.requested_at, self.handed_over_at, self.opened_at, self.used_at, self.replaced_at
        if self.purpose == LinkPurpose.EMAIL_UNDO:
            return LinkFacts(*times, minutes=UNDO_DAYS * 24 * 60, hours_at_most=(UNDO_DAYS + 1) * 24)
        return LinkFacts(*times)


class Telephone(Base):
    """A number of an account: sealed, with a keyed index; ten at most, which the numbered places enforce."""

    __tablename__ = "telephones"
    __table_args__ = (
        UniqueConstraint("account_id", "number_index"),
        UniqueConstraint("account_id", "place"),
        CheckConstraint(f"place BETWEEN 1 AND {TELEPHONES_AT_MOST}", name="place"),
        Index("ix_telephones_number_index", "number_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[int]
    number_sealed: Mapped[str] = mapped_column(Text)
    number_index: Mapped[str] = mapped_column(String(64))
    last_digits: Mapped[str] = mapped_column(String(2))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SignIn(Base):
    """A sign-in of one browser, from the right password to its end; the cookie holds only a random token."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(16))
    assurance: Mapped[str | None] = mapped_column(String(16))
    begun_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    mailbox_confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))
    network: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(60))
    environment_key: Mapped[str] = mapped_column(String(12))

    account: Mapped[Account] = relationship()


class Challenge(Base):
    """A code sent by SMS: bound to account, purpose and sign-in; the code is derived from salt and key."""

    __tablename__ = "challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    telephone_id: Mapped[int | None]
    number_sealed: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    key_id: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int]
    last_tried_at: Mapped[datetime | None]
    sent_count: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
