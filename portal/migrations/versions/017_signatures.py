"""Signatures: number series, intents to sign, sealed files, seal keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "017"
down_revision = "016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _number_series()
    _signing_intents()
    _certificate_files()
    _seal_keys()


def _number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("environment", "document", "country", "year", name="uq_number_series"),
    )


def _signing_intents() -> None:
    op.create_table(
        "signing_intents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("round_key", sa.String(length=43), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("assurance", sa.String(length=16), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("factor_at", UtcDateTime(), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("signatory_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_signing_intents_account_id")),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_signing_intents_environment_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_intents")),
        sa.UniqueConstraint("environment", "number", name=op.f("uq_signing_intents_environment_number")),
    )
    op.create_index(
        "ix_signing_intents_due", "signing_intents", ["environment", "state", "lease_until"], unique=False
    )
    op.create_index(
        "ix_signing_intents_round", "signing_intents", ["environment", "round_key", "id"], unique=False
    )
    op.create_index(
        "uq_signing_intents_open",
        "signing_intents",
        ["environment", "certificate_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'claimed')"),
        postgresql_where=sa.text("state IN ('waiting', 'claimed')"),
    )


def _certificate_files() -> None:
    op.create_table(
        "certificate_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=6), nullable=False),
        sa.Column("stamp", sa.String(length=8), nullable=False),
        sa.Column("seal_key", sa.String(length=64), nullable=False),
        sa.Column("stamped_until", UtcDateTime(), nullable=True),
        sa.Column("renew_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificate_files_environment_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_files")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_certificate_files_environment_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_certificate_files_sha256")),
    )
    op.create_index(
        "ix_certificate_files_certificate", "certificate_files", ["certificate_id", "id"], unique=False
    )
    op.create_index(
        "ix_certificate_files_renewal",
        "certificate_files",
        ["environment", "renew_at", "id"],
        unique=False,
    )


def _seal_keys() -> None:
    op.create_table(
        "seal_keys",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("serial", sa.String(length=48), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_from", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_seal_keys")),
    )
    op.create_index(
        "uq_seal_keys_active",
        "seal_keys",
        ["environment"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def downgrade() -> None:
    op.drop_table("signing_intents")
    op.drop_table("certificate_files")
    op.drop_table("seal_keys")
    op.drop_table("number_series")
