"""Migrations: up from nothing, down to nothing, up again; and no drift from the models."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, inspect, select, text

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


def _a_row(table: Table, **given: object) -> dict[str, object]:
    """Something in every column that must not be empty, whatever it stands for."""
    now = datetime.now(UTC)
    samples: dict[type, object] = {str: "x", int: 1, bool: False, datetime: now, date: now.date()}
    needed = (column for column in table.columns if not column.nullable and column.name not in given)
    return given | {column.name: samples[column.type.python_type] for column in needed}


def test_older_warnings_of_a_role_learn_whose_role_it_was_and_forget_it_again(empty: Engine) -> None:
    migrating.upgrade(empty, "018")
    there = MetaData()
    there.reflect(empty, only=["certificates", "certificate_warnings"])
    certificates, warnings = there.tables["certificates"], there.tables["certificate_warnings"]
    subjects = select(warnings.c.subject).order_by(warnings.c.subject)
    place = {"certificate_id": 5, "environment": "production"}
    with _without_foreign_keys(empty) as connection:
        signed = _a_row(certificates, id=5, environment="production", signed_by=7, issuer_id=9)
        connection.execute(certificates.insert().values(signed))
        for reason, subject in (("role-wrong", ""), ("key-stolen", "ff")):
            row = _a_row(warnings, reason=reason, subject=subject, **place)
            connection.execute(warnings.insert().values(row))
    migrating.upgrade(empty, "019")
    with _without_foreign_keys(empty) as connection:
        assert list(connection.scalars(subjects)) == ["7.9", "ff"]
        for subject in ("7.9.desk", "8.9"):
            row = _a_row(warnings, reason="role-wrong", subject=subject, **place)
            connection.execute(warnings.insert().values(row))
    migrating.downgrade(empty, "018")
    with empty.begin() as connection:
        assert list(connection.scalars(subjects)) == ["", "ff"]


@contextlib.contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """A row may name what is not there; said to the driver, since SQLite hears it between transactions only."""
    off, on = "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
    if engine.dialect.name == "postgresql":
        off, on = "SET session_replication_role = replica", "RESET session_replication_role"
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(off)
        yield connection
        connection.commit()
        cursor.execute(on)
        connection.connection.commit()


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
