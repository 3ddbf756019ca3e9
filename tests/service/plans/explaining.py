"""How a database means to answer the statements a piece of code sends, and whether that reads a table to its end."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event

from portal.database import db

GROWING = frozenset(
    {
        "accounts",
        "audit_events",
        "audit_subjects",
        "certificate_boxes",
        "certificate_controls",
        "certificate_parties",
        "certificates",
        "operator_activities",
        "organisations",
        "role_kinds",
        "roles",
    }
)
"""Tables that grow with the register: none of them is read to its end for a page."""
WALKED = frozenset(
    {
        "ix_audit_events_listing",
        "ix_roles_listing",
        "pk_certificates",
        "sqlite_autoindex_certificates_2",
        "uq_certificates_environment_id",
    }
)
"""Indexes in the order of a list: a page walks along one and stops when it is full."""
ONLY_ENVIRONMENT = re.compile(r"\(+environment\)*(::text)? = '\w+'(::\S+)?\)+")


@contextlib.contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """The SELECTs sent inside the block, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def whole_readings(statement: str, parameters: Any) -> list[str]:
    """The steps of the plan that go through a growing table, or an index of it, from end to end."""
    cursor = db.session.connection().connection.cursor()
    walks = "LIMIT" in statement
    if db.engine.dialect.name == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[3] for row in cursor.fetchall() if _is_scan(row[3], walks=walks)]
    # What has an index uses it even where a small table is read, or joined as a whole, quicker without.
    for way in ("seqscan", "hashjoin", "mergejoin"):
        cursor.execute(f"SET LOCAL enable_{way} = off")
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    answer = cursor.fetchone()[0]
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return [_told(node) for node in _nodes(plan[0]["Plan"]) if _reads_all(node, walks=walks)]


def _is_scan(step: str, *, walks: bool) -> bool:
    words = step.split()
    walked = walks and any(name in words for name in WALKED)
    goes_through = words[0] == "SCAN" or (step.endswith("(environment=?)") and not walked)
    return goes_through and _table(words[1]) in GROWING


def _table(name: str) -> str:
    """Without the number that makes a name unique where a table stands twice."""
    return name.rstrip("0123456789").rstrip("_")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _reads_all(node: dict[str, Any], *, walks: bool) -> bool:
    index = node.get("Index Name", "")
    if (walks and index in WALKED) or not _is_of_growing(node.get("Relation Name", ""), index):
        return False
    return node["Node Type"] == "Seq Scan" or (bool(index) and not _narrows(node.get("Index Cond", "")))


def _is_of_growing(table: str, index: str) -> bool:
    # A bitmap of an index names no table; the names of indexes do.
    return table in GROWING or (not table and any(f"_{name}_" in f"{index}_" for name in GROWING))


def _narrows(condition: str) -> bool:
    """Whether the index is asked for more than all rows of the environment."""
    return bool(condition) and not ONLY_ENVIRONMENT.fullmatch(condition)


def _told(node: dict[str, Any]) -> str:
    words = ("Node Type", "Relation Name", "Index Name", "Alias", "Filter", "Index Cond")
    return " ".join(str(node[word]) for word in words if word in node)
