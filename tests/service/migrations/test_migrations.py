"""Migrations: up from nothing, down to nothing, up again; and no drift from the models."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, MetaData, create_engine, inspect, text

from portal import migrating, stamps, tables
from portal.database import Base, db
from tests.conftest import Database

assert tables.roles, "every table is known to the metadata"
SEARCH_INDEXES = ("organisation_search", "ix_organisations_search", "ix_control_body_scopes_search")
"""Made by hand in migrations: trigrams and full text have no form in the models that both databases share."""


@pytest.fixture
def empty(app: Flask, servers: dict[str, Database], tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, on the engine of `app`."""
    with contextlib.ExitStack() as stack:
        if db.engine.dialect.name == "sqlite":
            engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        else:
            server = servers["postgresql"]
            server._sql("CREATE DATABASE portal_empty")  # type: ignore[union-attr]
            drop = "DROP DATABASE portal_empty WITH (FORCE)"
            stack.callback(server._sql, drop)  # type: ignore[union-attr]
            engine = create_engine(server.url.replace("portal_test", "portal_empty"))
        stack.callback(engine.dispose)
        yield engine


def names_in(engine: Engine) -> set[str]:
    """Tables of the database, without Alembic's own."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def leftovers(engine: Engine) -> list[str]:
    """Triggers, functions and indexes that nobody dropped."""
    query = (
        "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view') OR tbl_name LIKE 'organisation%'"
    )
    if engine.dialect.name == "postgresql":
        query = (
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(text(query))]


def test_the_way_up_down_and_up_again(empty: Engine) -> None:
    assert not migrating.is_current(empty)
    migrating.upgrade(empty)
    assert migrating.is_current(empty)
    first = names_in(empty)
    assert set(Base.metadata.tables) <= first
    migrating.downgrade(empty, "base")
    assert names_in(empty) == set()
    assert leftovers(empty) == []
    migrating.upgrade(empty)
    assert names_in(empty) == first


def test_each_step_down_can_be_gone_up_again(empty: Engine) -> None:
    script = ScriptDirectory(str(migrating.FOLDER))
    steps = [revision.revision for revision in script.walk_revisions()]
    migrating.upgrade(empty)
    for revision in steps:
        migrating.downgrade(empty, "-1")
        migrating.upgrade(empty, revision)
        migrating.downgrade(empty, "-1")
    assert names_in(empty) == set()


def test_running_the_migrations_again_changes_nothing(empty: Engine) -> None:
    migrating.upgrade(empty)
    before = names_in(empty)
    migrating.upgrade(empty)
    assert names_in(empty) == before


def test_models_and_newest_shape_do_not_differ(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_object": _is_in_the_models},
        )
        assert compare_metadata(context, Base.metadata) == []


def _is_in_the_models(_thing: object, name: str | None, *_more: object) -> bool:
    return not str(name).startswith(SEARCH_INDEXES)


def test_constraints_of_both_databases_have_the_names_of_the_models(app: Flask) -> None:
    reflected = MetaData()
    with db.engine.connect() as connection:
        reflected.reflect(connection)
    for name, table in Base.metadata.tables.items():
        expected = {key.constraint.name for key in table.foreign_keys if key.constraint is not None}
        found = {
            key.constraint.name for key in reflected.tables[name].foreign_keys if key.constraint is not None
        }
        assert found == expected, name


def test_migrations_are_numbered_without_a_gap() -> None:
    files = sorted(path.name for path in (migrating.FOLDER / "versions").glob("[0-9]*.py"))
    assert [int(name[:3]) for name in files] == list(range(1, len(files) + 1))


def test_a_database_of_one_mode_is_refused_by_the_other(app: Flask) -> None:
    stamps.check_mode("demo")
    stamps.set_mode("demo")
    for refuse in (stamps.check_mode, stamps.set_mode):
        with pytest.raises(stamps.WrongMode, match="stamped demo"):
            refuse("production")


def test_a_database_without_a_stamp_is_refused(app: Flask) -> None:
    db.session.delete(db.session.get_one(stamps.DataStamp, "mode"))
    db.session.commit()
    with pytest.raises(stamps.WrongMode, match="stamped nothing"):
        stamps.check_mode("production")
