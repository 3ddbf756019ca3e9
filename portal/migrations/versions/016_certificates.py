"""Certificates: models, drafts and boxes, who is concerned, controls; who may sign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "016"
down_revision = "015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roles", sa.Column("may_sign", sa.Boolean(), server_default=sa.false(), nullable=False))
    _certificate_definitions()
    _certificate_models()
    _certificates()
    _certificate_boxes()
    _certificate_controls()
    _certificate_parties()


def _certificate_definitions() -> None:
    op.create_table(
        "certificate_definitions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate_definitions")),
    )


def _certificate_models() -> None:
    op.create_table(
        "certificate_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("loaded_by", sa.Integer(), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["loaded_by"], ["accounts.id"], name=op.f("fk_certificate_models_loaded_by")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["certificate_definitions.sha256"], name=op.f("fk_certificate_models_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_models")),
        sa.UniqueConstraint(
            "environment", "document", "code", "version", name=op.f("uq_certificate_models_version")
        ),
    )


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=10), nullable=False),
        sa.Column("model_code", sa.String(length=40), nullable=False),
        sa.Column("definition_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("draft_number", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("verification_code", sa.String(length=16), nullable=False),
        sa.Column("languages", sa.String(length=5), nullable=False),
        sa.Column("origin_country", sa.String(length=2), nullable=False),
        sa.Column("destination_country", sa.String(length=2), nullable=False),
        sa.Column("creator_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_method", sa.String(length=16), nullable=False),
        sa.Column("submitted_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason_code", sa.String(length=20), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("signed_method", sa.String(length=16), nullable=False),
        sa.Column("signatory_name", sa.String(length=200), nullable=False),
        sa.Column("signatory_username", sa.String(length=20), nullable=False),
        sa.Column("signatory_office", sa.String(length=200), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("outage_reference", sa.String(length=80), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_certificates_created_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_certificates_decided_by")),
        sa.ForeignKeyConstraint(
            ["definition_sha256"],
            ["certificate_definitions.sha256"],
            name=op.f("fk_certificates_definition_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "creator_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_certificates_environment_creator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "issuer_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_certificates_environment_issuer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "replaces_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificates_environment_replaces_id"),
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_certificates_opened_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["accounts.id"], name=op.f("fk_certificates_signed_by")),
        sa.ForeignKeyConstraint(["submitted_by"], ["accounts.id"], name=op.f("fk_certificates_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint(
            "environment", "draft_number", name=op.f("uq_certificates_environment_draft_number")
        ),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_certificates_environment_id")),
    )
    op.create_index(
        "ix_certificates_document", "certificates", ["environment", "document", "id"], unique=False
    )
    op.create_index(
        "ix_certificates_origin", "certificates", ["environment", "origin_country", "id"], unique=False
    )
    op.create_index(
        "ix_certificates_destination",
        "certificates",
        ["environment", "destination_country", "id"],
        unique=False,
    )
    op.create_index("ix_certificates_issuer", "certificates", ["issuer_id", "state", "id"], unique=False)
    op.create_index("ix_certificates_listing", "certificates", ["environment", "state", "id"], unique=False)
    op.create_index(
        "ix_certificates_retention", "certificates", ["environment", "keep_until", "id"], unique=False
    )
    op.create_index("ix_certificates_signatory", "certificates", ["signed_by", "signed_at"], unique=False)
    op.create_index(
        "ix_certificates_signed", "certificates", ["environment", "signed_at", "id"], unique=False
    )
    op.create_index(
        "uq_certificates_number",
        "certificates",
        ["environment", "number"],
        unique=True,
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )


def _certificate_boxes() -> None:
    op.create_table(
        "certificate_boxes",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["accounts.id"], name=op.f("fk_certificate_boxes_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificate_boxes_environment_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("certificate_id", "box", name=op.f("pk_certificate_boxes")),
    )


def _certificate_controls() -> None:
    op.create_table(
        "certificate_controls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_certificate_controls_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificate_controls_environment_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_certificate_controls_environment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_controls")),
    )
    op.create_index(
        "ix_certificate_controls_certificate", "certificate_controls", ["certificate_id", "id"], unique=False
    )


def _certificate_parties() -> None:
    op.create_table(
        "certificate_parties",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "certificate_id"],
            ["certificates.environment", "certificates.id"],
            name=op.f("fk_certificate_parties_environment_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_certificate_parties_environment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "certificate_id", "organisation_id", "part", name=op.f("pk_certificate_parties")
        ),
    )
    op.create_index(
        "ix_certificate_parties_organisation",
        "certificate_parties",
        ["organisation_id", "certificate_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("certificate_parties")
    op.drop_table("certificate_controls")
    op.drop_table("certificate_boxes")
    op.drop_table("certificates")
    op.drop_table("certificate_models")
    op.drop_table("certificate_definitions")
    with op.batch_alter_table("roles") as roles:
        roles.drop_column("may_sign")
