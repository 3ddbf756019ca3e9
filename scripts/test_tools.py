"""Checkers of pages (axe, Nu) and a provider of eIDs: from npm into .tools/, by the Node among the test packages."""

from __future__ import annotations

import os
import shutil
from filecmp import cmp
from pathlib import Path

from progress import ROOT, TOOLS, Command, step
from virtual_environment import FOLDER

SOURCE = ROOT / "requirements" / "test-tools"
FILES = ("package.json", "package-lock.json", ".npmrc")
WANTED = ("axe-core/axe.min.js", "oidc-provider/lib/index.js", "vnu-jar/build/dist/vnu.jar")


def _npm(title: str, folder: Path, *arguments: str) -> None:
    commands = FOLDER / "bin"
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ.get('PATH', '')}"}
    command: Command = [commands / "npm", *arguments, "--loglevel", "error", "--cache", TOOLS / "cache"]
    step(title, command, folder=folder, environment=environment)


def _are_current() -> bool:
    same = all((TOOLS / name).exists() and cmp(TOOLS / name, SOURCE / name, shallow=False) for name in FILES)
    return same and all((TOOLS / "node_modules" / path).exists() for path in WANTED)


def install() -> None:
    """Install what the npm lock file names, unless just that is installed already."""
    if _are_current():
        return
    TOOLS.mkdir(exist_ok=True)
    for name in FILES:
        shutil.copy(SOURCE / name, TOOLS / name)
    _npm("checkers of pages and a provider of eIDs: axe, Nu, oidc-provider", TOOLS, "ci")


def lock() -> None:
    """Lock what requirements/test-tools/package.json asks for."""
    _npm("requirements/test-tools/package-lock.json", SOURCE, "install", "--package-lock-only")
