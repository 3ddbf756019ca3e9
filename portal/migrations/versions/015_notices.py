"""Notices: news, planned stops, what people want to be told and how."""

from __future__ import annotations

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
