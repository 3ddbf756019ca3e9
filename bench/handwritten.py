"""The baseline of the operator search: SQL by hand for the same questions, over the driver, without any class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.organisations.folding import folded
from portal.organisations.search import OperatorSearch

COLUMNS = (
    "o.id, o.name, o.name_sort, o.code, o.eori, o.street, o.postcode, o.city, o.country, o.state, o.origin"
)
LISTED = (
    "o.environment = 'production' AND o.kind = 'operator' AND o.country = :country "
    "AND o.state IN ('valid', 'new')"
)
ORDERED = "ORDER BY o.name_sort, o.id LIMIT 26"
ACTIVITIES = (
    "SELECT organisation_id, id, section_code, activity_code, state, responsible_id "
    "FROM operator_activities WHERE organisation_id IN ({}) AND environment = 'production'"
)
Statement = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """A search as a person makes it; `after` is name and number of the row before the page."""

    name: str
    wanted: OperatorSearch
    after: tuple[str, int] | None = None
    values: dict[str, Any] = field(default_factory=dict)


def candidates(question: Question, engine: str) -> list[Statement]:
    """Every way by hand that is worth trying; the quickest of them is the baseline."""
    wanted, words = question.wanted, folded(question.wanted.text)
    where, values = [LISTED], {"country": wanted.country, **question.values}
    if question.after:
        where.append("(o.name_sort, o.id) > (:name, :number)")
        values |= {"name": question.after[0], "number": question.after[1]}
    if wanted.section:
        return _by_activity(where, values, wanted)
    if words and len(words) <= 2:
        where.append("o.name_sort >= :words AND o.name_sort < :past" + _as_text(engine))
        return [_select(where, values | {"words": words, "past": words + "\U0010ffff"})]
    for number, word in enumerate(words.split()):
        where.append(f"o.search_text LIKE :w{number}")
        values[f"w{number}"] = f"%{word}%"
    plain = _select(where, values)
    return [plain, _by_trigrams(where, values, words)] if words and engine == "sqlite" else [plain]


def _as_text(engine: str) -> str:
    return " AND o.name_sort LIKE :words || '%'" if engine == "postgresql" else ""


def _select(where: list[str], values: dict[str, Any]) -> Statement:
    return f"SELECT {COLUMNS} FROM organisations o WHERE {' AND '.join(where)} {ORDERED}", values  # noqa: S608


def _by_trigrams(where: list[str], values: dict[str, Any], words: str) -> Statement:
    match = "o.id IN (SELECT rowid FROM organisation_search WHERE organisation_search MATCH :match)"
    sought = " AND ".join(f'"{word}"' for word in words.split())
    return _select([*where, match], {**values, "match": sought})


def _by_activity(where: list[str], values: dict[str, Any], wanted: OperatorSearch) -> list[Statement]:
    does = (
        "SELECT a.organisation_id FROM operator_activities a WHERE a.environment = 'production' "
        "AND a.section_code = :section AND a.activity_code = :activity AND a.state NOT IN ('rejected', 'deleted')"
    )
    values = {**values, "section": wanted.section, "activity": wanted.activity}
    return [
        _select([*where, f"o.id IN ({does})"], values),
        _select([*where, f"EXISTS ({does} AND a.organisation_id = o.id)"], values),
        _select([*where, f"EXISTS ({does} AND a.organisation_id = o.id LIMIT 1 OFFSET 0)"], values),
    ]


def ask(cursor: Any, statement: Statement, engine: str) -> int:
    """Read the page and the activities of its operators; returns how many operators there are."""
    sql, values = statement
    found = _rows(cursor, sql, values, engine)
    if found:
        marks = ", ".join(str(int(row[0])) for row in found)
        _rows(cursor, ACTIVITIES.format(marks), {}, engine)
    return len(found)


def _rows(cursor: Any, sql: str, values: dict[str, Any], engine: str) -> list[Any]:
    if engine == "postgresql":
        sql = sql.replace("%", "%%")
        for name in sorted(values, key=len, reverse=True):
            sql = sql.replace(f":{name}", f"%({name})s")
    cursor.execute(sql, values)
    return list(cursor.fetchall())
