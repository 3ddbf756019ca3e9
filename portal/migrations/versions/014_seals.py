"""Seals of the audit trail: a daily root for each environment."""

from __future__ import annotations

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
