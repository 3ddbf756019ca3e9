"""Running web server and worker side by side, and stopping both together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import FrameType

from portal.config import Settings

STOP_SECONDS = 10
THREADS = 4


def run(settings: Settings) -> int:
    """Start both, print the address, wait; whatever stops first stops the other. Returns the exit code."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = [_start(_web_command(settings)), _start([sys.executable, "-m", "portal", "worker"])]
    threading.Thread(target=_announce, args=(settings, stopping), daemon=True).start()
    while not stopping.is_set() and all(child.poll() is None for child in children):
        stopping.wait(0.2)
    codes = [_stop(child) for child in children]
    return 0 if stopping.is_set() else max(code for code in codes if code is not None)


def _web_command(settings: Settings) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "app:app", "--bind", f"127.0.0.1:{settings.port}",
        "--workers", str(settings.workers), "--worker-class", "gthread", "--threads", str(THREADS),
        "--timeout", "30", "--graceful-timeout", "5", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which then stops the children in order.
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return subprocess.Popen(command, start_new_session=True, cwd=root)  # noqa: S603 - our own command


def _announce(settings: Settings, stopping: threading.Event) -> None:
    # The host people use: any other one would be answered with 400.
    host = {"Host": settings.public_host}
    address = urllib.request.Request(f"http://127.0.0.1:{settings.port}/health/ready", headers=host)  # noqa: S310
    while not stopping.is_set():
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                print(f"http://localhost:{settings.port}", flush=True)  # noqa: T201
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _stop(child: subprocess.Popen[bytes]) -> int:
    if child.poll() is None:
        child.terminate()
    try:
        return child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        return child.wait()
