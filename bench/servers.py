"""Servers of a run: the portal through its own commands on a free port, and the bare one beside it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal import serving
from portal.config import load_settings

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
START_SECONDS = 240
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: where it answers, and its first process."""

    port: int
    process: subprocess.Popen[bytes]
    variables: dict[str, str] = field(default_factory=dict)

    def wait(self, path: str = "/health/ready") -> None:
        """Until it answers; raises when it ends or takes too long."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2):
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the server did not answer")

    def stop(self) -> None:
        """End it, by its process id, and wait."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self) -> float:
        """What its web processes have used so far, those that ended too; the worker beside them is not counted."""
        web = web_processes(self.process.pid)
        masters = {int(_stat(pid)[1]) for pid in web}
        used = [part for pid in (*web, *masters) for part in _stat(pid)[11:15]]
        return sum(int(part) for part in used) / TICKS


def demo_variables(instance: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a demo portal with a directory and port of its own."""
    own = {
        "PORTAL_MODE": "demo",
        "PORTAL_INSTANCE": str(instance),
        "PORT": str(port),
        "PORTAL_LOG_LEVEL": "ERROR",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**inherited, **own, **more}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(command: list[str], variables: dict[str, str], port: int) -> Server:
    """Start a program that will answer on that port; what it logs stands beside its directory: `instance.log`."""
    said = Path(f"{variables['PORTAL_INSTANCE']}.log")
    said.parent.mkdir(parents=True, exist_ok=True)
    with said.open("ab") as log:
        process = subprocess.Popen(command, env=variables, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
    return Server(port, process, variables)


@contextlib.contextmanager
def portal(instance: Path, **more: str) -> Iterator[Server]:
    """`portal serve` in demo mode: web processes and worker; ends with the block."""
    port = free_port()
    server = start([str(BIN / "portal"), "serve"], demo_variables(instance, port, **more), port)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def bare(pages: Path) -> Iterator[Server]:
    """The bare application with the same server, the same options and the same number of processes."""
    port = free_port()
    variables = demo_variables(pages.parent / "bare", port, BENCH_PAGES=str(pages))
    options = serving.gunicorn_options(load_settings(variables))
    server = start([sys.executable, "-m", "gunicorn", "bench.bare:app", *options], variables, port)
    try:
        server.wait("/ready")
        yield server
    finally:
        server.stop()


def children_of(pid: int) -> list[int]:
    """The process and every one below it, of whatever depth."""
    parents = {
        int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    found, new = [pid], [pid]
    while new:
        new = [child for child, stat in parents.items() if stat and int(stat[1]) in new]
        found += new
    return found


def web_processes(pid: int) -> list[int]:
    """The processes below one that answer requests: they listen, and they are no master of others."""
    below = children_of(pid)
    listening = [child for child in below if _listens(child)]
    masters = {int(_stat(child)[1]) for child in listening if _stat(child)}
    return [child for child in listening if child not in masters]


def _listens(pid: int) -> bool:
    # The masters and the web processes share one listening socket; the worker has none.
    sockets = set()
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(os.readlink(entry))
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = {f"socket:[{row.split()[9]}]" for row in table if row.split()[3] == "0A"}
    return bool(sockets & listening)


def _stat(pid: int) -> list[str]:
    # After the name in brackets: state, parent, …; 12th to 15th are the times of it and of its ended children.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
