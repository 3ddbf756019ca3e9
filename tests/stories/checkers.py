"""What tools find in a page: axe, the Nu HTML checker, and whether it fits a narrow screen."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

TOOLS = Path(__file__).resolve().parents[2] / ".tools" / "node_modules"
AXE = """async () => {
  const found = await axe.run(document, {
    resultTypes: ['violations'], rules: {'target-size': {enabled: true}}, preload: false, selectors: false,
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def _axe_source() -> str:
    return (TOOLS / "axe-core" / "axe.min.js").read_text()


def axe_faults(page: Page) -> list[str]:
    """What axe has against the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    return list(page.evaluate(AXE))


def scrolls_sideways(page: Page) -> bool:
    """Whether something is wider than the screen."""
    return bool(page.evaluate(TOO_WIDE) > 0)


def nu_faults(folder: Path) -> list[str]:
    """What the Nu checker has against the pages in the folder, all in one run."""
    checker = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(checker), "--errors-only", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line for line in done.stderr.splitlines() if line.strip()]
