"""Runs the benchmarks, all or those that ONLY names, prints the table and writes `bench.json` of the instance."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bench import (
    p01_sign_in_page,
    p02_pages,
    p03_search,
    p04_growth,
    p05_sign_in_cpu,
    p06_certificates,
    p07_decisions,
    p10_start,
    p11_weight,
)
from bench.measuring import Figure, as_table, write
from bench.run import Run, prepared
from bench.servers import ROOT

BENCHMARKS: dict[str, Callable[[Run], list[Figure]]] = {
    "P1": p01_sign_in_page.measure,
    "P2": p02_pages.measure,
    "P3": p03_search.measure,
    "P4": p04_growth.measure,
    "P5": p05_sign_in_cpu.measure,
    "P6": p06_certificates.measure,
    "P7": p07_decisions.measure,
    "P10": p10_start.measure,
    "P11": p11_weight.measure,
}


def main() -> int:
    """Measure; 2 where ONLY names a benchmark there is none of. A goal that is missed is no failure."""
    wanted = [name.strip().upper() for name in os.environ.get("ONLY", "").split(",") if name.strip()]
    unknown = sorted(set(wanted) - set(BENCHMARKS))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    with prepared() as run:
        for name in wanted or BENCHMARKS:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            figures += BENCHMARKS[name](run)
            write(figures, Path(os.environ.get("PORTAL_INSTANCE", ROOT / "instance")) / "bench.json")
    print(as_table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
