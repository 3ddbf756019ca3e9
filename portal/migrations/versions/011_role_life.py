"""The life of a role: its end, its renewal, the profile acted as."""

from __future__ import annotations

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
