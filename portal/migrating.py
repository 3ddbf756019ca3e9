"""Bringing the database to the newest shape and back, and asking where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

FOLDER = Path(__file__).parent / "migrations"


def _configuration() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`; run again it does nothing."""
    _run(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Run them back to `revision`."""
    _run(engine, "downgrade", revision)


def _run(engine: Engine, name: str, revision: str) -> None:
    settings = _configuration()
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("SELECT 1")
        settings.attributes["connection"] = connection
        getattr(command, name)(settings, revision)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest shape."""
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
