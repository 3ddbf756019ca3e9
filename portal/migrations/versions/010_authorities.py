"""Authorities and control bodies in full: designations, document rights."""

from __future__ import annotations

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
