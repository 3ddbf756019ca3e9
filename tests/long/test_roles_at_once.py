"""Requests and decisions at the same moment: one role, one kind, one decision, and the loser is told."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from bench.visiting import Answer, Visitor
from portal.database import db
from portal.messages.models import OutgoingMessage
from portal.roles.models import Role, RoleKind
from portal.roles.states import RoleState
from tests.long.place import CLIENTS, Place, at_once, check_none_is_busy, leading_to, send_at_once
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.long
ROUNDS = 100
KIND_ROUNDS = 15
SEARCHES = "/production/role-requests/new"


def held_roles(account_id: int) -> int:
    """How many roles or requests the person has."""
    return db.session.scalar(select(func.count()).select_from(Role).where(Role.account_id == account_id)) or 0


def test_of_twenty_times_the_same_request_one_is_made(place: Place) -> None:
    with place.inside():
        person, operator = a_user_with_telephone(), an_operator()
        browsers = [place.browser_of(person), place.browser_of(person)]
    path = f"{SEARCHES}/operator/confirm?row={operator.id}"
    tokens = [browser.get(path).token for browser in browsers]

    windows = [(browsers[number % 2].twin(), tokens[number % 2]) for number in range(CLIENTS)]

    answers = at_once(*(partial(window.post, path, {"csrf_token": token}) for window, token in windows))

    check_none_is_busy(answers)
    assert len(leading_to(answers, "/production/profile")) == 1
    with place.inside():
        assert held_roles(person.id) == 1
    assert place.events("RoleRequested", actor_account_id=person.id) == 1


def test_of_two_kinds_asked_for_at_once_one_is_held(place: Place) -> None:
    for _round in range(KIND_ROUNDS):
        with place.inside():
            person, operator, authority = a_user_with_telephone(), an_operator(), an_authority()
            browsers = [place.browser_of(person), place.browser_of(person)]
        paths = [
            f"{SEARCHES}/operator/confirm?row={operator.id}",
            f"{SEARCHES}/authority/confirm?row={authority.id}",
        ]
        tokens = [browser.get(path).token for browser, path in zip(browsers, paths, strict=True)]

        answers = at_once(
            *(
                lambda browser=browser, path=path, token=token: browser.post(path, {"csrf_token": token})
                for browser, path, token in zip(browsers, paths, tokens, strict=True)
            )
        )

        check_none_is_busy(answers)
        assert len(leading_to(answers, "/production/profile")) == 1
        with place.inside():
            assert held_roles(person.id) == 1
            query = (
                select(func.count())
                .select_from(RoleKind)
                .where(RoleKind.account_id == person.id, RoleKind.active)
            )
            assert db.session.scalar(query) == 1


def test_of_two_validators_at_once_one_decides_and_the_other_is_told_who_and_when(place: Place) -> None:
    with place.inside():
        country = a_country()
        operator = an_operator(responsible=country.local)
        validators = [
            place.browser_of(a_member(country.local, first_name="Alix", last_name="Specimen")),
            place.browser_of(a_member(country.central, first_name="Dominique", last_name="Test")),
        ]
    for number in range(ROUNDS):
        with place.inside():
            role = a_request(operator)
        answers = decide_at_once(validators, role.id, swapped=bool(number % 2))

        check_none_is_busy(answers)
        assert sorted(answer.status for answer in answers) == [302, 409]
        winner = next(number for number, answer in enumerate(answers) if answer.status == 302)
        told = answers[1 - winner].text
        assert ("Alix Specimen validated" if winner == 0 else "Dominique Test rejected") in told
        assert " on " in told
        check_decided_once(place, role.id, RoleState.VALID if winner == 0 else RoleState.REJECTED)


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


NOTICES = ("role_validated_notice", "role_rejected_notice")


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
