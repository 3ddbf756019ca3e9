"""Real databases for tests: a template with every migration and the reference data, copied anew for each test."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ENGINES = ("sqlite", "postgresql")
OWNER = "portal"


class SqliteFiles:
    """One file per test process; a fresh test is a copy of the template."""

    def __init__(self, folder: Path) -> None:
        self.path, self.template = folder / "test.sqlite3", folder / "template.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def keep_as_template(self) -> None:
        """What the database holds now is what every test begins with."""
        with contextlib.closing(__import__("sqlite3").connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.path, self.template)

    def renew(self) -> None:
        """Back to the template."""
        for leftover in (f"{self.path}-wal", f"{self.path}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


SHAPE = """
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT (SELECT sum(hashtext(concat(oid, relname, relkind))::bigint) FROM ours),
       (SELECT sum(hashtext(concat(attrelid, attname, attnotnull))::bigint)
        FROM pg_attribute JOIN ours ON ours.oid = attrelid),
       (SELECT sum(hashtext(concat(oid, tgname, tgenabled))::bigint) FROM pg_trigger),
       (SELECT sum(hashtext(concat(oid, prosrc))::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
       (SELECT sum(oid::bigint) FROM pg_constraint)
"""
"""What no emptying of tables changes: tables, columns, triggers, functions, constraints."""
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
SWOLLEN = """
SELECT relname FROM pg_class WHERE relname = ANY(%s) AND (reltuples >= 0 OR pg_relation_size(oid) > 262144)
"""
"""Of these tables, those the planner was told about and those with many deleted rows: they are cut off.

That takes a hundred times as long as to delete a few rows.
"""
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Template:
    """How a fresh database looks: its shape, the tables that hold nothing, the rows of the others, the numbers."""

    shape: Any
    empty: list[str]
    rows: list[Any]
    rows_query: str
    numbers: dict[str, int | None]

    @classmethod
    def read(cls, fresh: psycopg.Connection[Any]) -> Template:
        """Looks at a database that was just copied."""
        tables = [row[0] for row in _asked(fresh, TABLES)]
        full = _holding_rows(fresh, tables)
        # A row that was written again has another place or another transaction.
        row_sum = "SELECT count(*), sum(hashtext(concat(ctid, xmin))::bigint) FROM {}".format
        query = " UNION ALL ".join(map(row_sum, full)) or "SELECT 0"
        empty = [name for name in tables if name not in full]
        return cls(_asked(fresh, SHAPE), empty, _asked(fresh, query), query, dict(_asked(fresh, SEQUENCES)))

    def restore(self, used: psycopg.Connection[Any]) -> bool:
        """Empties what a test filled; False where it changed more than that."""
        _asked(used, OTHERS)
        if _asked(used, SHAPE) != self.shape or _asked(used, self.rows_query) != self.rows:
            return False
        used.execute("SET session_replication_role = replica")
        if filled := _holding_rows(used, self.empty):
            swollen = [row[0] for row in used.execute(SWOLLEN, (filled,))]
            used.execute(";".join(map("DELETE FROM {}".format, set(filled) - set(swollen))).encode())
            if swollen:
                used.execute(f"TRUNCATE {', '.join(swollen)} CASCADE".encode())
        for name, value in _asked(used, SEQUENCES):
            if value != (before := self.numbers[name]):
                used.execute("SELECT setval(%s::regclass, %s, %s)", (name, before or 1, before is not None))
        return True


def _asked(connection: psycopg.Connection[Any], query: str) -> list[Any]:
    return connection.execute(query.encode()).fetchall()


def _holding_rows(connection: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    asked = map("SELECT '{0}' WHERE EXISTS (SELECT FROM {0})".format, tables)
    return [row[0] for row in _asked(connection, " UNION ALL ".join(asked))] if tables else []


class PostgresServer:
    """A cluster of this process alone, on a Unix socket, run by an ordinary user as PostgreSQL demands.

    A folder that holds one already is used again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binaries = _newest_binaries()
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.prefix: list[str] = []
        if os.getuid() == 0:
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        is_new = not (folder / "data").exists()
        if is_new:
            self._make()
        options = (
            f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
            "-c autovacuum=off -c max_connections=60"
        )
        log = folder / "data" / "log"
        self._run("pg_ctl", "-D", str(folder / "data"), "-l", str(log), "-o", options, "-w", "start")
        self.url = self.url_of("portal_test")
        self.template: Template | None = None
        if is_new:
            self._sql("CREATE DATABASE portal_test")

    def _make(self) -> None:
        options = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-D", str(self.folder / "data"), *options)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.prefix, str(self.binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")

    def url_of(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def has(self, database: str) -> bool:
        """Whether there is such a database."""
        with self._connection("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            return found.fetchone() is not None

    def copy(self, database: str, template: str) -> None:
        """A new database with what another one holds."""
        self._sql(f"CREATE DATABASE {database} TEMPLATE {template}")

    def _sql(self, *statements: str) -> None:
        with self._connection("postgres") as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def keep_as_template(self) -> None:
        """What the database holds now is what every test begins with."""
        self._sql(
            "DROP DATABASE IF EXISTS portal_template WITH (FORCE)",
            "ALTER DATABASE portal_test RENAME TO portal_template",
        )
        self.template = None

    def renew(self) -> None:
        """Back to the template: what was empty is emptied; a copy, ten times slower, only where more changed."""
        if self.template is None or not self._emptied(self.template):
            self._sql(
                "DROP DATABASE IF EXISTS portal_test WITH (FORCE)",
                "CREATE DATABASE portal_test TEMPLATE portal_template STRATEGY FILE_COPY",
            )
            with self._connection("portal_test") as fresh:
                self.template = self.template or Template.read(fresh)

    def _emptied(self, template: Template) -> bool:
        try:
            with self._connection("portal_test") as used:
                return template.restore(used)
        except psycopg.OperationalError:
            return False

    def _connection(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(f"host={self.folder} user={OWNER} dbname={database}", autocommit=True)

    def stop(self, mode: str = "immediate") -> None:
        """End the cluster; `fast` keeps what it holds for the next time."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "stop")


def _newest_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is missing: `make test` installs it")
    return found[-1]


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A cluster that ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    server = PostgresServer(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
