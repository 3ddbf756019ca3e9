"""Everything that can be judged without running the portal; all of it runs, then the failures are named."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = [name for name in ("app.py", "portal", "scripts", "tests", "bench") if (ROOT / name).exists()]
CHECKS = {
    "lint (ruff check)": ["ruff", "check", "--quiet", *CODE],
    "format (ruff format)": ["ruff", "format", "--check", "--quiet", *CODE],
    "imports (lint-imports)": ["lint-imports"],
    "types (mypy)": ["mypy", "--no-error-summary", "portal"],
    "translations, documents, addresses (pytest)": [
        "pytest",
        "-q",
        "-m",
        "static",
        "tests/contracts",
    ],
}


def _run(command: list[str]) -> tuple[int, str, float]:
    started = time.monotonic()
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def main() -> int:
    """Run the checks two at a time; 1 where one of them failed."""
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {title: pool.submit(_run, command) for title, command in CHECKS.items()}
        for title, job in running.items():
            code, output, seconds = job.result()
            print(f"- {title}: {'failed' if code else 'passed'}, {seconds:.0f} s", flush=True)
            if code:
                failed.append(title)
                print(output, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
