"""Requests at the same moment: one role, one kind."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from portal.database import db
from portal.roles.models import Role, RoleKind
from tests.long.place import CLIENTS, Place, at_once, check_none_is_busy, leading_to
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import an_authority, an_operator

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
