"""Seals of the audit trail: whom events are about, the lists they stand in, heads and daily roots of the chains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNSEALED, OF_IDENTITY = sa.text("seal_position IS NULL"), sa.text("environment IS NULL")
COLUMNS = (
    "id", "occurred_at", "environment", "name", "subject_kind", "subject_id",
    "actor_account_id", "sign_in_id", "correlation", "facts",
)  # fmt: skip
ABOUT = ("organisation_id", "account_id")


def upgrade() -> None:
    _change_audit_columns()
    _guard_columns((*COLUMNS, *ABOUT))
    _make_audit_indexes()
    _make_subjects()
    _make_heads()
    _make_roots()
    op.create_index(
        "ix_roles_figures",
        "roles",
        ["environment", "state", "organisation_id", "is_administrator"],
        unique=False,
    )
    op.create_index(
        "ix_roles_decisions", "roles", ["environment", "decided_at", "state", "requested_at"], unique=False
    )


def _change_audit_columns() -> None:
    for column in ABOUT:
        op.add_column("audit_events", sa.Column(column, sa.Integer(), nullable=True))
    field = "json_extract(facts, '$.{0}')" if _is_sqlite() else "(facts::json ->> '{0}')::integer"
    for column, kind in zip(ABOUT, ("organisation", "account"), strict=True):
        op.execute(
            f"UPDATE audit_events SET {column} = "  # noqa: S608 - nothing here comes from outside
            f"CASE WHEN subject_kind = '{kind}' THEN subject_id ELSE {field.format(column)} END "
            "WHERE seal_hash IS NULL"
        )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard_columns(columns: tuple[str, ...]) -> None:
    # The trigger of the first shape knows nothing of the columns added here.
    if _is_sqlite():
        changed = " OR ".join(f"new.{column} IS NOT old.{column}" for column in columns)
        op.execute("DROP TRIGGER IF EXISTS audit_events_no_update")
        op.execute(
            "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events "
            f"WHEN old.seal_hash IS NOT NULL OR {changed} "
            "BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END"
        )
        return
    changed = " OR ".join(f"new.{column} IS DISTINCT FROM old.{column}" for column in columns)
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF old.seal_hash IS NULL AND NOT ({changed}) THEN RETURN new; END IF; END IF; "
        "RAISE EXCEPTION 'audit events are append-only'; END $$"
    )


def _make_audit_indexes() -> None:
    for name, columns in (
        ("ix_audit_events_listing", ["environment", "occurred_at", "id"]),
        ("ix_audit_events_named", ["environment", "name", "occurred_at", "id"]),
    ):
        op.create_index(name, "audit_events", columns, unique=False)
    op.create_index(
        "ix_audit_events_unsealed", "audit_events", ["id", "environment"], unique=False,
        sqlite_where=UNSEALED, postgresql_where=UNSEALED,
    )  # fmt: skip
    for name, columns in (
        ("ix_audit_events_identity", ["occurred_at", "id"]),
        ("ix_audit_events_identity_named", ["name", "occurred_at", "id"]),
    ):
        op.create_index(
            name, "audit_events", columns, unique=False,
            sqlite_where=OF_IDENTITY, postgresql_where=OF_IDENTITY,
        )  # fmt: skip
    op.create_index("uq_audit_events_position", "audit_events", ["environment", "seal_position"], unique=True)
    op.create_index(
        "uq_audit_events_identity_position", "audit_events", ["seal_position"], unique=True,
        sqlite_where=OF_IDENTITY, postgresql_where=OF_IDENTITY,
    )  # fmt: skip


def _make_subjects() -> None:
    op.create_table(
        "audit_subjects",
        sa.Column("chain", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("event_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint(
            "chain", "kind", "subject_id", "occurred_at", "event_id", name=op.f("pk_audit_subjects")
        ),
    )
    op.create_index(
        "ix_audit_subjects_named", "audit_subjects",
        ["chain", "kind", "subject_id", "name", "occurred_at", "event_id"], unique=False,
    )  # fmt: skip


def _make_heads() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("chain", sa.String(length=12), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("seal_hash", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("day_first", BIG, nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("root_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")),
    )


def _make_roots() -> None:
    op.create_table(
        "audit_roots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_position", BIG, nullable=False),
        sa.Column("last_position", BIG, nullable=False),
        sa.Column("tree_hash", sa.String(length=64), nullable=False),
        sa.Column("seal_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("root_hash", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_roots")),
        sa.UniqueConstraint("chain", "day", name=op.f("uq_audit_roots_chain_day")),
        sa.UniqueConstraint("chain", "last_position", name=op.f("uq_audit_roots_chain_last_position")),
    )


def downgrade() -> None:
    op.drop_index("ix_roles_decisions", table_name="roles")
    op.drop_index("ix_roles_figures", table_name="roles")
    for table in ("audit_roots", "audit_heads", "audit_subjects"):
        op.drop_table(table)
    for name in (
        "uq_audit_events_identity_position", "uq_audit_events_position", "ix_audit_events_unsealed",
        "ix_audit_events_identity_named", "ix_audit_events_identity", "ix_audit_events_named", "ix_audit_events_listing",
    ):  # fmt: skip
        op.drop_index(name, table_name="audit_events")
    _break_seals()
    _guard_columns(COLUMNS)
    for column in ABOUT:
        op.drop_column("audit_events", column)


def _break_seals() -> None:
    # A position without the head it led to means nothing, and the next way up begins the chains anew.
    if _is_sqlite():
        op.execute("DROP TRIGGER audit_events_no_update")
    else:
        op.execute("ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only")
    op.execute("UPDATE audit_events SET seal_position = NULL, seal_hash = NULL WHERE seal_hash IS NOT NULL")
    if not _is_sqlite():
        op.execute("ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only")
