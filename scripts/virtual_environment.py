"""The virtual environment .venv: made once, filled from the lock files, kept in step with them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from pathlib import Path

import system_packages
from progress import ROOT, Command, step, succeeds

FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
WHAT = {"run": "the portal needs", "test": "the tests need", "check": "the checks need"}
PIP: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
FROM_LOCK = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement"]


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_current(stamp: Path, fingerprint: str) -> bool:
    return stamp.exists() and stamp.read_text() == fingerprint


def _without_parent() -> dict[str, str]:
    """The environment without what would make pip or Python look into another virtual environment."""
    hidden = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _works(version: str) -> bool:
    """Whether .venv was made at this very place (its commands hold the path) and runs the same Python."""
    description = FOLDER / "pyvenv.cfg"
    if not description.exists() or f" {FOLDER}\n" not in description.read_text():
        return False
    same_version = f"import pip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    return succeeds([str(PYTHON), "-c", same_version])


def create() -> None:
    """Make the virtual environment where there is none that works."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if _works(version):
        return
    if importlib.util.find_spec("ensurepip") is None:
        system_packages.install([f"python{version}-venv"])
    making: Command = [sys.executable, "-m", "venv", "--clear", FOLDER]
    step(f"virtual environment .venv with Python {version}", making, environment=_without_parent())


def _install_project() -> None:
    described = (ROOT / "pyproject.toml").read_text().partition("\n[tool.ruff")[0]
    stamp, fingerprint = FOLDER / ".stamp-project", _fingerprint(described.encode())
    if _is_current(stamp, fingerprint):
        return
    building: Command = [*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT]
    step("the command «portal»", building, environment=_without_parent())
    stamp.write_text(fingerprint)


def _lock(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def _stamp(name: str) -> tuple[Path, str]:
    return FOLDER / f".stamp-{name}", _fingerprint(_lock(name).read_bytes())


def fill(name: str) -> None:
    """Install the lock file requirements/<name>.txt, unless just that is installed already."""
    stamp, fingerprint = _stamp(name)
    if not _is_current(stamp, fingerprint):
        packages = sum("==" in line for line in _lock(name).read_text().splitlines())
        title = f"the {packages} Python packages that {WHAT[name]} (a minute or so)"
        step(title, [*PIP, *FROM_LOCK, _lock(name)], environment=_without_parent())
        stamp.write_text(fingerprint)
    _forget_older_sets()
    _install_project()


def _forget_older_sets() -> None:
    """The sets share packages: one filled from an older lock file no longer has the versions it asked for."""
    for name in WHAT:
        stamp, fingerprint = _stamp(name)
        if not _is_current(stamp, fingerprint):
            stamp.unlink(missing_ok=True)
