"""Generated registers of several sizes on both databases; made once, each from the next smaller one, and kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from tests.databases import PostgresServer

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
LARGEST = int(os.environ.get("BENCH_LARGEST", "1000000"))
"""The size the benchmarks measure: a smaller one where an hour for making the largest is too long."""
SEED = "2026"
MADE_BY = ("portal/migrations/versions", "portal/demo", "bench/history.py")
"""What these files say decides how the registers look: a change of them makes new ones."""
EMPTY = "template0"


@dataclass(frozen=True)
class Register:
    """One prepared register: a demo portal with that many operators in Production."""

    engine: str
    size: int
    instance: Path
    variables: dict[str, str]


class Registers:
    """All that are kept; PostgreSQL runs while they are open."""

    def __init__(self, folder: Path, postgres: PostgresServer) -> None:
        self.folder, self.postgres = folder, postgres

    def get(self, engine: str, size: int) -> Register:
        """The register of that size, made where it is missing."""
        register = self._named(engine, size)
        ready = register.instance / "ready"
        if not ready.exists():
            began = time.monotonic()
            self._begin(register)
            command = [str(servers.BIN / "portal"), "generate-register", str(size), "--seed", SEED]
            self._run(register, [*command, "--environment", "production"])
            self._run(register, [sys.executable, "-m", "bench.history", str(size)])
            ready.write_text(f"{time.monotonic() - began:.0f} s\n")
        return register

    def _named(self, engine: str, size: int) -> Register:
        instance = self.folder / engine / str(size)
        more = {} if engine == "sqlite" else {"PORTAL_DATABASE_URL": self.postgres.url_of(_database(size))}
        return Register(engine, size, instance, more)

    def _begin(self, register: Register) -> None:
        """The next smaller register there is, or a fresh demo."""
        shutil.rmtree(register.instance, ignore_errors=True)
        smaller = [size for size in SIZES if size < register.size and self._is_ready(register.engine, size)]
        if smaller:
            before = self._named(register.engine, smaller[-1])
            shutil.copytree(before.instance, register.instance)
            (register.instance / "ready").unlink()
        if register.engine == "postgresql" and not self.postgres.has(_database(register.size)):
            self.postgres.copy(_database(register.size), _database(smaller[-1]) if smaller else EMPTY)
        if not smaller:
            register.instance.mkdir(parents=True, mode=0o700)
            with servers.portal(register.instance, **register.variables):
                pass

    def _is_ready(self, engine: str, size: int) -> bool:
        return (self._named(engine, size).instance / "ready").exists()

    def _run(self, register: Register, command: list[str]) -> None:
        variables = servers.demo_variables(register.instance, servers.free_port(), **register.variables)
        quiet = subprocess.DEVNULL
        subprocess.run(command, env=variables, cwd=servers.ROOT, check=True, stdout=quiet, stderr=quiet)


@contextlib.contextmanager
def opened() -> Iterator[Registers]:
    """The kept registers; `BENCH_DATA` names another folder for them than the one for temporary files."""
    # Not below the instance: the user that runs PostgreSQL may not enter that.
    kept = Path(os.environ.get("BENCH_DATA") or Path(tempfile.gettempdir()) / f"portal-bench-{_shape()}")
    (kept / "postgres").mkdir(parents=True, exist_ok=True)
    server = PostgresServer(kept / "postgres")
    try:
        yield Registers(kept, server)
    finally:
        server.stop("fast")


def _shape() -> str:
    found = (
        path for name in MADE_BY for path in sorted((servers.ROOT / name).rglob("*.*")) if path.is_file()
    )
    single = [servers.ROOT / name for name in MADE_BY if name.endswith(".py")]
    parts = [path.read_bytes() for path in (*found, *single) if path.suffix in (".py", ".toml")]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def _database(size: int) -> str:
    return f"register_{size}"
