"""Tables of roles: what people asked for and hold in the organisations of one environment."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.environments.scope import EnvironmentScoped
from portal.organisations.models import ControlBodyScope, Organisation

HELD = text("state IN ('requested', 'valid', 'suspended')")
LIMITED = text("valid_until IS NOT NULL")


class Role(EnvironmentScoped, Base):
    """One person in one organisation (control bodies: one scope row), from «Demandé» to its end."""

    __tablename__ = "roles"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        ForeignKeyConstraint(["environment", "organisation_id"], ["organisations.environment", "organisations.id"]),
        ForeignKeyConstraint(
            ["environment", "scope_id"], ["control_body_scopes.environment", "control_body_scopes.id"]
        ),
        Index(
            "uq_roles_held", "environment", "account_id", "organisation_id", "scope_key",
            unique=True, sqlite_where=HELD, postgresql_where=HELD,
        ),
        Index("ix_roles_queue", "environment", "state", "requested_at", "id"),
        Index("ix_roles_listing", "environment", "requested_at", "id"),
        Index("ix_roles_organisation", "organisation_id", "state"),
        Index("ix_roles_decided", "decided_by", "decided_at"),
        Index(
            "ix_roles_limited", "environment", "valid_until", "id",
            sqlite_where=LIMITED, postgresql_where=LIMITED,
        ),
        Index("ix_roles_figures", "environment", "state", "organisation_id", "is_administrator"),
        Index("ix_roles_decisions", "environment", "decided_at", "state", "requested_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column()
    scope_id: Mapped[int | None] = mapped_column()
    scope_key: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    may_sign: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Given by an administrator of the organisation: this person signs certificates in its name (CE12)."""
    message: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_telephone: Mapped[str] = mapped_column(String(40), default="")
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason_text: Mapped[str] = mapped_column(Text, default="")
    awaits_since: Mapped[datetime | None]
    """Since when a question to the requester waits for its answer."""
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """One more with each change: who decides on an older one is told who was faster."""
    valid_until: Mapped[date | None]
    """The last day of the role, in the zone of the settings; none: it does not end by itself."""
    warned_days: Mapped[int | None]
    """How many days before the end the last reminder was due."""
    renewal_asked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who suspended, lifted, removed or limited the role or changed its flag; the request was decided before."""
    proposed_at: Mapped[datetime | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who proposed this person as administrator where a second person must confirm."""

    organisation: Mapped[Organisation] = relationship(
        foreign_keys="Role.organisation_id", primaryjoin="Organisation.id == Role.organisation_id"
    )
    scope: Mapped[ControlBodyScope | None] = relationship(
        foreign_keys="Role.scope_id", primaryjoin="ControlBodyScope.id == Role.scope_id"
    )


class RoleKind(EnvironmentScoped, Base):
    """The kind a person holds in an environment; the partial unique index allows one active kind (S3)."""

    __tablename__ = "role_kinds"
    __table_args__ = (
        Index(
            "uq_role_kinds_active", "environment", "account_id",
            unique=True, sqlite_where=text("active"), postgresql_where=text("active"),
        ),
        UniqueConstraint("environment", "account_id", "kind"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(12))
    active: Mapped[bool]
