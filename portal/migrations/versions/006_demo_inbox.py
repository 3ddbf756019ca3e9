"""The inbox of the demo."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demo_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_inbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_demo_inbox_message_id")),
    )
    op.create_index(op.f("ix_demo_inbox_recipient"), "demo_inbox", ["recipient"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_demo_inbox_recipient"), table_name="demo_inbox")
    op.drop_table("demo_inbox")
