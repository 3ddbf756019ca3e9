"""Which boxes stand beside and under one another: each form says it as rows, every other box takes a row of its own."""

from __future__ import annotations

from collections.abc import Sequence

from portal.printing.paper import PaperBox

Cell = tuple[PaperBox, ...]
"""Boxes under one another."""
Grid = Sequence[Sequence[Sequence[str]]]
"""Rows of cells of box numbers, as the templates of the forms write them."""


def rows_of(boxes: Sequence[PaperBox], grid: Grid) -> list[tuple[Cell, ...]]:
    """The boxes as rows of cells. A grid row stands where its first present box stands; nothing is ever left out.

    A cell whose boxes are all absent goes, and its neighbour has the whole row; a box with a table has its own row.
    """
    by_number = {box.box: box for box in boxes if box.table is None}
    placed: set[str] = set()
    rows: list[tuple[Cell, ...]] = []
    for box in boxes:
        if box.box in placed:
            continue
        named = next((row for row in grid if any(box.box in cell for cell in row)), None)
        if named is None or box.table is not None:
            rows.append(((box,),))
            placed.add(box.box)
            continue
        cells = [tuple(by_number[n] for n in cell if n in by_number and n not in placed) for cell in named]
        rows.append(tuple(cell for cell in cells if cell))
        placed |= {one.box for cell in cells for one in cell}
    return rows
