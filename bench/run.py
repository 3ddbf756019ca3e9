"""One run: its directory, the prepared demo instance that the benchmarks share, the servers on it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.visiting import Visitor

QUEUE_ROWS = 40
QUEUE_OF = "demo/FR/LAU"


@dataclass(frozen=True)
class Run:
    """The directory of a run: a demo instance with all its data, and the pages the baseline renders."""

    folder: Path

    @property
    def instance(self) -> Path:
        """The demo portal's directory."""
        return self.folder / "instance"

    @property
    def pages(self) -> Path:
        """The templates of the baseline."""
        return self.folder / "pages"

    def keep_page(self, name: str, page: bytes) -> None:
        """Give the baseline the same bytes to render."""
        self.pages.mkdir(exist_ok=True)
        (self.pages / f"{name}.html").write_text(_as_template(page), encoding="utf-8")


@contextlib.contextmanager
def prepared() -> Iterator[Run]:
    """A fresh instance: first start of the demo, then the queue; gone with the block."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        run = Run(Path(folder))
        with servers.portal(run.instance):
            pass
        fill = [sys.executable, "-m", "bench.filling", str(QUEUE_ROWS), QUEUE_OF]
        variables = servers.demo_variables(run.instance, servers.free_port())
        subprocess.run(fill, env=variables, cwd=servers.ROOT, check=True)
        yield run


def signed_in(port: int, key: str, target: str, language: str = "fr") -> Visitor:
    """A browser in which that person of the demo is signed in."""
    visitor = Visitor(port, language)
    visitor.sign_in(visitor.people()[key], target)
    return visitor


def _as_template(page: bytes) -> str:
    return "{% raw %}" + page.decode() + "{% endraw %}"
