"""Asking for roles: one request for each row, one kind for each person, all rows or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.config import Settings
from portal.database import db
from portal.environments.environment import Environment, using
from portal.limits.ledger import TooMany
from portal.messages import outbox
from portal.messages.catalogue import RoleRequestedNotice, RoleRequestReceived
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.changes import AlreadyDecided, NotThere
from portal.roles.models import Role
from portal.roles.requesting import (
    AlreadyRequested,
    KindHeld,
    NotRequestable,
    RoleWish,
    request_roles,
    withdraw_role,
)
from portal.roles.states import RoleState
from portal.vocabulary import OrganisationKind
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")
OPERATOR, AUTHORITY = OrganisationKind.OPERATOR, OrganisationKind.AUTHORITY


def wish(*organisations: Organisation, **more: str) -> RoleWish:
    """A request for these organisations."""
    return RoleWish(OrganisationKind(organisations[0].kind), tuple(o.id for o in organisations), **more)


def open_requests() -> int:
    """How many rows of roles there are here."""
    return db.session.query(Role).count()


def test_each_ticked_row_becomes_a_request_of_its_own() -> None:
    first, second = an_operator("ABC test 2"), an_operator("ABC test Operator")
    actor = acting(a_user_with_telephone())

    roles = request_roles(
        wish(first, second, message="I am new here", contact_email="me@agri.example"), actor
    )

    assert {role.organisation_id for role in roles} == {first.id, second.id}
    assert {(r.state, r.message, r.contact_email) for r in roles} == {
        ("requested", "I am new here", "me@agri.example")
    }
    assert queries.kind_held(actor.account_id) is OPERATOR


def test_the_request_and_its_event_are_written_together() -> None:
    actor = acting(a_user_with_telephone())

    (role,) = request_roles(wish(an_operator()), actor)

    event = db.session.query(AuditEvent).filter_by(name="RoleRequested").one()
    assert (event.subject_kind, event.subject_id) == ("role", role.id)
    assert (event.actor_account_id, event.environment) == (actor.account_id, "production")


def test_validators_and_requester_are_told_in_their_own_language() -> None:
    country = a_country()
    officer = a_member(country.local, first_name="Dominique", language="fr")
    operator = an_operator("Fret Exemple", responsible=country.local)
    person = a_user_with_telephone("Robin", "Modele", language="de")

    (role,) = request_roles(wish(operator), acting(person))

    rows = {row.account_id: row for row in db.session.query(OutgoingMessage)}
    assert {key: row.language for key, row in rows.items()} == {officer.id: "fr", person.id: "de"}
    notice, received = outbox.message_of(rows[officer.id]), outbox.message_of(rows[person.id])
    assert isinstance(notice, RoleRequestedNotice)
    assert (notice.requester, notice.organisation) == ("Robin Modele", "Fret Exemple")
    assert notice.path == f"/production/validation/{role.id}"
    assert isinstance(received, RoleRequestReceived)


def test_with_strict_validators_only_administrators_are_told(settings: Callable[..., Settings]) -> None:
    country = a_country()
    a_member(country.local)
    head = a_member(country.local, administrator=True)
    actor = acting(a_user_with_telephone(), strict=True)

    request_roles(wish(an_operator(responsible=country.local)), actor)

    told = {row.account_id for row in db.session.query(OutgoingMessage)}
    assert told == {head.id, actor.account_id}


def test_a_second_kind_of_role_is_refused_by_the_rule() -> None:
    person = a_user_with_telephone()
    a_request(an_operator(), person)

    with pytest.raises(Refused):
        request_roles(wish(an_authority()), acting(person))


def test_a_second_kind_of_role_is_refused_by_the_schema_when_the_rule_saw_none() -> None:
    person = a_user_with_telephone()
    seen_before = acting(person)
    request_roles(wish(an_operator()), seen_before)

    with pytest.raises(KindHeld):
        request_roles(wish(an_authority()), seen_before)

    assert [role.kind for role in queries.roles_of(person.id)] == ["operator"]


def test_each_environment_holds_its_own_kind() -> None:
    person = a_user_with_telephone()
    a_request(an_operator(), person)

    with using(Environment.TRAINING):
        request_roles(wish(an_authority()), acting(person))
        assert queries.kind_held(person.id) is AUTHORITY
    assert queries.kind_held(person.id) is OPERATOR


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_row_that_cannot_be_asked_for_stops_all(place: int) -> None:
    rows = [an_operator(), an_operator()]
    rows.insert(place, an_operator(state=OrganisationState.SUSPENDED))

    with pytest.raises(NotRequestable) as refused:
        request_roles(wish(*rows), acting(a_user_with_telephone()))

    assert refused.value.row.row_id == rows[place].id
    db.session.rollback()
    assert open_requests() == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_row_asked_for_already_stops_all_and_is_named(place: int) -> None:
    person = a_user_with_telephone()
    rows = [an_operator(), an_operator(), an_operator()]
    a_request(rows[place], person)

    with pytest.raises(AlreadyRequested) as refused:
        request_roles(wish(*rows), acting(person))

    assert refused.value.row.name == rows[place].name
    assert open_requests() == 1


def test_a_row_of_another_environment_is_not_there() -> None:
    with using(Environment.TRAINING):
        foreign = wish(an_operator())

    with pytest.raises(NotThere):
        request_roles(foreign, acting(a_user_with_telephone()))


def test_a_row_of_another_kind_is_not_there() -> None:
    authority = an_authority()

    with pytest.raises(NotThere):
        request_roles(RoleWish(OPERATOR, (authority.id,)), acting(a_user_with_telephone()))


def test_a_request_without_rows_is_not_there() -> None:
    with pytest.raises(NotThere):
        request_roles(RoleWish(OPERATOR, ()), acting(a_user_with_telephone()))


def test_nobody_asks_for_a_role_in_the_commission() -> None:
    commission = a_country().commission

    with pytest.raises(NotRequestable):
        request_roles(wish(commission), acting(a_user_with_telephone()))


def test_two_rows_of_one_control_body_are_two_requests_and_an_expired_one_is_none() -> None:
    country, body = a_country(), a_control_body("Quality Partner")
    own = a_scope(body, "BE-BIO-03", supervisor=country.central)
    abroad = a_scope(body, "ID-BIO-168", country="ID")
    over = a_scope(body, "CN-BIO-168", country="CN", valid_until=clock.now().date() - timedelta(days=1))
    actor = acting(a_user_with_telephone())
    kind = OrganisationKind.CONTROL_BODY

    roles = request_roles(RoleWish(kind, (own.id, abroad.id)), actor)
    with pytest.raises(NotRequestable):
        request_roles(RoleWish(kind, (over.id,)), actor)

    assert {(role.organisation_id, role.scope_id) for role in roles} == {
        (body.id, own.id),
        (body.id, abroad.id),
    }


def test_requests_of_one_account_are_limited() -> None:
    actor = acting(a_user_with_telephone())
    for _number in range(3):
        request_roles(wish(*[an_operator() for _row in range(20)]), actor)

    with pytest.raises(TooMany):
        request_roles(wish(an_operator()), actor)


def test_a_request_without_second_factor_is_refused(app: Flask) -> None:
    from dataclasses import replace

    from portal.vocabulary import Assurance, Method

    actor = replace(acting(a_user_with_telephone()), assurance=Assurance.PASSWORD, method=Method.PASSWORD)

    with pytest.raises(Refused):
        request_roles(wish(an_operator()), actor)


def test_the_requester_withdraws_and_the_kind_is_free() -> None:
    person = a_user_with_telephone()
    role = a_request(an_operator(), person)

    withdraw_role(role.id, acting(person))

    assert role.state == "withdrawn"
    assert queries.kind_held(person.id) is None
    assert db.session.query(AuditEvent).filter_by(name="RoleWithdrawn").count() == 1
    request_roles(wish(an_authority()), acting(person))


def test_a_kind_stays_held_while_another_role_needs_it() -> None:
    person = a_user_with_telephone()
    a_role(person, an_operator())
    role = a_request(an_operator(), person)

    withdraw_role(role.id, acting(person))

    assert queries.kind_held(person.id) is OPERATOR


def test_nobody_withdraws_the_request_of_another() -> None:
    role = a_request(an_operator())

    with pytest.raises(NotThere):
        withdraw_role(role.id, acting(a_user_with_telephone()))


def test_a_decided_request_is_not_withdrawn() -> None:
    person = a_user_with_telephone()
    role = a_role(person, an_operator(), RoleState.VALID)

    with pytest.raises(AlreadyDecided):
        withdraw_role(role.id, acting(person))
