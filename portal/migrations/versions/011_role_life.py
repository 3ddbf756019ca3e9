"""The life of a role: its last day, its renewal, who changed it, who proposed its administrator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None

LIMITED = sa.text("valid_until IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("roles") as roles:
        roles.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        roles.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        roles.add_column(sa.Column("warned_days", sa.Integer(), nullable=True))
        roles.add_column(sa.Column("renewal_asked_at", UtcDateTime(), nullable=True))
        roles.add_column(sa.Column("changed_at", UtcDateTime(), nullable=True))
        roles.add_column(sa.Column("changed_by", sa.Integer(), nullable=True))
        roles.add_column(sa.Column("proposed_at", UtcDateTime(), nullable=True))
        roles.add_column(sa.Column("proposed_by", sa.Integer(), nullable=True))
        for name in ("changed_by", "proposed_by"):
            roles.create_foreign_key(op.f(f"fk_roles_{name}"), "accounts", [name], ["id"])
    op.create_index(
        "ix_roles_limited",
        "roles",
        ["environment", "valid_until", "id"],
        unique=False,
        sqlite_where=LIMITED,
        postgresql_where=LIMITED,
    )


def downgrade() -> None:
    op.drop_index("ix_roles_limited", table_name="roles")
    with op.batch_alter_table("roles") as roles:
        for name in ("proposed_by", "changed_by"):
            roles.drop_constraint(op.f(f"fk_roles_{name}"), type_="foreignkey")
            roles.drop_column(name)
        for name in (
            "proposed_at",
            "changed_at",
            "renewal_asked_at",
            "warned_days",
            "valid_until",
            "version",
        ):
            roles.drop_column(name)
