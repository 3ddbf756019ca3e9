"""Organisations with their search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("eori", sa.String(length=20), nullable=False),
        sa.Column("vat", sa.String(length=20), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("authority_role", sa.String(length=12), nullable=True),
        sa.Column("competence", sa.String(length=40), nullable=True),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "superior_id"], ["organisations.environment", "organisations.id"], name="superior"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_organisations_environment_id")),
        sa.UniqueConstraint(
            "environment", "source_key", name=op.f("uq_organisations_environment_source_key")
        ),
    )
    op.create_index("ix_organisations_code", "organisations", ["environment", "code"], unique=False)
    op.create_index(
        "ix_organisations_listing",
        "organisations",
        ["environment", "kind", "country", "name_sort", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_organisations_superior_id"), "organisations", ["superior_id"], unique=False)
    op.create_table(
        "authority_ancestors",
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("ancestor_id", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "ancestor_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_authority_ancestors_environment_ancestor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "authority_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_authority_ancestors_environment_authority_id"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "ancestor_id", name=op.f("pk_authority_ancestors")),
    )
    op.create_index(
        "ix_authority_ancestors_below", "authority_ancestors", ["ancestor_id", "authority_id"], unique=False
    )
    op.create_table(
        "control_body_scopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name_sort", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("categories", sa.String(length=20), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=14), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.String(length=10), nullable=False),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_control_body_scopes_environment_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "supervisor_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_control_body_scopes_environment_supervisor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_body_scopes")),
        sa.UniqueConstraint("environment", "id", name=op.f("uq_control_body_scopes_environment_id")),
        sa.UniqueConstraint(
            "organisation_id", "code", "country", "regime", name="uq_control_body_scopes_once"
        ),
    )
    op.create_index(
        "ix_control_body_scopes_listing",
        "control_body_scopes",
        ["environment", "country", "name_sort", "id"],
        unique=False,
    )
    op.create_table(
        "operator_activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("section_code", sa.String(length=60), nullable=False),
        sa.Column("activity_code", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("environment", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment", "organisation_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_operator_activities_environment_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["environment", "responsible_id"],
            ["organisations.environment", "organisations.id"],
            name=op.f("fk_operator_activities_environment_responsible_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_activities")),
        sa.UniqueConstraint(
            "organisation_id", "section_code", "activity_code", name="uq_operator_activities_once"
        ),
    )
    op.create_index(
        "ix_operator_activities_activity",
        "operator_activities",
        ["environment", "activity_code", "organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_operator_activities_filter",
        "operator_activities",
        ["environment", "section_code", "activity_code", "organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_operator_activities_responsible",
        "operator_activities",
        ["responsible_id", "organisation_id"],
        unique=False,
    )
    _make_search()


def downgrade() -> None:
    _drop_search()
    op.drop_index("ix_operator_activities_responsible", table_name="operator_activities")
    op.drop_index("ix_operator_activities_filter", table_name="operator_activities")
    op.drop_index("ix_operator_activities_activity", table_name="operator_activities")
    op.drop_table("operator_activities")
    op.drop_index("ix_control_body_scopes_listing", table_name="control_body_scopes")
    op.drop_table("control_body_scopes")
    op.drop_index("ix_authority_ancestors_below", table_name="authority_ancestors")
    op.drop_table("authority_ancestors")
    op.drop_index(op.f("ix_organisations_superior_id"), table_name="organisations")
    op.drop_index("ix_organisations_listing", table_name="organisations")
    op.drop_index("ix_organisations_code", table_name="organisations")
    op.drop_table("organisations")


def _make_search() -> None:
    # One table of trigrams on each database; on SQLite triggers keep it in step with the rows.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(
            "CREATE INDEX ix_organisations_search ON organisations USING gin (search_text gin_trgm_ops)"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE organisation_search USING fts5("
        "search_text, content='organisations', content_rowid='id', tokenize='trigram')"
    )
    new = "INSERT INTO organisation_search(rowid, search_text) VALUES (new.id, new.search_text);"
    old = (
        "INSERT INTO organisation_search(organisation_search, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text);"
    )
    op.execute(f"CREATE TRIGGER organisation_search_added AFTER INSERT ON organisations BEGIN {new} END")
    op.execute(f"CREATE TRIGGER organisation_search_gone AFTER DELETE ON organisations BEGIN {old} END")
    op.execute(
        "CREATE TRIGGER organisation_search_changed AFTER UPDATE OF search_text ON organisations "
        f"BEGIN {old} {new} END"
    )


def _drop_search() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_organisations_search")
        return
    for name in ("added", "gone", "changed"):
        op.execute(f"DROP TRIGGER organisation_search_{name}")
    op.execute("DROP TABLE organisation_search")
