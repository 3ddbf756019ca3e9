"""What people set and lose: names, addresses, suspensions, duty phones, receipts of messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("environment_key", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("number_sealed", sa.Text(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("last_digits", sa.String(length=2), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("lost_at", UtcDateTime(), nullable=True),
        sa.Column("lost_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["accounts.id"], name=op.f("fk_duty_phones_added_by")),
        sa.ForeignKeyConstraint(["lost_by"], ["accounts.id"], name=op.f("fk_duty_phones_lost_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_phones")),
    )
    op.create_index("ix_duty_phones_number_index", "duty_phones", ["number_index"], unique=False)
    op.create_index(
        "uq_duty_phones_number",
        "duty_phones",
        ["environment_key", "organisation_id", "number_index"],
        unique=True,
        sqlite_where=sa.text("lost_at IS NULL"),
        postgresql_where=sa.text("lost_at IS NULL"),
    )
    op.create_table(
        "name_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("old_first_name", sa.String(length=100), nullable=False),
        sa.Column("old_last_name", sa.String(length=100), nullable=False),
        sa.Column("new_first_name", sa.String(length=100), nullable=False),
        sa.Column("new_last_name", sa.String(length=100), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_name_changes_account_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_name_changes_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_changes")),
    )
    op.create_index(op.f("ix_name_changes_account_id"), "name_changes", ["account_id"], unique=False)
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("environment_key", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=False),
        sa.Column("factors_removed", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_at", UtcDateTime(), nullable=True),
        sa.Column("first_recognised", sa.String(length=12), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("recognised", sa.String(length=12), nullable=True),
        sa.Column("signing_rests_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_suspensions_account_id")),
        sa.ForeignKeyConstraint(["first_by"], ["accounts.id"], name=op.f("fk_suspensions_first_by")),
        sa.ForeignKeyConstraint(["lifted_by"], ["accounts.id"], name=op.f("fk_suspensions_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index(op.f("ix_suspensions_account_id"), "suspensions", ["account_id"], unique=False)
    op.create_index(
        "uq_suspensions_open",
        "suspensions",
        ["account_id", "environment_key"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "email_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("new_email_key", sa.String(length=254), nullable=False),
        sa.Column("confirm_link_id", sa.Integer(), nullable=True),
        sa.Column("undo_link_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_email_changes_account_id")),
        sa.ForeignKeyConstraint(
            ["confirm_link_id"], ["one_time_links.id"], name=op.f("fk_email_changes_confirm_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["undo_link_id"], ["one_time_links.id"], name=op.f("fk_email_changes_undo_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_changes")),
        sa.UniqueConstraint("confirm_link_id", name=op.f("uq_email_changes_confirm_link_id")),
        sa.UniqueConstraint("undo_link_id", name=op.f("uq_email_changes_undo_link_id")),
    )
    op.create_index(op.f("ix_email_changes_account_id"), "email_changes", ["account_id"], unique=False)
    op.add_column(
        "accounts", sa.Column("sign_in_notices", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "accounts", sa.Column("show_details", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("accounts", sa.Column("sign_in_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("accounts", sa.Column("nudge_hidden_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("recovered_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("deletion_asked_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("deletion_due_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("webauthn_handle", sa.String(length=43), nullable=True))
    op.create_index(op.f("ix_accounts_deletion_due_at"), "accounts", ["deletion_due_at"], unique=False)
    op.create_index(op.f("ix_accounts_webauthn_handle"), "accounts", ["webauthn_handle"], unique=True)
    op.add_column("outgoing_messages", sa.Column("gateway_id", sa.String(length=80), nullable=True))
    op.add_column("outgoing_messages", sa.Column("receipt", sa.String(length=12), nullable=True))
    op.add_column("outgoing_messages", sa.Column("receipt_at", UtcDateTime(), nullable=True))
    op.create_index(
        op.f("ix_outgoing_messages_gateway_id"), "outgoing_messages", ["gateway_id"], unique=False
    )
    op.add_column("sign_ins", sa.Column("acted_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_ins", "acted_at")
    op.drop_index(op.f("ix_outgoing_messages_gateway_id"), table_name="outgoing_messages")
    op.drop_column("outgoing_messages", "receipt_at")
    op.drop_column("outgoing_messages", "receipt")
    op.drop_column("outgoing_messages", "gateway_id")
    op.drop_index(op.f("ix_accounts_webauthn_handle"), table_name="accounts")
    op.drop_index(op.f("ix_accounts_deletion_due_at"), table_name="accounts")
    op.drop_column("accounts", "webauthn_handle")
    op.drop_column("accounts", "deletion_due_at")
    op.drop_column("accounts", "deletion_asked_at")
    op.drop_column("accounts", "recovered_at")
    op.drop_column("accounts", "nudge_hidden_at")
    op.drop_column("accounts", "sign_in_count")
    op.drop_column("accounts", "show_details")
    op.drop_column("accounts", "sign_in_notices")
    op.drop_index(op.f("ix_email_changes_account_id"), table_name="email_changes")
    op.drop_table("email_changes")
    op.drop_index(
        "uq_suspensions_open",
        table_name="suspensions",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_index(op.f("ix_suspensions_account_id"), table_name="suspensions")
    op.drop_table("suspensions")
    op.drop_index(op.f("ix_name_changes_account_id"), table_name="name_changes")
    op.drop_table("name_changes")
    op.drop_index(
        "uq_duty_phones_number",
        table_name="duty_phones",
        sqlite_where=sa.text("lost_at IS NULL"),
        postgresql_where=sa.text("lost_at IS NULL"),
    )
    op.drop_index("ix_duty_phones_number_index", table_name="duty_phones")
    op.drop_table("duty_phones")
