"""Bringing the database to the newest shape and back, and asking where it stands."""

from __future__ import annotations

import functools
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import Engine

FOLDER = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`; run again it does nothing."""
    _run(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Run them back to `revision`."""
    _run(engine, "downgrade", revision)


def _run(engine: Engine, name: str, revision: str) -> None:
    # Imported here: a tenth of a second that no web process pays, and no start on a database in shape.
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("SELECT 1")
        settings.attributes["connection"] = connection
        getattr(command, name)(settings, revision)
        connection.commit()


@functools.cache
def newest() -> str:
    """The number of the last migration, which its file begins with."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest shape."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest()
