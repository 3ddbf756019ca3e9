"""Authorities and control bodies in full: competences, designations, codes, document rights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None

AUTHORITY_WITH_CODE = "kind = 'authority' AND code <> '' AND state <> 'deleted'"
MOVE_COMPETENCES = """
INSERT INTO organisation_competences (organisation_id, code, environment)
SELECT id, competence, environment FROM organisations WHERE competence IS NOT NULL
"""
KEEP_ONE_COMPETENCE = """
UPDATE organisations SET competence =
(SELECT min(code) FROM organisation_competences WHERE organisation_id = organisations.id)
"""


def upgrade() -> None:
    _make_competences()
    op.create_table(
        "post_designations",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_post_designations_environment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "code", name=op.f("pk_post_designations")),
    )
    _make_document_rights()
    op.create_index(
        "uq_organisations_authority_code",
        "organisations",
        ["environment", "country", "code"],
        unique=True,
        sqlite_where=sa.text(AUTHORITY_WITH_CODE),
        postgresql_where=sa.text(AUTHORITY_WITH_CODE),
    )
    op.create_index(
        "ix_organisations_tree", "organisations", ["superior_id", "name_sort", "id"], unique=False
    )
    version = sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    op.add_column("control_body_scopes", version)
    op.create_index(
        "ix_control_body_scopes_supervisor", "control_body_scopes", ["supervisor_id", "id"], unique=False
    )


def _make_competences() -> None:
    op.create_table(
        "organisation_competences",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_organisation_competences_environment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "code", name=op.f("pk_organisation_competences")),
    )
    op.create_index(
        "ix_organisation_competences_code",
        "organisation_competences",
        ["code", "organisation_id"],
        unique=False,
    )
    op.execute(MOVE_COMPETENCES)
    op.drop_column("organisations", "competence")


def _make_document_rights() -> None:
    op.create_table(
        "document_right_defaults",
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("competence", sa.String(length=40), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("rights", sa.String(length=2), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint(
            "holder", "competence", "activity", "document", name=op.f("pk_document_right_defaults")
        ),
    )
    op.create_table(
        "document_rights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("competence", sa.String(length=40), nullable=False),
        sa.Column("activity", sa.String(length=60), nullable=False),
        sa.Column("rights", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_rights")),
        sa.UniqueConstraint(
            "environment", "holder", "competence", "activity", name="uq_document_rights_profile"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_control_body_scopes_supervisor", table_name="control_body_scopes")
    op.drop_column("control_body_scopes", "version")
    op.drop_index("ix_organisations_tree", table_name="organisations")
    op.drop_index("uq_organisations_authority_code", table_name="organisations")
    op.drop_table("document_rights")
    op.drop_table("document_right_defaults")
    op.drop_table("post_designations")
    op.add_column("organisations", sa.Column("competence", sa.String(length=40), nullable=True))
    op.execute(KEEP_ONE_COMPETENCE)
    op.drop_index("ix_organisation_competences_code", table_name="organisation_competences")
    op.drop_table("organisation_competences")
