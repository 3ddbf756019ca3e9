"""Suspending, lifting and removing roles: who may, with which reason, what is told, who was faster."""

from __future__ import annotations

import pytest

from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.organisations.models import Organisation
from portal.roles import life, queries
from portal.roles.changes import NotThere, RoleChanged
from portal.roles.life import Change, ReasonMissing
from portal.roles.models import Role
from portal.roles.states import RoleReason, RoleState
from tests.makers.mail import mails_put_for
from tests.makers.organisations import a_control_body, a_country, an_operator
from tests.makers.roles import a_member, a_person, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")


@pytest.fixture
def operator(production: None) -> Organisation:
    """An operator."""
    return an_operator("Fret Exemple")


def change_of(role: Role, reason: RoleReason = RoleReason.LEFT, text: str = "") -> Change:
    """The decision as the page shows the role now."""
    return Change(role.id, role.version, reason, text)


def events(name: str) -> int:
    """How many events of that name there are."""
    return db.session.query(AuditEvent).filter_by(name=name).count()


def test_a_suspended_role_gives_no_right_until_it_is_lifted(operator: Organisation) -> None:
    person = a_person(email="robin@fret.example")
    role, chief = a_role(person, operator), acting(a_member(operator, administrator=True))
    life.suspend(change_of(role, RoleReason.SECURITY), chief)
    assert queries.held_roles(person.id) == ()
    assert queries.kind_held(person.id) is not None
    life.lift(change_of(role, RoleReason.CHECKED), chief)
    assert len(queries.held_roles(person.id)) == 1
    assert mails_put_for("robin@fret.example") == ["role_suspended_notice", "role_lifted_notice"]
    assert (events("RoleSuspended"), events("RoleLifted")) == (1, 1)


def test_a_removed_role_frees_the_kind_and_can_be_asked_for_again(operator: Organisation) -> None:
    person = a_person()
    role = a_role(person, operator)
    life.remove(change_of(role), acting(a_member(operator, administrator=True)))
    assert role.state == RoleState.REMOVED
    assert queries.kind_held(person.id) is None
    assert a_request(operator, person).state == RoleState.REQUESTED


def test_nobody_suspends_or_lifts_the_own_role_but_may_give_it_up(operator: Organisation) -> None:
    a_member(operator, administrator=True)
    person = a_person()
    role = a_role(person, operator, administrator=True)
    with pytest.raises(Refused):
        life.suspend(change_of(role), acting(person))
    life.remove(change_of(role, RoleReason.OWN_WISH), acting(person))
    assert role.state == RoleState.REMOVED


def test_the_last_administrator_goes_only_from_above() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    chief = a_person()
    role = a_role(chief, operator, administrator=True)
    with pytest.raises(Refused):
        life.remove(change_of(role, RoleReason.OWN_WISH), acting(chief))
    assert role.state == RoleState.VALID
    life.remove(change_of(role), acting(a_member(country.local)))
    assert role.state == RoleState.REMOVED
    assert not role.is_administrator


def test_simple_colleagues_foreign_authorities_and_control_bodies_change_nothing() -> None:
    country, other = a_country(), a_country()
    operator, body = an_operator(responsible=country.local), a_control_body()
    role, other_role = a_role(a_person(), operator), a_role(a_person(), an_operator(responsible=body))
    for hidden in (a_member(operator), a_member(other.local), a_member(country.customs)):
        with pytest.raises(Hidden):
            life.suspend(change_of(role), acting(hidden))
    with pytest.raises(Refused):
        life.suspend(change_of(other_role), acting(a_member(body, administrator=True)))
    assert {role.state, other_role.state} == {RoleState.VALID}


def test_the_one_who_was_slower_is_told_who_was_faster(operator: Organisation) -> None:
    role = a_role(a_person(), operator)
    first, second = (acting(a_member(operator, administrator=True)) for _ in range(2))
    seen = change_of(role)
    life.suspend(seen, first)
    with pytest.raises(RoleChanged) as told:
        life.remove(seen, second)
    assert told.value.changed_by == first.account_id
    assert told.value.state is RoleState.SUSPENDED
    assert events("RoleRemoved") == 0


def test_rights_that_were_lost_a_moment_ago_are_not_used(operator: Organisation) -> None:
    faster, slower = a_person(), a_person()
    ours, theirs = (a_role(one, operator, administrator=True) for one in (faster, slower))
    late = acting(slower)
    life.remove(change_of(theirs), acting(faster))
    with pytest.raises(Refused):
        life.remove(change_of(ours), late)
    assert ours.state == RoleState.VALID


def test_another_reason_needs_words_and_requests_are_no_roles(operator: Organisation) -> None:
    role, chief = a_role(a_person(), operator), acting(a_member(operator, administrator=True))
    with pytest.raises(ReasonMissing):
        life.suspend(change_of(role, RoleReason.OTHER, "  "), chief)
    with pytest.raises(NotThere):
        life.suspend(change_of(a_request(operator)), chief)
    with pytest.raises(RoleChanged):
        life.lift(change_of(role, RoleReason.CHECKED), chief)
    assert role.state == RoleState.VALID
