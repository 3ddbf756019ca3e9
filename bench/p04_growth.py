"""P4: the pages that read what grows, on a large register, against the same pages on one of ten thousand operators."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bench.measuring import Figure, at_most, in_turn
from bench.reading import Reader
from bench.registers import LARGEST, SIZES, Register, Registers, opened
from bench.run import Run

SMALL = 10_000
ENGINES = ("sqlite", "postgresql")
GOAL = at_most(1.3)
TIMES = 4
"""How many pages each value is the mean of."""


@dataclass(frozen=True)
class Asked:
    """A page, and the person of the demo who opens it."""

    name: str
    person: str
    path: str


PAGES = (
    Asked("operator search", "newcomer", "/production/role-requests/new/operator?country=FR"),
    Asked("queue, central authority", "national-authority", "/production/validation"),
    Asked("queue, local authority", "veterinarian", "/production/validation"),
    Asked("profile", "national-authority", "/production/profile"),
    Asked("audit trail", "commission", "/production/audit-trail"),
)


def measure(_run: Run) -> list[Figure]:
    """Milliseconds on the clock for a page, the database's work in them, on both databases."""
    with opened() as registers:
        return [figure for engine in ENGINES for figure in _on(registers, engine)]


def _on(registers: Registers, engine: str) -> Iterator[Figure]:
    with _reader(registers.get(engine, SMALL)) as small:
        for size in (size for size in SIZES if SMALL < size <= LARGEST):
            with _reader(registers.get(engine, size)) as large:
                yield from (_figure(page, f"{size:,} operators, {engine}", small, large) for page in PAGES)


@contextlib.contextmanager
def _reader(register: Register) -> Iterator[Reader]:
    reader = Reader(register)
    try:
        yield reader
    finally:
        reader.close()


def _figure(page: Asked, where: str, small: Reader, large: Reader) -> Figure:
    ours, theirs = partial(_milliseconds, large, page), partial(_milliseconds, small, page)
    figure = in_turn("P4", f"{page.name}, {where}", "ms", GOAL, ours, theirs)
    _compare_statements(figure.name, page, small, large)
    return figure


def _milliseconds(reader: Reader, page: Asked) -> float:
    return reader.read(page.person, page.path, TIMES).milliseconds


def _compare_statements(name: str, page: Asked, small: Reader, large: Reader) -> None:
    """The number of statements may not depend on the size; printed, and the run ends where it does."""
    less, more = (reader.read(page.person, page.path, 1) for reader in (small, large))
    print(
        f"{name}: {less.statements} statements, {more.statements} on the larger", file=sys.stderr, flush=True
    )
    # A page of few rows may have fewer: what a list looks up for its rows is not asked for an empty list.
    assert less.statements == more.statements or less.rows < more.rows, f"{name}: more statements"
