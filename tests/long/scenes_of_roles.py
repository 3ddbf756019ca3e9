"""People who ask for a role or decide on one, about to send the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.roles.models import Role
from tests.long.place import Place
from tests.long.scene import (
    ROLES,
    Scene,
    events_of,
    rows,
)
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request


def ticked(kind: str, maker: Callable[[], Any]) -> Callable[[Place], Scene]:
    """A row ticked in a search leads on to the confirmation and asks for nothing yet."""

    def scene(place: Place) -> Scene:
        person, row = a_user_with_telephone(), maker()
        none = Role.account_id == person.id
        path = f"{ROLES}/new/{kind}?country=BE"
        fields = {"row": row.id}
        return Scene(place.browser_of(person), path, lambda: rows(Role, none), fields, "/password/lost", 0, 0)

    return scene


def confirm(place: Place) -> Scene:
    person, operator = a_user_with_telephone(), an_operator()
    requested = events_of(place, "RoleRequested", person)
    return Scene(place.browser_of(person), f"{ROLES}/new/operator/confirm?row={operator.id}", requested)


def withdraw(place: Place) -> Scene:
    person = a_user_with_telephone()
    role = a_request(an_operator(), person)
    withdrawn = events_of(place, "RoleWithdrawn", person)
    return Scene(place.browser_of(person), f"{ROLES}/{role.id}/withdraw", withdrawn)


def decision(verb: str, event: str, **fields: str) -> Callable[[Place], Scene]:
    """One decision of a validator."""

    def scene(place: Place) -> Scene:
        country = a_country()
        validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
        page = f"/production/validation/{role.id}"
        decided = events_of(place, event, validator)
        return Scene(place.browser_of(validator), f"{page}/{verb}", decided, dict(fields), page)

    return scene
