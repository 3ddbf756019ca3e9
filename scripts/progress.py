"""How a set-up step runs a command, says what it does, and stops with one clear line."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
LINES_OF_OUTPUT = 25

Command = Sequence[str | Path]


def stop(reason: str) -> NoReturn:
    """End the set-up with one line that says why."""
    sys.exit(f"Set-up stopped: {reason}")


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command can be started and ends well."""
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def step(
    title: str,
    *commands: Command,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run the commands of one step under one line of progress; stop with their output where one fails."""
    print(f"- {title} … ", end="", flush=True)
    started = time.monotonic()
    for command in commands:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print("failed", flush=True)
            print("\n".join(done.stdout.splitlines()[-LINES_OF_OUTPUT:]), file=sys.stderr)
            stop(f"«{title}» failed; the lines above say why")
    print(f"{time.monotonic() - started:.0f} s", flush=True)
