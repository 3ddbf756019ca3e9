"""Real databases for tests: a template with every migration and the reference data, copied anew for each test."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

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


class PostgresServer:
    """A cluster of this process alone, on a Unix socket, run by an ordinary user as PostgreSQL demands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.binaries = _newest_binaries()
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.prefix: list[str] = []
        if os.getuid() == 0:
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        options = (
            f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off "
            "-c max_connections=60"
        )
        log = folder / "data" / "log"
        self._run("pg_ctl", "-D", str(folder / "data"), "-l", str(log), "-o", options, "-w", "start")
        self.url = f"postgresql+psycopg://{OWNER}@/portal_test?host={folder}"
        self._sql("CREATE DATABASE portal_test")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.prefix, str(self.binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")

    def _sql(self, *statements: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user={OWNER} dbname=postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def keep_as_template(self) -> None:
        """What the database holds now is what every test begins with."""
        self._sql(
            "DROP DATABASE IF EXISTS portal_template WITH (FORCE)",
            "ALTER DATABASE portal_test RENAME TO portal_template",
        )

    def renew(self) -> None:
        """Back to the template."""
        self._sql(
            "DROP DATABASE IF EXISTS portal_test WITH (FORCE)",
            "CREATE DATABASE portal_test TEMPLATE portal_template STRATEGY FILE_COPY",
        )

    def stop(self) -> None:
        """End the cluster."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")


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
