"""The queue: questions to the requester, reminders, deputies."""

from __future__ import annotations

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
