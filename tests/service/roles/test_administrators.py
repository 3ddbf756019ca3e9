"""Naming and removing administrators: inside, from above, never the last one by himself, the Commission's by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.models import Account
from portal.roles import administrators, members, service
from portal.roles.changes import RoleChanged
from portal.roles.models import Role
from portal.roles.service import Validation
from tests.makers.mail import mails_put_for, messages_to
from tests.makers.organisations import a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member, a_person, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")


def named(role: Role, by: Account) -> bool:
    """Whether the person is administrator after that press."""
    done = administrators.name(role.id, role.version, acting(by))
    assert role.is_administrator is done
    return done


def test_administrators_name_colleagues_and_are_told() -> None:
    operator = an_operator()
    role = a_role(a_person(email="robin@fret.example"), operator)
    assert named(role, a_member(operator, administrator=True))
    assert "administrator now" in messages_to("robin@fret.example")[0].subject
    assert db.session.query(AuditEvent).filter_by(name="AdministratorNamed").count() == 1


def test_users_of_an_authority_above_name_and_take_and_foreign_ones_do_not_know() -> None:
    country, other = a_country(), a_country()
    role = a_role(a_person(), an_operator(responsible=country.local))
    with pytest.raises(Hidden):
        named(role, a_member(other.central))
    assert named(role, a_member(country.central))
    administrators.unname(role.id, role.version, acting(a_member(country.local)))
    assert not role.is_administrator


def test_administrators_of_a_control_body_name_in_their_operators_and_its_users_do_not() -> None:
    country, body = a_country(), a_control_body()
    scope = a_scope(body, supervisor=country.central)
    role = a_role(a_person(), an_operator(responsible=body))
    with pytest.raises(Refused):
        named(role, a_member(body, scope=scope))
    assert named(role, a_member(body, scope=scope, administrator=True))


def test_nobody_names_himself_and_the_last_one_does_not_stop() -> None:
    country = a_country()
    user, chief = a_person(), a_person()
    own, last = a_role(user, country.central), a_role(chief, country.central, administrator=True)
    with pytest.raises(Refused):
        named(own, user)
    with pytest.raises(Refused):
        administrators.unname(last.id, last.version, acting(chief))
    assert last.is_administrator
    administrators.name(own.id, own.version, acting(chief))
    administrators.unname(last.id, last.version, acting(chief))
    assert not last.is_administrator


def test_from_above_the_last_flag_is_taken_and_the_organisation_stands_without() -> None:
    country = a_country()
    last = a_role(a_person(), country.local, administrator=True)
    assert members.without_administrator([country.local.id]) == frozenset()
    administrators.unname(last.id, last.version, acting(a_member(country.regional)))
    assert members.without_administrator([country.local.id]) == {country.local.id}


def test_the_commission_names_by_two_different_people() -> None:
    top = a_country().commission
    role = a_role(a_person(), top)
    first = a_member(top, administrator=True)
    second = a_member(top, administrator=True, email="lou@commission.example")
    assert not named(role, first)
    assert mails_put_for("lou@commission.example") == ["administrator_proposed_notice"]
    with pytest.raises(Refused):
        named(role, first)
    assert named(role, second)
    assert role.proposed_by is None


def test_a_proposal_can_be_withdrawn_and_authorities_take_two_by_setting(
    settings: Callable[..., Any],
) -> None:
    settings(four_eyes="authorities")
    country = a_country()
    role = a_role(a_person(), country.local)
    first = a_member(country.local, administrator=True)
    assert not named(role, first)
    administrators.unname(role.id, role.version, acting(first))
    assert role.proposed_by is None
    assert not named(role, first)
    assert named(role, a_member(country.regional))


def test_two_who_name_at_once_name_once() -> None:
    operator = an_operator()
    role = a_role(a_person(), operator)
    first, second = (acting(a_member(operator, administrator=True)) for _ in range(2))
    seen = role.version
    administrators.name(role.id, seen, first)
    with pytest.raises(RoleChanged):
        administrators.name(role.id, seen, second)


def test_the_first_user_of_an_authority_is_only_proposed_where_two_must_agree(
    settings: Callable[..., Any],
) -> None:
    settings(four_eyes="authorities")
    country = a_country()
    role, above = a_request(country.local), acting(a_member(country.regional))
    service.validate_role(Validation(role.id, administrator=True), above)
    assert not role.is_administrator
    assert role.proposed_by == above.account_id
    assert named(role, a_member(country.central))
