"""Tables of organisations: operators, authorities and control bodies of one environment."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.environments.scope import EnvironmentScoped

AUTHORITY_WITH_CODE = "kind = 'authority' AND code <> '' AND state <> 'deleted'"
"""Of these rows no two in a country share their code."""


class Organisation(EnvironmentScoped, Base):
    """An operator, an authority or a control body; `search_text` is name, code and EORI folded for search.

    `origin` says where the row comes from: `reference` (a public list, see `source` and `as_of`), `demo`
    (invented, marked on every page), `synthetic` (generated for load), or `portal` (made by people here).
    """

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        UniqueConstraint("environment", "source_key"),
        ForeignKeyConstraint(
            ["environment", "superior_id"], ["organisations.environment", "organisations.id"], name="superior"
        ),
        Index("ix_organisations_listing", "environment", "kind", "country", "name_sort", "id"),
        Index("ix_organisations_code", "environment", "code"),
        Index("ix_organisations_eori", "environment", "eori"),
        Index("ix_organisations_vat", "environment", "vat"),
        Index("ix_organisations_tree", "superior_id", "name_sort", "id"),
        Index("ix_organisations_postcode", "environment", "kind", "country", "postcode", "id"),
        Index(
            "uq_organisations_authority_code", "environment", "country", "code", unique=True,
            sqlite_where=text(AUTHORITY_WITH_CODE), postgresql_where=text(AUTHORITY_WITH_CODE),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2))
    code: Mapped[str] = mapped_column(String(40), default="")
    eori: Mapped[str] = mapped_column(String(20), default="")
    vat: Mapped[str] = mapped_column(String(20), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")
    fax: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    authority_role: Mapped[str | None] = mapped_column(String(12))
    superior_id: Mapped[int | None] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(200), default="")
    source_key: Mapped[str | None] = mapped_column(String(80))
    as_of: Mapped[str] = mapped_column(String(10), default="")
    created_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    activities: Mapped[list[OperatorActivity]] = relationship(
        back_populates="organisation", order_by="OperatorActivity.id", foreign_keys="OperatorActivity.organisation_id",
        primaryjoin="Organisation.id == OperatorActivity.organisation_id",
    )  # fmt: skip
    scopes: Mapped[list[ControlBodyScope]] = relationship(
        back_populates="organisation", order_by="ControlBodyScope.code",
        foreign_keys="ControlBodyScope.organisation_id",
        primaryjoin="Organisation.id == ControlBodyScope.organisation_id",
    )  # fmt: skip
    competence_rows: Mapped[list[HeldCompetence]] = relationship(
        cascade="all, delete-orphan", order_by="HeldCompetence.code", foreign_keys="HeldCompetence.organisation_id",
        primaryjoin="Organisation.id == HeldCompetence.organisation_id",
    )  # fmt: skip
    competences: AssociationProxy[list[str]] = association_proxy(
        "competence_rows", "code", creator=lambda code: HeldCompetence(code=code)
    )


class HeldCompetence(EnvironmentScoped, Base):
    """One of the competences of an authority: they belong to the record, not to the building (AU5)."""

    __tablename__ = "organisation_competences"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_organisation_competences_code", "code", "organisation_id"),
    )

    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class AuthorityAncestor(EnvironmentScoped, Base):
    """Closure of the tree of authorities: every authority with itself (depth 0) and all above it."""

    __tablename__ = "authority_ancestors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["environment", "authority_id"], ["organisations.environment", "organisations.id"]
        ),
        ForeignKeyConstraint(
            ["environment", "ancestor_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_authority_ancestors_below", "ancestor_id", "authority_id"),
    )

    authority_id: Mapped[int] = mapped_column(primary_key=True)
    ancestor_id: Mapped[int] = mapped_column(primary_key=True)
    depth: Mapped[int]


class OperatorActivity(EnvironmentScoped, Base):
    """What an operator does, section by section, with the authority responsible for it.

    Without `address_id` it is done at the main address; `created_by` never validates it.
    """

    __tablename__ = "operator_activities"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        UniqueConstraint(
            "organisation_id", "section_code", "activity_code", name="uq_operator_activities_once"
        ),
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        ForeignKeyConstraint(
            ["environment", "responsible_id"], ["organisations.environment", "organisations.id"]
        ),
        ForeignKeyConstraint(
            ["environment", "address_id"], ["operator_addresses.environment", "operator_addresses.id"]
        ),
        Index(
            "ix_operator_activities_filter", "environment", "section_code", "activity_code", "organisation_id"
        ),
        Index("ix_operator_activities_activity", "environment", "activity_code", "organisation_id"),
        Index("ix_operator_activities_responsible", "responsible_id", "organisation_id"),
        Index("ix_operator_activities_waiting", "responsible_id", "state", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column()
    section_code: Mapped[str] = mapped_column(String(60))
    activity_code: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    responsible_id: Mapped[int | None]
    address_id: Mapped[int | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason_text: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship(
        back_populates="activities", foreign_keys="OperatorActivity.organisation_id",
        primaryjoin="Organisation.id == OperatorActivity.organisation_id",
    )  # fmt: skip


class ControlBodyScope(EnvironmentScoped, Base):
    """One row of the control body search: code × country × categories; each can be asked for."""

    __tablename__ = "control_body_scopes"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        UniqueConstraint("organisation_id", "code", "country", "regime", name="uq_control_body_scopes_once"),
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        ForeignKeyConstraint(
            ["environment", "supervisor_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_control_body_scopes_listing", "environment", "country", "name_sort", "id"),
        Index("ix_control_body_scopes_supervisor", "supervisor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column()
    name_sort: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    categories: Mapped[str] = mapped_column(String(20), default="")
    regime: Mapped[str] = mapped_column(String(20), default="")
    origin: Mapped[str] = mapped_column(String(14))
    supervisor_id: Mapped[int | None]
    valid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), default="")
    as_of: Mapped[str] = mapped_column(String(10), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation] = relationship(
        back_populates="scopes",
        foreign_keys="ControlBodyScope.organisation_id",
        primaryjoin="Organisation.id == ControlBodyScope.organisation_id",
    )  # fmt: skip
