"""The CSV files of the package, read as they are."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    """The rows of one file, in its order."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def source_titles() -> dict[str, str]:
    """What the short ids in the `source` columns stand for."""
    return {row["id"]: row["title"] for row in rows_of("sources")}
