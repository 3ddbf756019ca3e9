"""Control bodies and their scopes: kept by the Commission alone; what ended is seen and not asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.organisations import control_bodies
from portal.organisations.control_bodies import ScopeText, ScopeThere, Unfitting
from portal.organisations.models import Organisation
from portal.organisations.queries import is_expired
from portal.organisations.registers import EditedMeanwhile, RecordText, StateChanged
from portal.organisations.search import ControlBodySearch, search_control_bodies
from portal.roles import requesting
from portal.roles.deciders import deciders_of
from portal.roles.queries import held_roles
from portal.vocabulary import ControlBodyOrigin, OrganisationKind
from tests.makers.organisations import Country, a_control_body, a_country, a_scope
from tests.makers.roles import a_member, a_person, a_request, acting

pytestmark = pytest.mark.usefixtures("production")
NATIONAL, ABROAD = ControlBodyOrigin.MEMBER_STATE, ControlBodyOrigin.THIRD_COUNTRY


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


@pytest.fixture
def commission(country: Country) -> Actor:
    """An administrator of the Commission."""
    return acting(a_member(country.commission, administrator=True))


@pytest.fixture
def body(country: Country) -> Organisation:
    """A control body without scopes."""
    return a_control_body("Kontrolle Exemple")


def a_text(**more: Any) -> ScopeText:
    """A scope as typed."""
    values = {
        "code": "ID-BIO-1",
        "country": "ID",
        "categories": "DA",
        "regime": "2018/848",
        "origin": ABROAD,
    } | more
    return ScopeText(**values)


def test_the_commission_creates_a_body_and_its_scopes(commission: Actor) -> None:
    made = control_bodies.create_body(RecordText("Kontrolle", code="BE-BIO-7"), "BE", commission)
    scope = control_bodies.add_scope(made.id, a_text(), commission)
    assert (made.kind, made.state, scope.categories) == (OrganisationKind.CONTROL_BODY, "valid", "AD")
    found = search_control_bodies(ControlBodySearch("ID")).rows
    assert [row.id for row in found] == [scope.id]
    names = {row.name for row in db.session.query(AuditEvent)}
    assert {"ControlBodyCreated", "ScopeAdded"} <= names


@pytest.mark.parametrize("who", ["central", "local"])
def test_authorities_keep_no_control_bodies(country: Country, body: Organisation, who: str) -> None:
    actor = acting(a_member(getattr(country, who), administrator=True))
    assert control_bodies.body_to_read(body.id, actor)
    with pytest.raises(Refused):
        control_bodies.create_body(RecordText("Kontrolle"), "BE", actor)
    with pytest.raises(Refused):
        control_bodies.add_scope(body.id, a_text(), actor)


def test_its_own_people_read_it_and_change_nothing(country: Country, body: Organisation) -> None:
    scope = a_scope(body, supervisor=country.central)
    own = acting(a_member(body, administrator=True, scope=scope))
    assert control_bodies.body_to_read(body.id, own)
    with pytest.raises(Refused):
        control_bodies.body_to_read(a_control_body().id, own)
    with pytest.raises(Refused):
        control_bodies.edit_body(body.id, RecordText("Mine"), body.version, own)
    with pytest.raises(Refused):
        control_bodies.end_scope(scope.id, scope.version, own)


def test_a_code_stands_once_for_a_country_and_regulation(commission: Actor, body: Organisation) -> None:
    control_bodies.add_scope(body.id, a_text(), commission)
    with pytest.raises(ScopeThere):
        control_bodies.add_scope(body.id, a_text(categories="A"), commission)
    assert control_bodies.add_scope(body.id, a_text(regime="834/2007", categories="A"), commission)


def test_categories_are_those_of_the_regulation(commission: Actor, body: Organisation) -> None:
    with pytest.raises(Unfitting):
        control_bodies.add_scope(body.id, a_text(categories="AX"), commission)


def test_the_supervisor_decides_and_is_an_authority(
    country: Country, commission: Actor, body: Organisation
) -> None:
    scope = control_bodies.add_scope(body.id, a_text(country="BE", origin=NATIONAL), commission)
    text = a_text(origin=NATIONAL, supervisor_id=country.regional.id)
    assert control_bodies.edit_scope(scope.id, text, scope.version, commission)
    assert deciders_of(a_request(body, scope=scope)) == {country.regional.id, country.central.id}
    with pytest.raises(Unfitting):
        control_bodies.edit_scope(scope.id, a_text(supervisor_id=body.id), scope.version, commission)


def test_an_ended_scope_is_seen_and_not_asked_for_until_it_is_renewed(
    commission: Actor, body: Organisation
) -> None:
    scope = control_bodies.add_scope(body.id, a_text(), commission)
    control_bodies.end_scope(scope.id, scope.version, commission)
    assert is_expired(scope)
    assert [row.id for row in search_control_bodies(ControlBodySearch("ID")).rows] == [scope.id]
    wish = requesting.RoleWish(OrganisationKind.CONTROL_BODY, (scope.id,))
    with pytest.raises(requesting.NotRequestable):
        requesting.request_roles(wish, acting(a_person()))
    with pytest.raises(Unfitting):
        control_bodies.renew_scope(scope.id, date(2020, 1, 1), scope.version, commission)
    until = clock.now().date() + timedelta(days=30)
    control_bodies.renew_scope(scope.id, until, scope.version, commission)
    assert scope.valid_until == until
    assert len(requesting.request_roles(wish, acting(a_person()))) == 1


def test_roles_keep_their_status_when_a_scope_ends(commission: Actor, body: Organisation) -> None:
    scope = control_bodies.add_scope(body.id, a_text(), commission)
    person = a_member(body, scope=scope)
    control_bodies.end_scope(scope.id, scope.version, commission)
    assert len(held_roles(person.id)) == 1


def test_a_suspended_body_gives_its_people_no_right_until_it_is_lifted(
    commission: Actor, body: Organisation
) -> None:
    scope = control_bodies.add_scope(body.id, a_text(), commission)
    person = a_member(body, scope=scope)
    control_bodies.change_body(body.id, "suspend", commission)
    assert held_roles(person.id) == ()
    with pytest.raises(StateChanged):
        control_bodies.change_body(body.id, "suspend", commission)
    control_bodies.change_body(body.id, "lift", commission)
    assert len(held_roles(person.id)) == 1


def test_of_two_who_edit_a_scope_the_second_is_told(commission: Actor, body: Organisation) -> None:
    scope = control_bodies.add_scope(body.id, a_text(), commission)
    seen = scope.version
    assert control_bodies.edit_scope(scope.id, a_text(categories="B"), seen, commission)
    with pytest.raises(EditedMeanwhile):
        control_bodies.edit_scope(scope.id, a_text(categories="C"), seen, commission)
    assert control_bodies.scope_to_keep(scope.id, commission).categories == "B"


def test_another_name_of_the_body_is_found_in_the_search_of_scopes(
    commission: Actor, body: Organisation
) -> None:
    control_bodies.add_scope(body.id, a_text(), commission)
    control_bodies.edit_body(body.id, RecordText("Ganz Anders"), body.version, commission)
    assert len(search_control_bodies(ControlBodySearch("ID", "anders")).rows) == 1
