"""Tables of second factors beside telephones, of the ceremonies that show them, and of losing them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

NOT_LIFTED = text("lifted_at IS NULL")
NOT_LOST = text("lost_at IS NULL")


class FactorChallenge(Base):
    """One showing of a factor that is no SMS: bound to sign-in, method and purpose, answered once.

    `nonce` is what has to be answered (the QR challenge, the WebAuthn challenge, the OIDC state), `number` the two
    digits a person compares (app with PIN).
    """

    __tablename__ = "factor_challenges"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"), index=True)
    method: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[str] = mapped_column(String(128))
    number: Mapped[str] = mapped_column(String(2), default="")
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    last_tried_at: Mapped[datetime | None]
    factor_id: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class MobileDevice(Base):
    """A telephone with the phone app; its keys are made on it, the code key is derived on both sides."""

    __tablename__ = "mobile_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"))
    name: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    pin_sealed: Mapped[str] = mapped_column(Text)
    pin_failures: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(128), default="")
    server_key_sealed: Mapped[str | None] = mapped_column(Text)
    code_key_sealed: Mapped[str | None] = mapped_column(Text)
    approval_key: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    added_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Authenticator(Base):
    """A standard authenticator app (TOTP, RFC 6238); `last_step` is the newest time step that was accepted."""

    __tablename__ = "authenticators"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_ins.id"))
    name: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    secret_sealed: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    added_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class SecurityKey(Base):
    """A WebAuthn credential; `credential_hash` makes identifiers of any length unique over all accounts."""

    __tablename__ = "security_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[str] = mapped_column(Text)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    aaguid: Mapped[str] = mapped_column(String(36), default="")
    transports: Mapped[str] = mapped_column(String(80), default="")
    attachment: Mapped[str] = mapped_column(String(16), default="")
    is_u2f: Mapped[bool] = mapped_column(default=False)
    is_discoverable: Mapped[bool] = mapped_column(default=False)
    verifies_user: Mapped[bool] = mapped_column(default=False)
    backup_eligible: Mapped[bool] = mapped_column(default=False)
    backed_up: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Eid(Base):
    """A national electronic identity linked to the account, known by issuer and subject and by nothing else."""

    __tablename__ = "eids"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    level: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes, kept as a digest and used once; a fresh set replaces the whole of the earlier one."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Suspension(Base):
    """A person whose factors went is kept out of one environment until somebody there lifts it (design: PANIC).

    `first_*` is the first of two people where two are needed; `recognised` says how the person was recognised.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        Index(
            "uq_suspensions_open", "account_id", "environment_key",
            unique=True, sqlite_where=NOT_LIFTED, postgresql_where=NOT_LIFTED,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    environment_key: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(12))
    suspended_at: Mapped[datetime]
    factors_removed: Mapped[int]
    network: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    first_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    first_at: Mapped[datetime | None]
    first_recognised: Mapped[str | None] = mapped_column(String(12))
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lifted_at: Mapped[datetime | None]
    recognised: Mapped[str | None] = mapped_column(String(12))
    signing_rests_until: Mapped[datetime | None]


class NameChange(Base):
    """A name before and after; signing rests until an administrator of an organisation confirms it."""

    __tablename__ = "name_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    old_first_name: Mapped[str] = mapped_column(String(100))
    old_last_name: Mapped[str] = mapped_column(String(100))
    new_first_name: Mapped[str] = mapped_column(String(100))
    new_last_name: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class EmailChange(Base):
    """An address that replaces another: confirmed at the new one, undone from the old one."""

    __tablename__ = "email_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    new_email_key: Mapped[str] = mapped_column(String(254))
    confirm_link_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_links.id"), unique=True)
    undo_link_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_links.id"), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class DutyPhone(Base):
    """A number an organisation keeps for its people on duty (S0): a suggestion to members, no factor itself."""

    __tablename__ = "duty_phones"
    __table_args__ = (
        Index(
            "uq_duty_phones_number", "environment_key", "organisation_id", "number_index",
            unique=True, sqlite_where=NOT_LOST, postgresql_where=NOT_LOST,
        ),
        Index("ix_duty_phones_number_index", "number_index"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    environment_key: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int]
    place: Mapped[str] = mapped_column(String(100))
    holder: Mapped[str] = mapped_column(String(100), default="")
    number_sealed: Mapped[str] = mapped_column(Text)
    number_index: Mapped[str] = mapped_column(String(64))
    last_digits: Mapped[str] = mapped_column(String(2))
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    lost_at: Mapped[datetime | None]
    lost_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
