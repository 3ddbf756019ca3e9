"""Notices: news, planned stops, what people want to be told and how."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "015"
down_revision = "014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _announcements()
    _policies()
    _notices()


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["accounts.id"], name=op.f("fk_announcements_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_announcements_environment_id")),
    )
    op.create_index(
        "ix_announcements_shown",
        "announcements",
        ["environment", "kind", "ended_at", "starts_at"],
        unique=False,
    )
    op.create_index("ix_announcements_written", "announcements", ["environment", "kind", "id"], unique=False)
    op.create_index(
        "uq_announcements_once",
        "announcements",
        ["environment", "fingerprint"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "announcement_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "announcement_id"],
            ["announcements.environment", "announcements.id"],
            name=op.f("fk_announcement_texts_environment_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_texts")),
        sa.UniqueConstraint(
            "environment",
            "announcement_id",
            "language",
            name=op.f("uq_announcement_texts_environment_announcement_id_language"),
        ),
    )


def _policies() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applies_from", sa.Date(), nullable=False),
        sa.Column("required_from", sa.Date(), nullable=True),
        sa.Column("access_methods", sa.String(length=120), nullable=False),
        sa.Column("decision_methods", sa.String(length=120), nullable=False),
        sa.Column("sms", sa.String(length=12), nullable=False),
        sa.Column("sms_off_from", sa.Date(), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["accounts.id"], name=op.f("fk_policy_versions_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("environment", "version", name=op.f("uq_policy_versions_environment_version")),
    )


def _notices() -> None:
    op.create_table(
        "in_app_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("event_group", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("put_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("mail_due", sa.Boolean(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_in_app_notices_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_app_notices")),
    )
    for name, columns in NOTICE_INDEXES.items():
        op.create_index(name, "in_app_notices", columns, unique=False)
    op.create_table(
        "mail_preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("event_group", sa.String(length=16), nullable=False),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mail_preferences_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_preferences")),
        sa.UniqueConstraint(
            "environment",
            "account_id",
            "event_group",
            name=op.f("uq_mail_preferences_environment_account_id_event_group"),
        ),
    )
    op.create_table(
        "unwanted_mails",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_unwanted_mails_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_unwanted_mails")),
    )


NOTICE_INDEXES = {
    "ix_in_app_notices_own": ["environment", "account_id", "id"],
    "ix_in_app_notices_unread": ["environment", "account_id", "read_at"],
    "ix_in_app_notices_mail": ["environment", "mail_due", "account_id", "put_at"],
    "ix_in_app_notices_put_at": ["put_at"],
}


def downgrade() -> None:
    op.drop_table("unwanted_mails")
    op.drop_table("mail_preferences")
    for name in reversed(NOTICE_INDEXES):
        op.drop_index(name, table_name="in_app_notices")
    op.drop_table("in_app_notices")
    op.drop_table("policy_versions")
    op.drop_table("announcement_texts")
    op.drop_index("uq_announcements_once", table_name="announcements")
    op.drop_index("ix_announcements_written", table_name="announcements")
    op.drop_index("ix_announcements_shown", table_name="announcements")
    op.drop_table("announcements")
