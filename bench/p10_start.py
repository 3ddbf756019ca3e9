"""P10: from `portal serve` to the first answer, and the import of the web process, against importing two libraries."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from bench import servers
from bench.measuring import Figure, at_most, in_turn
from bench.run import Run

GOAL = at_most(3.0)


def measure(run: Run) -> list[Figure]:
    """Wall-clock seconds; the instance has its data, as at every start but the first."""
    bare = partial(_imported, "import flask, sqlalchemy", run.instance)
    web = partial(_imported, "import app", run.instance)
    return [
        in_turn("P10", "`portal serve` to the first answer", "s", GOAL, partial(_served, run.instance), bare),
        in_turn("P10", "import of the web process", "s", GOAL, web, bare),
    ]


def _served(instance: Path) -> float:
    began = time.monotonic()
    with servers.portal(instance):
        answered = time.monotonic()
    return answered - began


def _imported(statement: str, instance: Path) -> float:
    variables = servers.demo_variables(instance, servers.free_port())
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", statement], env=variables, cwd=servers.ROOT, check=True)
    return time.monotonic() - began
