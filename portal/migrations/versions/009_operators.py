"""Operators in full: their addresses, identifiers, merges."""

from __future__ import annotations

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
