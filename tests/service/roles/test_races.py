"""Several people at the same moment: exactly one decision, one kind, one administrator."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations.models import OperatorActivity
from portal.roles import queries
from portal.roles.changes import AlreadyDecided
from portal.roles.models import Role
from portal.roles.requesting import AlreadyRequested, KindHeld, RoleWish, request_roles, withdraw_role
from portal.roles.service import NotFirstUser, Rejection, Validation, reject_role, validate_role
from portal.roles.states import RejectReason
from portal.vocabulary import OrganisationKind
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request, acting

pytestmark = pytest.mark.usefixtures("production")
ROUNDS = 5


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do these in threads at the same moment; what each returned or raised."""
    fresh_session()
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context(), using(Environment.PRODUCTION):
            start.wait()
            try:
                return act()
            except Exception as refused:
                db.session.rollback()
                return type(refused)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def fresh_session() -> None:
    """Let go of the database; see later what others wrote."""
    db.session.rollback()
    db.session.expire_all()


def test_of_two_decisions_exactly_one_counts(app: Flask) -> None:
    country = a_country()
    first, second = acting(a_member(country.local)), acting(a_member(country.central))
    operator = an_operator(responsible=country.local)
    for _round in range(ROUNDS):
        role_id = a_request(operator).id
        results = at_once(
            app,
            lambda role_id=role_id: validate_role(Validation(role_id), first),
            lambda role_id=role_id: reject_role(Rejection(role_id, RejectReason.UNKNOWN_PERSON), second),
        )
        assert sum(result is AlreadyDecided for result in results) == 1
        fresh_session()


def test_of_two_kinds_asked_for_at_once_exactly_one_is_held(app: Flask) -> None:
    operator, authority = an_operator(), an_authority()
    for _round in range(ROUNDS):
        person = a_user_with_telephone()
        actor = acting(person)
        wishes = [
            RoleWish(OrganisationKind.OPERATOR, (operator.id,)),
            RoleWish(OrganisationKind.AUTHORITY, (authority.id,)),
        ]
        results = at_once(
            app, *(lambda wish=wish, actor=actor: request_roles(wish, actor) for wish in wishes)
        )
        assert sum(result is KindHeld for result in results) == 1
        fresh_session()
        assert len(queries.roles_of(person.id)) == 1


def test_the_same_request_sent_twice_at_once_is_one_request(app: Flask) -> None:
    operator, person = an_operator(), a_user_with_telephone()
    wish, actor = RoleWish(OrganisationKind.OPERATOR, (operator.id,)), acting(person)

    results = at_once(app, *(lambda: request_roles(wish, actor) for _twice in range(2)))

    assert sum(result is AlreadyRequested for result in results) == 1
    fresh_session()
    assert db.session.query(Role).count() == 1


def test_two_first_users_do_not_both_become_administrators(app: Flask) -> None:
    country = a_country()
    actors = [acting(a_member(country.local)) for _two in range(2)]
    operator = an_operator(responsible=country.local)
    roles = [a_request(operator).id for _two in range(2)]

    results = at_once(
        app,
        *(
            lambda actor=actor, role_id=role_id: validate_role(Validation(role_id, administrator=True), actor)
            for actor, role_id in zip(actors, roles, strict=True)
        ),
    )

    assert sum(result is NotFirstUser for result in results) == 1
    fresh_session()
    assert db.session.query(Role).filter_by(organisation_id=operator.id, is_administrator=True).count() == 1


def test_a_kind_let_go_while_a_new_request_needs_it_stays_held(app: Flask) -> None:
    old, new = an_operator(), an_operator()
    for _round in range(ROUNDS):
        person = a_user_with_telephone()
        role_id, actor = a_request(old, person).id, acting(person)
        wish = RoleWish(OrganisationKind.OPERATOR, (new.id,))
        at_once(
            app,
            lambda role_id=role_id, actor=actor: withdraw_role(role_id, actor),
            lambda wish=wish, actor=actor: request_roles(wish, actor),
        )
        fresh_session()
        assert queries.kind_held(person.id) is OrganisationKind.OPERATOR


def test_an_operator_is_validated_once_by_two_authorities_at_once(app: Flask) -> None:
    country = a_country()
    operator = an_operator(responsible=country.local, state="new")
    role_id = a_request(operator).id
    actors = [acting(a_member(country.local)), acting(a_member(country.central))]

    results = at_once(
        app,
        *(
            lambda actor=actor: validate_role(Validation(role_id, with_operator=True), actor)
            for actor in actors
        ),
    )

    assert sum(isinstance(result, Role) for result in results) == 1
    fresh_session()
    assert [one.state for one in db.session.query(OperatorActivity)] == ["valid"]
