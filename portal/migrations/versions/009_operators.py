"""Operators in full: their addresses, identifiers, merges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

CONTACTS = (("telephone", 40), ("fax", 40), ("email", 254))


def upgrade() -> None:
    for name, length in CONTACTS:
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("organisations", column)
    listed: sa.Column[bool] = sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("sections", listed)
    op.create_index("ix_organisations_eori", "organisations", ["environment", "eori"], unique=False)
    op.create_index("ix_organisations_vat", "organisations", ["environment", "vat"], unique=False)
    op.create_index(
        "ix_organisations_postcode",
        "organisations",
        ["environment", "kind", "country", "postcode", "id"],
        unique=False,
    )
    op.create_table(
        "required_identifiers",
        sa.Column("section_code", sa.String(length=60), nullable=False),
        sa.Column("activity_code", sa.String(length=60), nullable=False),
        sa.Column("identifier", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_code", "activity_code"],
            ["section_activities.section_code", "section_activities.activity_code"],
            name=op.f("fk_required_identifiers_section_code_activity_code"),
        ),
        sa.PrimaryKeyConstraint(
            "section_code", "activity_code", "identifier", name=op.f("pk_required_identifiers")
        ),
    )
    _make_addresses()
    _make_merges()
    _widen_activities()


def _make_addresses() -> None:
    op.create_table(
        "operator_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_operator_addresses_environment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_addresses")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_operator_addresses_environment_id")),
    )
    op.create_index(
        "ix_operator_addresses_organisation", "operator_addresses", ["organisation_id", "id"], unique=False
    )


def _make_merges() -> None:
    op.create_table(
        "operator_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loser_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "loser_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_operator_merges_environment_loser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "survivor_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_operator_merges_environment_survivor_id"),
        ),
        sa.ForeignKeyConstraint(["merged_by"], ["accounts.id"], name=op.f("fk_operator_merges_merged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_merges")),
        sa.UniqueConstraint("environment", "loser_id", name="uq_operator_merges_loser"),
    )
    op.create_index("ix_operator_merges_survivor", "operator_merges", ["survivor_id"], unique=False)


def _widen_activities() -> None:
    # SQLite adds constraints only by writing the table anew; nothing refers to it yet.
    with op.batch_alter_table("operator_activities") as table:
        table.add_column(sa.Column("address_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("created_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("decided_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("decided_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("reason_code", sa.String(length=20), nullable=True))
        table.add_column(sa.Column("reason_text", sa.Text(), nullable=False, server_default=""))
        table.create_unique_constraint(op.f("uq_operator_activities_environment_id"), ["environment", "id"])
        table.create_foreign_key(
            op.f("fk_operator_activities_environment_address_id"),
            "operator_addresses",
            ["environment", "address_id"],
            ["environment", "id"],
        )
        for column in ("created_by", "decided_by"):
            name = op.f(f"fk_operator_activities_{column}")
            table.create_foreign_key(name, "accounts", [column], ["id"])
    op.create_index(
        "ix_operator_activities_waiting",
        "operator_activities",
        ["responsible_id", "state", "organisation_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_operator_activities_waiting", table_name="operator_activities")
    with op.batch_alter_table("operator_activities") as table:
        for column in ("created_by", "decided_by", "environment_address_id"):
            table.drop_constraint(op.f(f"fk_operator_activities_{column}"), type_="foreignkey")
        table.drop_constraint(op.f("uq_operator_activities_environment_id"), type_="unique")
        for name in ("address_id", "created_by", "decided_by", "decided_at", "reason_code", "reason_text"):
            table.drop_column(name)
    op.drop_index("ix_operator_merges_survivor", table_name="operator_merges")
    op.drop_table("operator_merges")
    op.drop_index("ix_operator_addresses_organisation", table_name="operator_addresses")
    op.drop_table("operator_addresses")
    op.drop_table("required_identifiers")
    op.drop_column("sections", "listed")
    for name in ("postcode", "vat", "eori"):
        op.drop_index(f"ix_organisations_{name}", table_name="organisations")
    for name, _length in reversed(CONTACTS):
        op.drop_column("organisations", name)
