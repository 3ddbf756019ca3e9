"""Warnings: whose parties were told that a key or a role was found wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "018"
down_revision = "017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_warnings",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificate_warnings_environment_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("certificate_id", "reason", "subject", name=op.f("pk_certificate_warnings")),
    )


def downgrade() -> None:
    op.drop_table("certificate_warnings")
