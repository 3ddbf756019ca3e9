"""What the contracts look at: the files of the project, and their syntax."""

from __future__ import annotations

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL, TEMPLATES, TESTS = ROOT / "portal", ROOT / "templates", ROOT / "tests"
JOURNEYS = tuple(sorted(path.parent.name for path in (PORTAL / "web").glob("*/routes.py")))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is or would be in the repository: tracked, or new and not ignored."""
    git = shutil.which("git") or "git"
    listing = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = [ROOT / line for line in listing.stdout.splitlines()]
    return tuple(sorted(path for path in found if path.is_file()))


def text_of(path: Path) -> str:
    """The text of a file; empty for pictures and other bytes."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def python_files(folder: Path) -> list[Path]:
    """Modules below a folder."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def module_name(path: Path) -> str:
    """`portal.web.guard` for its file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def functions_of(path: Path) -> list[ast.FunctionDef]:
    """Every function and method."""
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def views_of(journey: str) -> list[ast.FunctionDef]:
    """The functions of a journey that stand behind an address."""
    path = PORTAL / "web" / journey / "routes.py"
    return [f for f in functions_of(path) if any("blueprint." in ast.unparse(d) for d in f.decorator_list)]
