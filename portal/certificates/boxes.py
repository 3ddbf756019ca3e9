"""The one door to what stands in boxes: typed, missing, and as words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from portal.certificates.parsing import BoxRefused, Value, columns_of, parsed
from portal.certificates.shapes import Box, Definition, Kind
from portal.certificates.wording import Table, country_name, lines_of, table_of

__all__ = [
    "BoxRefused",
    "Table",
    "Value",
    "columns_of",
    "country_name",
    "lines_of",
    "missing",
    "parsed",
    "table_of",
]


def missing(
    definition: Definition,
    values: Mapping[str, Value],
    *,
    parts: Collection[str] | None = None,
    by: Collection[str] | None = None,
) -> list[Box]:
    """The boxes that still need something, in the order of the paper: in those parts, completed by one of `by`.

    A table needs every required cell of every row it has.
    """
    wanted = (one for one in definition.boxes(parts) if one.is_typed)
    mine = (one for one in wanted if by is None or set(by) & set(one.completed_by))
    return [one for one in mine if _lacks(one, values.get(one.box))]


def _lacks(box: Box, value: Value) -> bool:
    if not value:
        return box.required
    needed = {one.column for one in columns_of(box) if one.required}
    return box.kind is Kind.TABLE and any(needed - set(row) for row in value)
