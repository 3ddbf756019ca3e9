"""Alembic's entry: runs numbered migrations on the application's own engine."""

from __future__ import annotations

from alembic import context

from portal import tables  # noqa: F401 - every table is known to the metadata
from portal.database import Base


def run() -> None:
    """Run inside the connection that `migrating.py` passes; SQLite alters tables by copying them."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        compare_type=True,
        include_object=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind == "table" and name and name.startswith("organisation_search"))


run()
