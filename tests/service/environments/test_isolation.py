"""Each scoped table, found in the mapper registry: a row of training does not exist in production."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, exists, func, inspect, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased

from portal.database import db
from portal.environments.environment import Environment, EnvironmentMismatch, NoEnvironment, using
from portal.environments.everywhere import every_environment
from portal.environments.scope import UnscopedStatement
from tests.makers.rows import a_row, a_value, every_model, scoped_models

pytestmark = pytest.mark.usefixtures("app")


def key_of(row: Any) -> tuple[Any, ...]:
    """The primary key."""
    return tuple(inspect(row).identity)


def first_key(model: type[Any]) -> Any:
    """The first attribute of the primary key."""
    mapper = inspect(model)
    return getattr(model, mapper.get_property_by_column(mapper.primary_key[0]).key)


def a_training_row(model: type[Any]) -> tuple[Any, ...]:
    """The key of a committed row of training."""
    with using(Environment.TRAINING):
        row = a_row(model)
        db.session.commit()
        return key_of(row)


def rows_there(model: type[Any]) -> int:
    """How many rows of the table exist in all environments."""
    with every_environment("counting for a test"):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_reads_of_production_do_not_see_a_row_of_training(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            key = a_training_row(model)
            first = first_key(model)
            other = aliased(model)
            with using(Environment.PRODUCTION):
                assert db.session.scalars(select(model)).all() == []
                assert db.session.scalars(select(other)).all() == []
                assert db.session.get(model, key) is None
                assert db.session.scalar(select(func.count()).select_from(model)) == 0
                assert db.session.scalar(select(func.count(first))) == 0
                assert db.session.scalars(select(first).where(exists(select(other)))).all() == []
                assert db.session.query(model).count() == 0
                assert db.session.execute(select(first).union_all(select(first))).all() == []
                assert db.session.scalars(select(first).where(first.in_(select(first)))).all() == []
            with using(Environment.TRAINING):
                assert db.session.get(model, key) is not None
                assert db.session.scalar(select(func.count()).select_from(model)) >= 1


def test_a_row_loaded_in_training_is_not_got_from_memory_in_production(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            key = a_training_row(model)
            with using(Environment.TRAINING):
                assert db.session.get(model, key) is not None
                with using(Environment.PRODUCTION):
                    assert db.session.get(model, key) is None
                assert db.session.get(model, key) is not None


def test_updates_and_deletes_of_production_leave_a_row_of_training_alone(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            a_training_row(model)
            before = rows_there(model)
            column = next(c for c in inspect(model).columns if c.name not in ("environment", "version"))
            with using(Environment.PRODUCTION):
                assert db.session.execute(update(model).values({column.key: a_value(column)})).rowcount == 0
                assert db.session.execute(delete(model)).rowcount == 0
                db.session.commit()
            assert rows_there(model) == before


def test_a_bulk_update_cannot_carry_rows_to_another_environment(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            a_training_row(model)
            with using(Environment.TRAINING):
                with pytest.raises(EnvironmentMismatch):
                    db.session.execute(update(model).values(environment="production"))
                with pytest.raises(EnvironmentMismatch):
                    db.session.execute(update(model), {"environment": "production"})
                with pytest.raises(UnscopedStatement):
                    db.session.execute(update(model), [{"environment": "production"}])


def test_a_row_of_training_can_not_be_changed_deleted_or_added_in_production(
    subtests: pytest.Subtests,
) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            with using(Environment.TRAINING):
                row = a_row(model)
                db.session.commit()
            columns = [c for c in inspect(model).columns if c.name not in ("environment", "version")]
            # Where the whole row is its key, a part of the key.
            column = next((c for c in columns if not c.primary_key), columns[0])
            with using(Environment.PRODUCTION):
                setattr(row, inspect(model).get_property_by_column(column).key, a_value(column))
                db.session.add(row)
                with pytest.raises(EnvironmentMismatch):
                    db.session.flush()
                db.session.expunge_all()
                with pytest.raises(EnvironmentMismatch):
                    a_row(model, environment="training")
                db.session.rollback()


def test_outside_every_environment_a_read_is_an_error_and_not_all_rows(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            a_training_row(model)
            first = first_key(model)
            for statement in (select(model), select(aliased(model)), select(first), select(exists().where(first == 1)),
                              select(func.count()).select_from(model), delete(model)):  # fmt: skip
                with pytest.raises(NoEnvironment):
                    db.session.execute(statement)
            with pytest.raises((NoEnvironment, StatementError)):
                a_row(model)
            db.session.rollback()


def test_statements_that_go_round_the_class_are_refused(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            table = model.__table__
            with using(Environment.PRODUCTION):
                for statement in (select(table), table.delete(), table.update().values(environment="training"),
                                  select(func.count()).select_from(table),
                                  select(exists().where(first_key(model) == 1))):  # fmt: skip
                    with pytest.raises(UnscopedStatement):
                        db.session.execute(statement)


def test_the_bare_table_inside_a_statement_about_classes_is_refused(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__):
            table, shared = model.__table__, next(m for m in every_model() if m.__name__ == "Account")
            with using(Environment.PRODUCTION), pytest.raises(UnscopedStatement):
                db.session.execute(select(shared, table.c.environment))
            with using(Environment.PRODUCTION), pytest.raises(UnscopedStatement):
                db.session.execute(select(shared).where(exists(select(table.c.environment))))
            with using(Environment.PRODUCTION), pytest.raises(UnscopedStatement):
                db.session.execute(select(model).where(exists(select(table.c.environment))))


def test_the_same_sql_of_the_class_lets_nothing_bare_pass(subtests: pytest.Subtests) -> None:
    shared = next(m for m in every_model() if m.__name__ == "Account")
    for model in scoped_models():
        of_class, of_table = model.environment, model.__table__.c.environment
        for statement in (
            lambda column: select(shared, select(column).limit(1).scalar_subquery()),
            lambda column: select(shared).where(exists(select(column))),
            lambda column: select(shared).where(shared.id.in_(select(func.count(column)))),
            lambda column: select(shared).order_by(select(column).limit(1).scalar_subquery()),
        ):
            with subtests.test(model.__name__), using(Environment.PRODUCTION):
                for _twice in range(2):
                    db.session.execute(statement(of_class))
                with pytest.raises(UnscopedStatement):
                    db.session.execute(statement(of_table))


def test_a_row_is_stamped_with_the_environment_it_is_written_in(subtests: pytest.Subtests) -> None:
    for model in scoped_models():
        with subtests.test(model.__name__), using(Environment.ACCEPTANCE):
            assert a_row(model).environment == "acceptance"
