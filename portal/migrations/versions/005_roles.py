"""Roles and the kind each person holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_kinds_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_kinds")),
        sa.UniqueConstraint(
            "environment", "account_id", "kind", name=op.f("uq_role_kinds_environment_account_id_kind")
        ),
    )
    op.create_index(
        "uq_role_kinds_active",
        "role_kinds",
        ["environment", "account_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("scope_key", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_telephone", sa.String(length=40), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=20), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_roles_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_roles_decided_by")),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_roles_environment_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "scope_id"],
            ["control_body_scopes.environment", "control_body_scopes.id"],
            name=op.f("fk_roles_environment_scope_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_roles_environment_id")),
    )
    op.create_index(op.f("ix_roles_account_id"), "roles", ["account_id"], unique=False)
    op.create_index("ix_roles_organisation", "roles", ["organisation_id", "state"], unique=False)
    op.create_index("ix_roles_queue", "roles", ["environment", "state", "requested_at", "id"], unique=False)
    op.create_index(
        "uq_roles_held",
        "roles",
        ["environment", "account_id", "organisation_id", "scope_key"],
        unique=True,
        sqlite_where=sa.text("state IN ('requested', 'valid', 'suspended')"),
        postgresql_where=sa.text("state IN ('requested', 'valid', 'suspended')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_roles_held",
        table_name="roles",
        sqlite_where=sa.text("state IN ('requested', 'valid', 'suspended')"),
        postgresql_where=sa.text("state IN ('requested', 'valid', 'suspended')"),
    )
    op.drop_index("ix_roles_queue", table_name="roles")
    op.drop_index("ix_roles_organisation", table_name="roles")
    op.drop_index(op.f("ix_roles_account_id"), table_name="roles")
    op.drop_table("roles")
    op.drop_index(
        "uq_role_kinds_active",
        table_name="role_kinds",
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.drop_table("role_kinds")
