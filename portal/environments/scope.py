"""Scoping by environment: the mixin, and the session listeners that add it to every read and write."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Column, String, Table, TextClause, event
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors

from portal.database import Base, db
from portal.environments.environment import (
    EnvironmentMismatch,
    NoEnvironment,
    current,
    current_or_none,
    on_switch,
)

all_environments: ContextVar[bool] = ContextVar("all_environments", default=False)


MOST_ACCEPTED = 4096
_accepted: set[Any] = set()
"""The cache keys of statements that reach scoped tables through their classes only."""


class UnscopedStatement(Exception):
    """Raw or Core SQL was about to touch a scoped table, or raw SQL gave no reason."""


class EnvironmentScoped:
    """Mixin of every table whose rows belong to one environment; never set or filter the column by hand."""

    @declared_attr
    def environment(cls) -> Mapped[str]:
        """NOT NULL without default: an insert that forgets it fails."""
        return mapped_column(String(12), nullable=False)


def is_scoped_table(table: object) -> bool:
    """Whether rows of that table belong to one environment."""
    return isinstance(table, Table) and bool(table.info.get("scoped"))


@event.listens_for(Base, "instrument_class", propagate=True)
def _mark_scoped(_mapper: object, cls: type) -> None:
    if issubclass(cls, EnvironmentScoped) and hasattr(cls, "__table__"):
        cls.__table__.info["scoped"] = True


def _touches_scoped(statement: Any) -> bool:
    return any(is_scoped_table(part) for part in visitors.iterate(statement))


@event.listens_for(Session, "do_orm_execute")
def _scope_statement(state: ORMExecuteState) -> None:
    if all_environments.get() or state.execution_options.get("unscoped"):
        return
    if isinstance(state.statement, TextClause):
        raise UnscopedStatement("raw SQL needs execution_options(unscoped=reason)")
    environment = current_or_none()
    if environment is None or not state.is_orm_statement:
        _refuse_scoped(state.statement, environment)
        return
    given = state.statement
    if not state.is_insert:
        value = environment.value
        criterion = with_loader_criteria(
            EnvironmentScoped, lambda cls: cls.environment == value, include_aliases=True
        )
        state.statement = given.options(criterion)
    _check_shape(state, given)


def _refuse_scoped(statement: Any, environment: object) -> None:
    if _touches_scoped(statement):
        if environment is None:
            raise NoEnvironment("a scoped table was asked for while no environment is current")
        raise UnscopedStatement("scoped tables are reached through their classes only")


def _check_shape(state: ORMExecuteState, given: Any) -> None:
    if not (state.is_relationship_load or _is_get(state)):
        _refuse_bare_columns(state.statement, given)
    if state.is_insert:
        _stamp_bulk_insert(state)
    if state.is_update:
        _refuse_moving_rows(state)


def _is_get(state: ORMExecuteState) -> bool:
    # session.get() compares the bare key columns of its class; the criterion is added beside them.
    where: Any = getattr(state.statement, "_where_criteria", ())
    mapper: Any = state.bind_mapper
    return mapper is not None and len(where) == 1 and where[0] is mapper._get_clause[0]


def _refuse_bare_columns(scoped: Any, given: Any) -> None:
    # To walk a long statement takes longer than the database takes to answer it. Those of one cache key differ in their
    # values alone; SQLAlchemy makes that key for the statement it executes in any case.
    shape = scoped._generate_cache_key()
    if shape is not None and shape.key in _accepted:
        return
    _walk(given)
    if shape is not None:
        if len(_accepted) >= MOST_ACCEPTED:
            _accepted.clear()
        _accepted.add(shape.key)


def _walk(statement: Any) -> None:
    # The criterion is added to classes: a bare table beside them would show every environment.
    for part in visitors.iterate(statement):
        if not isinstance(part, Column) or part._annotations:
            continue
        table = getattr(part, "table", None)
        if is_scoped_table(getattr(table, "element", table)):
            raise UnscopedStatement("scoped tables are reached through their classes only")


def _refuse_moving_rows(state: ORMExecuteState) -> None:
    if not _touches_scoped(state.statement):
        return
    if isinstance(state.parameters, list):
        raise UnscopedStatement("an update by a list of keys takes no criterion")
    statement: Any = state.statement
    columns = (*(statement._values or ()), *(state.parameters or ()))
    named = {getattr(column, "key", column) for column in columns}
    if "environment" in named:
        raise EnvironmentMismatch("a row never changes its environment")


def _stamp_bulk_insert(state: ORMExecuteState) -> None:
    if not _touches_scoped(state.statement):
        return
    rows: Any = state.parameters
    if not rows:
        raise UnscopedStatement("scoped rows are inserted with their values as parameters")
    for row in [rows] if isinstance(rows, dict) else rows:
        if row.setdefault("environment", current().value) != current().value:
            raise EnvironmentMismatch(f"{row['environment']} row written in {current().value}")


@event.listens_for(Session, "before_flush")
def _stamp_rows(session: Session, _context: object, _instances: object) -> None:
    for row in session.new:
        if isinstance(row, EnvironmentScoped) and not row.environment:
            row.environment = current().value
    if all_environments.get():
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, EnvironmentScoped) and row.environment != current().value:
            raise EnvironmentMismatch(f"{row.environment} row written in {current().value}")


def _forget_loaded_rows() -> None:
    # session.get() answers from the identity map: rows of the former environment must not be in it.
    if db.session.registry.has():
        session = db.session()
        if session.new or session.dirty or session.deleted:
            session.flush()
        session.expunge_all()


on_switch(_forget_loaded_rows)
