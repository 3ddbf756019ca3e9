"""Training made anew: nothing of it is left, nothing else is touched, and a template fills it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.exchange import training
from portal.identity.factor_models import DutyPhone
from portal.jobs import working
from portal.organisations import tree
from portal.organisations.loading import load_organisations
from portal.organisations.models import OperatorActivity, Organisation
from portal.reference.models import DataStamp
from portal.roles.models import Role
from portal.work import ledger
from portal.work.states import WorkState
from tests.makers.organisations import a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member, a_request, acting
from tests.makers.rows import a_row, scoped_models
from tests.makers.works import work_now


def number_of(model: type) -> int:
    """Rows of that class in the current environment."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def a_busy_environment() -> int:
    """A register with people and requests; returns the account of a Commission administrator."""
    country = a_country()
    operator = an_operator(
        "Ferme Exemple", responsible=country.local, telephone="+32 4 555 01 02", email="f@agri.example"
    )
    a_request(operator)
    a_member(operator, administrator=True)
    a_scope(a_control_body("Kontrolle"), "BE-BIO-99", supervisor=country.central)
    chief = a_member(country.commission, administrator=True)
    return chief.id


def reset(template: str) -> None:
    """By command, to its end."""
    list(training.reset_by_command(template))


def test_every_table_of_training_is_emptied_and_no_other_environment(app: Flask) -> None:
    with using(Environment.PRODUCTION):
        a_busy_environment()
        before = {model.__name__: number_of(model) for model in scoped_models()}
    with using(Environment.TRAINING):
        for model in scoped_models():
            a_row(model)
        db.session.commit()
        pieces = [piece for piece in training.pieces_of("demo") if piece["act"] in ("loosen", "empty")]
        for piece in pieces:
            training.do_piece(piece)
        db.session.commit()
        left = {model for model in scoped_models() if number_of(model)}
        assert left == set(training.KEPT)
        assert training.counts() == {}
    with using(Environment.PRODUCTION):
        assert {model.__name__: number_of(model) for model in scoped_models()} == before


def test_the_commission_keeps_its_people_and_the_trail_its_events(app: Flask) -> None:
    with using(Environment.TRAINING):
        load_organisations()
        chief = a_busy_environment()
        events = number_of(AuditEvent)
        highest = db.session.scalar(select(func.max(Organisation.id)))
        reset("demo")
        assert db.session.scalars(select(Role.account_id).where(Role.account_id == chief)).all() == [chief]
        assert number_of(AuditEvent) > events
        names = set(db.session.scalars(select(Organisation.name)))
        assert "Ferme Exemple" not in names
        assert "ABC test Operator" in names
        old = (Organisation.authority_role == "COMMISSION") | (Organisation.id > (highest or 0))
        assert db.session.scalar(select(func.count()).select_from(Organisation).where(~old)) == 0
        assert tree.rebuild_ancestors() == 0


def test_production_without_its_people_becomes_training(app: Flask) -> None:
    with using(Environment.PRODUCTION):
        a_busy_environment()
        a_row(DutyPhone, environment_key="production", organisation_id=1)
        db.session.commit()
    with using(Environment.TRAINING):
        a_country()
        reset("production")
        operator = db.session.scalars(select(Organisation).where(Organisation.name == "Ferme Exemple")).one()
        assert (operator.telephone, operator.email, operator.fax, operator.created_by) == ("", "", "", None)
        activity = db.session.scalars(select(OperatorActivity)).one()
        local = db.session.scalars(select(Organisation).where(Organisation.name == "Local authority")).one()
        assert (activity.organisation_id, activity.responsible_id) == (operator.id, local.id)
        line = [db.session.get_one(Organisation, number).name for number in tree.line_of(local.id)]
        assert line == ["Local authority", "Regional authority", "Central authority", "European Commission"]
        assert number_of(Role) == 0
        assert db.session.scalars(select(DutyPhone.environment_key)).all() == ["production"]
        copied = number_of(Organisation)
        for piece in training.pieces_of("production"):
            if piece["act"] == "production":
                assert training.do_piece(piece) >= 0
        assert number_of(Organisation) == copied
        assert number_of(OperatorActivity) == 1


@pytest.mark.parametrize("place", [Environment.PRODUCTION, Environment.ACCEPTANCE])
def test_nowhere_else_is_anything_deleted(app: Flask, place: Environment) -> None:
    with using(place):
        chief = acting(db.session.get_one(_account(), a_busy_environment()))
        there = number_of(Organisation)
        with pytest.raises(Hidden):
            training.begin_reset("demo", chief)
        with pytest.raises(training.NotResettable):
            reset("demo")
        with pytest.raises(training.NotResettable):
            training.do_piece({"act": "empty", "table": "organisations"})
        db.session.rollback()
        assert number_of(Organisation) == there


def _account() -> type:
    from portal.identity.models import Account

    return Account


def test_without_the_stamp_of_the_database_nothing_is_deleted(app: Flask) -> None:
    db.session.delete(db.session.get_one(DataStamp, training.STAMP))
    db.session.commit()
    with using(Environment.TRAINING), pytest.raises(training.NotResettable):
        reset("demo")


def test_only_administrators_of_the_commission_may(app: Flask) -> None:
    with using(Environment.TRAINING):
        country = a_country()
        for person in (a_member(country.commission), a_member(country.central, administrator=True)):
            with pytest.raises(Refused):
                training.begin_reset("demo", acting(person))


def test_the_worker_does_it_piece_by_piece_and_another_one_goes_on(app: Flask) -> None:
    with using(Environment.TRAINING):
        load_organisations()
        chief = acting(db.session.get_one(_account(), a_busy_environment()))
        work_id = training.begin_reset("demo", chief).id
        claimed = ledger.claim(work_id)
        assert claimed is not None
        for _time in range(3):
            working._alone(training.HANDLER, claimed, ledger.waiting_items(claimed, 1)[0])
        clock.advance(ledger.LEASE + timedelta(seconds=1))
        working.run_due()
        work = work_now(work_id)
        assert (work.state, work.refused) == (WorkState.DONE, 0)
        assert "ABC test Operator" in set(db.session.scalars(select(Organisation.name)))
