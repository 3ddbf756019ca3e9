"""What became of each row of a file, for the report that people download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.work import ledger
from portal.work.ledger import Facts
from portal.work.states import ItemState


@dataclass(frozen=True)
class ReportLine:
    """A row by its number in the file, with the word of its result and what the sentence needs."""

    row: int
    label: str
    state: ItemState
    word: str
    facts: Facts


def lines_of(work_id: int, *, only_refused: bool = False) -> Iterator[ReportLine]:
    """The rows in their order, read in pieces."""
    for item in ledger.every_item(work_id, ItemState.REFUSED if only_refused else None):
        payload = ledger.payload_of(item)
        row, label = int(payload["row"]), str(payload["label"])
        yield ReportLine(row, label, ItemState(item.state), item.outcome, ledger.facts_of(item))
