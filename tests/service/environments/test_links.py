"""Relationships, bulk inserts, foreign keys: the ways in which rows of two environments could meet."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from portal.database import db
from portal.environments.environment import Environment, EnvironmentMismatch, NoEnvironment, using
from portal.environments.everywhere import every_environment
from portal.environments.scope import UnscopedStatement
from portal.organisations.models import OperatorActivity, Organisation
from portal.roles.models import RoleKind
from tests.makers.rows import a_row, every_model, scoped_models

pytestmark = pytest.mark.usefixtures("app")
CROSSING = [
    (model, constraint)
    for model in scoped_models()
    for constraint in sorted(model.__table__.foreign_key_constraints, key=lambda c: str(c.name))
    if constraint.referred_table.info.get("scoped")
]


def a_stray_activity() -> int:
    """An activity of training that hangs, against all rules, on an organisation of production; its number."""
    with using(Environment.PRODUCTION):
        organisation = a_row(Organisation)
        db.session.commit()
    with using(Environment.TRAINING):
        activity = a_row(OperatorActivity)
        db.session.commit()
    unchecked = (
        "PRAGMA foreign_keys=OFF"
        if db.engine.dialect.name == "sqlite"
        else "SET session_replication_role=replica"
    )
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute(unchecked)
        cursor.execute(
            f"UPDATE operator_activities SET organisation_id = {organisation.id} WHERE id = {activity.id}"  # noqa: S608 - two numbers
        )
        raw.commit()
        connection.invalidate()
    return int(organisation.id)


@pytest.mark.parametrize(
    "load", [None, joinedload, selectinload, subqueryload], ids=["lazy", "joined", "select-in", "subquery"]
)
def test_no_way_of_loading_a_relationship_crosses_environments(load: Any) -> None:
    organisation_id = a_stray_activity()
    with using(Environment.PRODUCTION):
        query = select(Organisation).where(Organisation.id == organisation_id)
        found = (
            db.session.scalars(query.options(load(Organisation.activities)) if load else query).unique().one()
        )
        assert found.activities == []


def test_a_join_and_a_relation_in_a_condition_do_not_cross_environments() -> None:
    a_stray_activity()
    with using(Environment.PRODUCTION):
        joined = select(Organisation.id).join(Organisation.activities)
        assert db.session.scalars(joined).all() == []
        assert db.session.scalars(select(Organisation.id).where(Organisation.activities.any())).all() == []
        apart = select(Organisation.id).join(
            OperatorActivity, OperatorActivity.organisation_id == Organisation.id
        )
        assert db.session.scalars(apart).all() == []
    with every_environment("looking for the stray row of this test"):
        assert len(db.session.scalars(joined).all()) == 1


def test_the_database_itself_refuses_a_link_to_another_environment(subtests: pytest.Subtests) -> None:
    for model, constraint in CROSSING:
        with subtests.test(str(constraint.name)):
            _check_crossing_is_refused(model, constraint)


def _check_crossing_is_refused(model: type[Any], constraint: Any) -> None:
    with using(Environment.PRODUCTION):
        parent = a_row(_class_of(constraint.referred_table))
        db.session.commit()
    given = {
        column.name: getattr(parent, element.column.name)
        for column, element in zip(constraint.columns, constraint.elements, strict=True)
        if column.name != "environment"
    }
    assert "environment" in [column.name for column in constraint.columns]
    with using(Environment.TRAINING):
        with pytest.raises(IntegrityError):
            a_row(model, **given)
        db.session.rollback()


def _class_of(table: Any) -> type[Any]:
    return next(model for model in every_model() if model.__table__ is table)


def test_a_bulk_insert_is_stamped_and_another_environment_in_it_refused() -> None:
    with using(Environment.TRAINING):
        parent = a_row(RoleKind)
        db.session.commit()
        values = {"account_id": parent.account_id, "kind": "another", "active": False}
        db.session.execute(insert(RoleKind), [dict(values)])
        db.session.commit()
        assert db.session.scalars(select(RoleKind.environment)).all() == ["training", "training"]
        with pytest.raises(EnvironmentMismatch):
            db.session.execute(insert(RoleKind), [{**values, "environment": "production"}])
        with pytest.raises(UnscopedStatement):
            db.session.execute(insert(RoleKind).values(**values, environment="production"))


def test_a_bulk_insert_outside_every_environment_is_refused() -> None:
    with pytest.raises(NoEnvironment):
        db.session.execute(insert(RoleKind), [{"account_id": 1, "kind": "x", "active": True}])


def test_raw_sql_gives_a_reason_or_is_refused() -> None:
    for statement in ("SELECT * FROM roles", "DELETE FROM roles", "SELECT 1"):
        with using(Environment.TRAINING), pytest.raises(UnscopedStatement):
            db.session.execute(text(statement))
        with pytest.raises(UnscopedStatement):
            db.session.execute(text(statement))


def test_switching_with_a_change_that_was_not_written_writes_it_where_it_was_made() -> None:
    with using(Environment.TRAINING):
        a_row(Organisation, name="made in training")
        db.session.commit()
        organisation = db.session.scalars(select(Organisation)).one()
        organisation.name = "changed in training"
        with using(Environment.PRODUCTION):
            assert db.session.scalars(select(Organisation)).all() == []
        assert db.session.scalars(select(Organisation.name)).one() == "changed in training"


def test_every_environment_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), every_environment(""):
        pass


def test_after_every_environment_the_current_one_counts_again() -> None:
    for environment in (Environment.TRAINING, Environment.PRODUCTION):
        with using(environment):
            a_row(Organisation)
            db.session.commit()
    with using(Environment.TRAINING):
        with every_environment("counting for a test"):
            assert len(db.session.scalars(select(Organisation)).all()) == 2
        assert len(db.session.scalars(select(Organisation)).all()) == 1
