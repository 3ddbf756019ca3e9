"""Decisions at the same moment over two portals on one database: one counts, and the loser is told who and when."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import servers
from bench.servers import Server
from bench.visiting import Answer, Visitor
from portal.database import db
from portal.identity.models import Account
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.roles.models import Role
from portal.roles.states import RoleState
from tests.long.place import Place, at_once, check_none_is_busy, leading_to, send_at_once
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.long
ROUNDS = 100
NOTICES = ("role_validated_notice", "role_rejected_notice")
DELIVERY_SECONDS = 60


@pytest.fixture
def other_door(served: tuple[Server, dict[str, str]]) -> Iterator[Server]:
    """A second portal on the same instance and database: web processes and a worker of its own."""
    first, more = served
    with servers.portal(Path(first.variables["PORTAL_INSTANCE"]), **more) as second:
        yield second


def test_of_two_validators_at_two_doors_one_decides_and_the_other_is_told_who_and_when(
    place: Place, other_door: Server
) -> None:
    with place.inside():
        country = a_country()
        operator = an_operator(responsible=country.local)
        validators = [
            place.browser_of(a_member(country.local, first_name="Alix", last_name="Specimen")),
            place.browser_of(a_member(country.central, first_name="Dominique", last_name="Test")),
        ]
    validators[1].port = other_door.port
    requesters = [
        decided_once_in_a_round(place, validators, operator.id, swapped=bool(number % 2))
        for number in range(ROUNDS)
    ]
    check_each_has_one_mail(place, requesters)


def decided_once_in_a_round(
    place: Place, validators: list[Visitor], operator_id: int, *, swapped: bool
) -> str:
    """One request, decided by both at once and checked; returns the address of who asked."""
    with place.inside():
        operator = db.session.get_one(Organisation, operator_id)
        role = a_request(operator)
        email = db.session.get_one(Account, role.account_id).email
    answers = decide_at_once(validators, role.id, swapped=swapped)
    check_none_is_busy(answers)
    assert sorted(answer.status for answer in answers) == [302, 409]
    winner = next(number for number, answer in enumerate(answers) if answer.status == 302)
    told = answers[1 - winner].text
    assert ("Alix Specimen validated" if winner == 0 else "Dominique Test rejected") in told
    assert " on " in told
    check_decided_once(place, role.id, RoleState.VALID if winner == 0 else RoleState.REJECTED)
    return email


def check_each_has_one_mail(place: Place, addresses: list[str]) -> None:
    """The workers of both doors sent each notice, and none of them twice."""
    reader, until = place.visitor(), time.monotonic() + DELIVERY_SECONDS
    while any(not reader.inbox(address) for address in addresses) and time.monotonic() < until:
        time.sleep(0.5)
    assert {len(reader.inbox(address)) for address in addresses} == {1}


def decide_at_once(validators: list[Visitor], role_id: int, *, swapped: bool) -> list[Answer]:
    """The first validates, the second rejects; which of the two threads begins changes from round to round."""
    page = f"/production/validation/{role_id}"
    first, second = (validator.get(page).token for validator in validators)
    reason = {"csrf_token": second, "reason": "unknown-person"}
    acts = [
        lambda: validators[0].twin().post(f"{page}/validate", {"csrf_token": first}),
        lambda: validators[1].twin().post(f"{page}/reject", reason),
    ]
    return at_once(*reversed(acts))[::-1] if swapped else at_once(*acts)


def check_decided_once(place: Place, role_id: int, state: RoleState) -> None:
    """The role is in the winner's state, with one event and one mail."""
    name = "RoleValidated" if state is RoleState.VALID else "RoleRejected"
    other = "RoleRejected" if state is RoleState.VALID else "RoleValidated"
    assert place.events(name, subject_id=role_id) == 1
    assert place.events(other, subject_id=role_id) == 0
    with place.inside():
        role = db.session.scalars(select(Role).where(Role.id == role_id)).one()
        assert role.state == state
        mails = select(func.count()).select_from(OutgoingMessage)
        told = mails.where(OutgoingMessage.account_id == role.account_id)
        assert db.session.scalar(told.where(OutgoingMessage.name.in_(NOTICES))) == 1


def test_twenty_windows_that_validate_the_same_request_validate_it_once(place: Place) -> None:
    with place.inside():
        country = a_country()
        validator = place.browser_of(a_member(country.local))
        role = a_request(an_operator(responsible=country.local))
    page = f"/production/validation/{role.id}"

    answers = send_at_once(validator, f"{page}/validate", {}, form_on=page)

    assert sorted({answer.status for answer in answers}) == [302, 409]
    assert len(leading_to(answers, "/production/validation")) == 1
    check_decided_once(place, role.id, RoleState.VALID)
