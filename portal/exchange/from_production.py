"""The template «production»: organisations of Production copied into Training without their people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import func, insert, select, update

from portal.database import db
from portal.environments.environment import Environment
from portal.exchange.training import Template
from portal.organisations import tree
from portal.organisations.models import ControlBodyScope, HeldCompetence, OperatorActivity, Organisation
from portal.organisations.register_models import PostDesignation
from portal.organisations.search import ENDED_ACTIVITIES
from portal.organisations.states import OrganisationState
from portal.vocabulary import AuthorityRole
from portal.work.ledger import Facts

NAME = "production"
WIDTH = 1000
SOURCE = Environment.PRODUCTION.value
WHY_UNSCOPED = "the statement names Production: its organisations are read, never its people"
LEFT_OUT = {"id", "environment", "version", "superior_id", "created_by", "telephone", "fax", "email"}
"""Telephone and e-mail of a small operator are those of a person."""
OF_PEOPLE = {"created_by", "decided_by", "decided_at", "reason_code", "reason_text", "address_id"}
PARTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "activities": (OperatorActivity, ("organisation_id", "responsible_id")),
    "scopes": (ControlBodyScope, ("organisation_id", "supervisor_id")),
    "competences": (HeldCompetence, ("organisation_id",)),
    "designations": (PostDesignation, ("organisation_id",)),
}
"""What hangs on organisations, with the columns that name one."""

Values = dict[str, Any]


def pieces() -> Iterator[Facts]:
    """The pieces: organisations first, then what names them, the tree last."""
    here = Organisation.environment == SOURCE
    ends = select(func.min(Organisation.id), func.max(Organisation.id)).where(here)
    first, last = db.session.execute(ends.execution_options(unscoped=WHY_UNSCOPED)).one()
    for what in ("organisations", "superiors", *PARTS):
        for start in range(first or 0, (last or -1) + 1, WIDTH):
            yield {"part": what, "from": start, "label": f"{what} {start}"}
    yield {"part": "tree", "from": 0, "label": "tree"}


def fill(piece: Facts) -> int:
    """Do one piece; returns how many rows it wrote. What is there already stays."""
    what, start = str(piece["part"]), int(piece["from"])
    if what == "tree":
        return tree.rebuild_ancestors()
    rows = _organisations(start)
    if what == "organisations":
        return _copy_organisations(rows)
    return _copy_superiors(rows) if what == "superiors" else _copy_parts(what, rows)


TEMPLATE = Template(NAME, pieces, fill)


def _read(model: type[Any], *conditions: Any) -> list[Values]:
    """Plain values of Production: no row of it is ever loaded here as an object."""
    columns = [getattr(model, attribute.key) for attribute in model.__mapper__.column_attrs]
    query = select(*columns).where(model.environment == SOURCE, *conditions)
    return [
        dict(row) for row in db.session.execute(query.execution_options(unscoped=WHY_UNSCOPED)).mappings()
    ]


def _organisations(start: int) -> list[Values]:
    ours = Organisation.id >= start, Organisation.id < start + WIDTH
    return _read(Organisation, *ours, Organisation.state != OrganisationState.DELETED)


def _key(row: Values) -> str:
    """How a copy is found again: the key of its list, or its number in Production."""
    return str(row["source_key"] or f"{SOURCE}/{row['id']}")


def _copies(rows: Iterable[Values]) -> dict[int, int]:
    """The numbers of the copies here by those of Production."""
    keys = {_key(row): row["id"] for row in rows}
    query = select(Organisation.source_key, Organisation.id).where(Organisation.source_key.in_(list(keys)))
    found = {keys[str(key)]: number for key, number in db.session.execute(query)}
    top = select(Organisation.id).where(Organisation.authority_role == AuthorityRole.COMMISSION)
    commission = db.session.scalar(top.order_by(Organisation.id).limit(1))
    tops = (row["id"] for row in rows if row["authority_role"] == AuthorityRole.COMMISSION)
    return found | (dict.fromkeys(tops, commission) if commission else {})


def _numbered(ids: Collection[int]) -> dict[int, int]:
    return _copies(_read(Organisation, Organisation.id.in_(list(ids)))) if ids else {}


def _copy_organisations(rows: list[Values]) -> int:
    there = _copies(rows)
    missing = [row for row in rows if row["id"] not in there]
    values = [
        {name: value for name, value in row.items() if name not in LEFT_OUT}
        | {"source_key": _key(row), "version": 1}
        for row in missing
    ]
    if values:
        db.session.execute(insert(Organisation), values, execution_options={"render_nulls": True})
    return len(values)


def _copy_superiors(rows: list[Values]) -> int:
    hanging = [row for row in rows if row["superior_id"] is not None]
    numbers = _copies(hanging) | _numbered({row["superior_id"] for row in hanging})
    for row in hanging:
        if row["id"] in numbers and row["superior_id"] in numbers:
            copy = update(Organisation).where(Organisation.id == numbers[row["id"]])
            superior = copy.values(superior_id=numbers[row["superior_id"]])
            db.session.execute(superior.execution_options(synchronize_session=False))
    return len(hanging)


def _copy_parts(what: str, organisations: list[Values]) -> int:
    model, named = PARTS[what]
    numbers = _copies(organisations)
    if not numbers:
        return 0
    living = [OperatorActivity.state.not_in(ENDED_ACTIVITIES)] if model is OperatorActivity else []
    rows = _read(model, model.organisation_id.in_(list(numbers)), *living)
    done = set(
        db.session.scalars(select(model.organisation_id).where(model.organisation_id.in_(numbers.values())))
    )
    rows = [row for row in rows if numbers[row["organisation_id"]] not in done]
    numbers |= _numbered({row[name] for row in rows for name in named if row[name]} - numbers.keys())
    values = [_copy_of(row, named, numbers) for row in rows]
    if values:
        db.session.execute(insert(model), values, execution_options={"render_nulls": True})
    return len(values)


def _copy_of(row: Values, named: Collection[str], numbers: dict[int, int]) -> Values:
    kept = {name: value for name, value in row.items() if name not in LEFT_OUT | OF_PEOPLE}
    return (
        kept | {name: numbers.get(row[name]) for name in named} | ({"version": 1} if "version" in row else {})
    )
