"""The table of seal keys: what is public of each, by the SHA-256 of its certificate."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.environments.scope import EnvironmentScoped


class SealKey(EnvironmentScoped, Base):
    """A key of this environment with its certificate (PEM); one is active, retired ones still verify.

    The private key itself never stands here: it is in an encrypted file or in a token.
    """

    __tablename__ = "seal_keys"
    __table_args__ = (
        Index(
            "uq_seal_keys_active", "environment", unique=True,
            sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'"),
        ),
    )  # fmt: skip

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    certificate: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    """`active`, `retired` or `revoked`."""
    serial: Mapped[str] = mapped_column(String(48))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    revoked_from: Mapped[datetime | None]
    """From when on a revoked key is not to be believed; it may lie before the revocation."""
    reason: Mapped[str] = mapped_column(String(24), default="")
