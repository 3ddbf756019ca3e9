"""Reference data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_types",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activity_types")),
    )
    op.create_table(
        "authority_competences",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_authority_competences")),
    )
    op.create_table(
        "authority_roles",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_authority_roles")),
    )
    op.create_table(
        "bcp_designations",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bcp_designations")),
    )
    op.create_table(
        "chapters",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_chapters")),
    )
    op.create_table(
        "organic_product_categories",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organic_product_categories")),
    )
    op.create_table(
        "sections",
        sa.Column("chapter_code", sa.String(length=60), nullable=False),
        sa.Column("country_scope", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_de", sa.String(length=300), nullable=False),
        sa.Column("name_es", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["chapter_code"], ["chapters.code"], name=op.f("fk_sections_chapter_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sections")),
    )
    op.create_index(op.f("ix_sections_chapter_code"), "sections", ["chapter_code"], unique=False)
    op.create_table(
        "section_activities",
        sa.Column("section_code", sa.String(length=60), nullable=False),
        sa.Column("activity_code", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_code"], ["activity_types.code"], name=op.f("fk_section_activities_activity_code")
        ),
        sa.ForeignKeyConstraint(
            ["section_code"], ["sections.code"], name=op.f("fk_section_activities_section_code")
        ),
        sa.PrimaryKeyConstraint("section_code", "activity_code", name=op.f("pk_section_activities")),
    )
    op.create_index(
        op.f("ix_section_activities_activity_code"), "section_activities", ["activity_code"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_section_activities_activity_code"), table_name="section_activities")
    op.drop_table("section_activities")
    op.drop_index(op.f("ix_sections_chapter_code"), table_name="sections")
    op.drop_table("sections")
    op.drop_table("organic_product_categories")
    op.drop_table("chapters")
    op.drop_table("bcp_designations")
    op.drop_table("authority_roles")
    op.drop_table("authority_competences")
    op.drop_table("activity_types")
