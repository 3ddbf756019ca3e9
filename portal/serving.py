"""Running web server and worker side by side, and stopping both together."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from gunicorn.app.wsgiapp import WSGIApplication

from portal.config import Settings
from portal.jobs import queue

STOP_SECONDS = 10
THREADS = 4
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(settings: Settings) -> int:
    """Start both, print the address, wait; whatever stops first stops the other. Returns the exit code."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in SIGNALS:
        signal.signal(number, stop)
    children = [_start(_serve_web, settings), _start(queue.work)]
    threading.Thread(target=_announce, args=(settings, stopping), daemon=True).start()
    while not stopping.is_set() and all(child.is_alive() for child in children):
        stopping.wait(0.2)
    codes = [_stop(child) for child in children]
    return 0 if stopping.is_set() else max(abs(code) for code in codes)


def gunicorn_options(settings: Settings) -> list[str]:
    """The command line of the web server, without the application."""
    return [
        "--bind", f"127.0.0.1:{settings.port}",
        "--workers", str(settings.workers), "--worker-class", "gthread", "--threads", str(THREADS),
        "--timeout", "30", "--graceful-timeout", "5", "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def _start(target: Callable[..., object], *arguments: Settings) -> BaseProcess:
    # Forked, not started anew: every module is in memory already, so that the first answer comes a second earlier.
    child = multiprocessing.get_context("fork").Process(target=_in_child, args=(target, *arguments))
    child.start()
    return child


def _in_child(target: Callable[..., object], *arguments: Settings) -> None:
    # A session of its own: Ctrl-C reaches the first process alone, which then stops the children in order.
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.chdir(Path(__file__).resolve().parent.parent)
    target(*arguments)


def _serve_web(settings: Settings) -> None:
    sys.argv = ["gunicorn", "portal:create_app()", *gunicorn_options(settings)]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def _announce(settings: Settings, stopping: threading.Event) -> None:
    # The host people use: any other one would be answered with 400.
    host = {"Host": settings.public_host}
    address = urllib.request.Request(f"http://127.0.0.1:{settings.port}/health/ready", headers=host)
    while not stopping.is_set():
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
                print(f"http://localhost:{settings.port}", flush=True)  # noqa: T201
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _stop(child: BaseProcess) -> int:
    if child.is_alive():
        child.terminate()
    child.join(STOP_SECONDS)
    if child.is_alive() and child.pid:
        os.killpg(child.pid, signal.SIGKILL)
        child.join()
    return child.exitcode or 0
