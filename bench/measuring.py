"""A figure and its shape, rounds of ours and the baseline in turn, the table and the file of a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """One line of the table: value and baseline are medians, the spread is that of the ratios of the rounds."""

    id: str
    name: str
    value: float
    unit: str
    baseline: float
    ratio: float
    spread: tuple[float, float]
    goal: str
    met: bool


@dataclass(frozen=True)
class Goal:
    """What the ratio must be: at least so much (`least`), or at most."""

    bound: float
    least: bool

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio reaches it."""
        return ratio >= self.bound if self.least else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.bound:g} x"


def at_least(bound: float) -> Goal:
    """For throughput: more is better."""
    return Goal(bound, least=True)


def at_most(bound: float) -> Goal:
    """For time and weight: less is better."""
    return Goal(bound, least=False)


def in_turn(
    id: str,
    name: str,
    unit: str,
    goal: Goal,
    ours: Callable[[], float],
    bare: Callable[[], float],
    rounds: int = ROUNDS,
) -> Figure:
    """Measure both in every round, which of them first in turn; the ratio of a figure is the median of the rounds'."""
    ours(), bare()  # warm: caches filled, templates compiled
    pairs = []
    for number in range(rounds):
        first, second = (ours, bare) if number % 2 else (bare, ours)
        one, other = first(), second()
        pairs.append((one, other) if number % 2 else (other, one))
    ratios = sorted(value / baseline for value, baseline in pairs)
    ratio = median(ratios)
    return Figure(
        id, name, round(median(p[0] for p in pairs), 3), unit, round(median(p[1] for p in pairs), 3),
        round(ratio, 3), (round(ratios[0], 3), round(ratios[-1], 3)), str(goal), goal.is_met(ratio),
    )  # fmt: skip


def as_table(figures: list[Figure]) -> str:
    """The figures as people read them; a Markdown table, so that documents can take it over."""
    lines = [
        "| id | what | ours | baseline | ratio | spread | goal | met |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {f.id} | {f.name} | {f.value:g} {f.unit} | {f.baseline:g} {f.unit} | {f.ratio:.2f} "
        f"| {f.spread[0]:.2f} to {f.spread[1]:.2f} | {f.goal} | {'yes' if f.met else 'no'} |"
        for f in figures
    ]
    return "\n".join(lines)


def write(figures: list[Figure], path: Path) -> None:
    """The file other programs read; figures of benchmarks that did not run this time are kept."""
    measured = {figure.id for figure in figures}
    kept = [row for row in _written(path) if row["id"] not in measured]
    rows = sorted(kept + [asdict(figure) for figure in figures], key=lambda row: int(row["id"][1:]))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _written(path: Path) -> list[dict[str, object]]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
