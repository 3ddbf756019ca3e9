"""Makes ready what a make target needs: `set_up.py run`, `test` or `check`; quick where all is there."""

from __future__ import annotations

import fcntl
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well start this file
    sys.exit("Set-up stopped: needs Python 3.11 or newer (to name one: make run PYTHON=/path/to/python3.11)")

import phone_reader
import system_packages
import test_tools
import virtual_environment
import voices
from progress import ROOT, TOOLS, step, stop


def _compile_translations() -> None:
    sources = ROOT.glob("translations/*/LC_MESSAGES/*.po")
    stale = [
        source
        for source in sources
        if not source.with_suffix(".mo").exists()
        or source.with_suffix(".mo").stat().st_mtime <= source.stat().st_mtime
    ]
    if stale:
        step("translations", [virtual_environment.PYTHON, "scripts/catalogues.py", "compile"])


def main(name: str) -> None:
    """Bring everything for one of the three sets, one set-up at a time in one folder."""
    if name not in virtual_environment.WHAT:
        stop(f"unknown set «{name}»: one of {', '.join(virtual_environment.WHAT)}")
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        virtual_environment.create()
        virtual_environment.fill(name)
        _compile_translations()
        voices.make()
        if name != "check":
            system_packages.bring_what_paper_needs()
        if name == "test":
            system_packages.bring_what_tests_need()
            test_tools.install()
        phone_reader.bring()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) == 2 else "run")
    except KeyboardInterrupt:
        stop("interrupted; the same command goes on from here")
