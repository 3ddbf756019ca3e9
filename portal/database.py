"""The database: engine options, base class, UTC times, and the checks that run before every commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, event, text
from sqlalchemy.engine import Connection, CursorResult, Engine, Result
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

LOCK_SECONDS = 5
"""How long a statement waits for a lock before the page answers 503."""

WRITER_SECONDS = 15
"""The same on SQLite, where every form waits for the one writer, and who waits comes next by luck, not in turn."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite keeps no zone, so it is put back at reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times: they would be read as UTC, which they may not be."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; the naming convention makes constraints addressable in migrations."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(metadata=metadata, type_annotation_map={datetime: UtcDateTime()})


# Tables stand on Base, not on db.Model: Flask-SQLAlchemy only gives engine and session their life.
db = SQLAlchemy(session_options={"expire_on_commit": False})

writes_ahead: ContextVar[bool] = ContextVar("writes_ahead", default=True)
"""Whether the transactions of this context will write: SQLite then takes the write lock at once, because a
transaction that read first cannot be upgraded once another one has written."""


@contextmanager
def only_reading() -> Iterator[None]:
    """The transaction of this block writes nothing and ends with it: others can write meanwhile, on SQLite too."""
    before = writes_ahead.get()
    writes_ahead.set(False)
    try:
        yield
    finally:
        db.session.commit()
        writes_ahead.set(before)


commit_checks: list[Callable[[Session], None]] = []
"""Called before every commit; one that raises refuses the commit."""


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE touched: the answer of a decision under race."""
    return cast("CursorResult[Any]", result).rowcount


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for that address: waiting for locks is bounded on both databases."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": WRITER_SECONDS}}
    # Short statements only: compiling one takes PostgreSQL longer than running it.
    limits = (
        f"-c jit=off -c statement_timeout={LOCK_SECONDS * 2}s -c lock_timeout={LOCK_SECONDS}s -c timezone=UTC"
    )
    return {
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": LOCK_SECONDS,
        "connect_args": {"connect_timeout": LOCK_SECONDS, "options": limits},
    }


def renew_statistics() -> None:
    """Commits, then looks how the tables are filled: without it plans are made as if they were empty or small."""
    db.session.commit()
    for table in Base.metadata.tables:
        db.session.execute(
            text(f"ANALYZE {table}"), execution_options={"unscoped": "reads no row of anybody"}
        )
    db.session.commit()


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "cache_size=-32000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes_ahead.get() else "BEGIN")


@event.listens_for(Session, "before_commit")
def _check_before_commit(session: Session) -> None:
    for check in commit_checks:
        check(session)
