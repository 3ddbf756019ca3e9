"""Locks the dependencies: versions and hashes of Python and npm packages, with no registry's address."""

from __future__ import annotations

import tempfile
import venv
from pathlib import Path

import test_tools
from progress import ROOT, Command, step

REQUIREMENTS = ROOT / "requirements"
# Each set holds the one before it, at the same versions.
WITHIN = {"run": None, "test": "run", "check": "test"}
FORM = ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]


def _lock_python(uv: Path) -> None:
    for name, within in WITHIN.items():
        # Locked from nothing: an old lock file would hold its versions back.
        (REQUIREMENTS / f"{name}.txt").unlink(missing_ok=True)
        constraint = ["--constraint", f"{within}.txt"] if within else []
        files = [f"{name}.in", *constraint, "--output-file", f"{name}.txt"]
        compiling: Command = [uv, "pip", "compile", *FORM, *files]
        step(f"requirements/{name}.txt", compiling, folder=REQUIREMENTS)


def main() -> None:
    """Lock everything, with uv in a place that is thrown away."""
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        commands = Path(place) / "bin"
        step("the resolver", [commands / "python", "-m", "pip", "install", "-qq", "uv"])
        _lock_python(commands / "uv")
    test_tools.lock()


if __name__ == "__main__":
    main()
