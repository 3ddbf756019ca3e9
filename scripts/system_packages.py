"""The system's own packages: which are missing, and how they get there."""

from __future__ import annotations

import os
import shutil
from ctypes.util import find_library
from pathlib import Path

from progress import step, stop, succeeds

FONTS = Path("/usr/share/fonts/truetype")


def _has_postgresql() -> bool:
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _missing_for_tests() -> list[str]:
    present = {
        "postgresql": _has_postgresql(),
        "chromium": bool(shutil.which("chromium")),
        "fonts-liberation": any(FONTS.glob("liberation*/LiberationSans-Regular.ttf")),
        "fonts-noto-core": any(FONTS.glob("noto/NotoSans-Regular.ttf")),
        "default-jre-headless": bool(shutil.which("java")),
        "softhsm2": bool(shutil.which("softhsm2-util")),
        "poppler-utils": bool(shutil.which("pdfsig")),
        "libnss3-tools": bool(shutil.which("certutil")),
        "qpdf": bool(shutil.which("qpdf")),
        "openssl": bool(shutil.which("openssl")),
    }
    return [package for package, is_present in present.items() if not is_present]


def _missing_for_paper() -> list[str]:
    present = {
        "libpango-1.0-0": bool(find_library("pango-1.0")),
        "libpangoft2-1.0-0": bool(find_library("pangoft2-1.0")),
        "libharfbuzz-subset0": bool(find_library("harfbuzz-subset")),
        "fonts-noto-core": any(FONTS.glob("noto/NotoSans-Regular.ttf")),
    }
    return [package for package, is_present in present.items() if not is_present]


def _as_administrator() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None


def install(packages: list[str]) -> None:
    """Install packages with apt where we may; stop with one line that names them where we may not."""
    names = " ".join(packages)
    prefix = _as_administrator()
    if prefix is None or not shutil.which("apt-get"):
        stop(f"this system lacks packages. Please install them as its administrator: apt-get install {names}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    step(
        f"system packages: {names}",
        [*quiet, "update"],
        [*quiet, "install", "--yes", "--no-install-recommends", *packages],
    )


def bring_what_paper_needs() -> None:
    """Install the libraries that PDF files are made with where we may; else say so in one line and go on."""
    missing = _missing_for_paper()
    prefix = _as_administrator()
    if missing and prefix is not None and shutil.which("apt-get"):
        quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        print(f"- system packages: {' '.join(missing)}", flush=True)
        succeeds([*quiet, "update"])
        succeeds([*quiet, "install", "--yes", "--no-install-recommends", *missing])
        missing = _missing_for_paper()
    if missing:
        print(
            f"- no PDF files can be made here (all else works) until: apt-get install {' '.join(missing)}",
            flush=True,
        )


def bring_what_tests_need() -> None:
    """Install PostgreSQL, Chromium, its fonts and Java where they are missing, and look that they came."""
    if missing := _missing_for_tests():
        install(missing)
    if still_missing := _missing_for_tests():
        stop(f"still missing after the installation: {' '.join(still_missing)}")
