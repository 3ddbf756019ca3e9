"""Who may sign: given by administrators and from above, never to oneself, only where certificates are issued."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import personal_data
from portal.identity.models import Account
from portal.roles import queries, signatories
from portal.roles.changes import RoleChanged
from portal.roles.models import Role
from tests.makers.mail import messages_to
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_person, a_role, acting

pytestmark = pytest.mark.usefixtures("production")


def allowed(role: Role, by: Account) -> Role:
    """The role once that person gave it the flag."""
    return signatories.allow(role.id, role.version, acting(by))


def signs(person: Account) -> bool:
    """Whether any profile of the person may sign at this moment."""
    return any(role.may_sign for role in queries.held_roles(person.id))


def test_an_administrator_lets_a_colleague_sign_and_ends_it() -> None:
    office = a_country().local
    person, chief = a_person(email="alix@veto.example"), a_member(office, administrator=True)
    role = a_role(person, office)
    allowed(role, chief)
    assert signs(person)
    assert "may sign" in messages_to("alix@veto.example")[0].subject
    signatories.end(role.id, role.version, acting(chief))
    assert not signs(person)
    names = ["SigningAllowed", "SigningEnded"]
    events = db.session.query(AuditEvent).filter(AuditEvent.name.in_(names)).order_by(AuditEvent.id)
    assert [event.name for event in events] == names


def test_the_authority_above_gives_the_flag_and_a_foreign_one_does_not_know_of_the_role() -> None:
    country, other = a_country(), a_country()
    role = a_role(a_person(), country.local)
    with pytest.raises(Hidden):
        allowed(role, a_member(other.central, administrator=True))
    assert allowed(role, a_member(country.central)).may_sign


def test_nobody_gives_it_to_himself_and_users_give_it_to_nobody() -> None:
    office = a_country().local
    chief = a_person()
    own = a_role(chief, office, administrator=True)
    with pytest.raises(Refused):
        allowed(own, chief)
    with pytest.raises((Refused, Hidden)):
        allowed(a_role(a_person(), office), a_member(office))
    assert not own.may_sign


def test_operators_issue_no_certificates_and_have_nobody_who_signs() -> None:
    operator = an_operator()
    role = a_role(a_person(), operator)
    with pytest.raises(Refused):
        allowed(role, a_member(operator, administrator=True))


def test_who_saw_an_older_role_is_told_so() -> None:
    office = a_country().local
    chief, role = a_member(office, administrator=True), a_role(a_person(), office)
    allowed(role, chief)
    with pytest.raises(RoleChanged):
        signatories.allow(role.id, role.version, acting(chief))
    with pytest.raises(RoleChanged):
        signatories.end(role.id, role.version - 1, acting(chief))
    assert role.may_sign


def test_a_changed_name_makes_signing_rest_until_it_is_confirmed() -> None:
    office = a_country().local
    person = a_person()
    allowed(a_role(person, office), a_member(office, administrator=True))
    actor = replace(acting(person), holds_role_anywhere=True)
    personal_data.change_name("Alix", "Nouveau", actor)
    assert not signs(person)
