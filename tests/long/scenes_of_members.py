"""People who change a role, name an administrator or choose a profile, about to send the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.roles.standing_in import today
from portal.roles.states import RoleState
from tests.long.place import Place
from tests.long.scene import Scene, events_of
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member, a_person, a_role

PAGES = "/production/administration/members/roles"
FIRST = {"version": "1"}


def changed(
    verb: str, event: str, *, state: RoleState = RoleState.VALID, **more: Any
) -> Callable[[Place], Scene]:
    """An administrator changes a colleague's role as the page showed it."""

    def scene(place: Place) -> Scene:
        operator = an_operator()
        chief = a_member(operator, administrator=True)
        role = a_role(a_person(), operator, state)
        path = f"{PAGES}/{role.id}/{verb}"
        return Scene(place.browser_of(chief), path, events_of(place, event, chief), {**FIRST, **more})

    return scene


def signing(verb: str, event: str, *, allowed: bool) -> Callable[[Place], Scene]:
    """An administrator of an authority gives or takes the flag «may sign»."""

    def scene(place: Place) -> Scene:
        authority = an_authority()
        chief = a_member(authority, administrator=True)
        role = a_role(a_person(), authority, may_sign=allowed)
        path = f"{PAGES}/{role.id}/{verb}"
        return Scene(place.browser_of(chief), path, events_of(place, event, chief), FIRST)

    return scene


def unname(place: Place) -> Scene:
    operator = an_operator()
    chief = a_member(operator, administrator=True)
    role = a_role(a_person(), operator, administrator=True)
    taken = events_of(place, "AdministratorRemoved", chief)
    return Scene(place.browser_of(chief), f"{PAGES}/{role.id}/no-administrator", taken, FIRST)


def give_up(place: Place) -> Scene:
    person = a_person()
    role = a_role(person, an_operator())
    gone = events_of(place, "RoleRemoved", person)
    return Scene(place.browser_of(person), f"{PAGES}/{role.id}/give-up", gone, FIRST)


def renew(place: Place) -> Scene:
    person = a_person()
    role = a_role(person, an_operator(), valid_until=today() + timedelta(days=5))
    asked = events_of(place, "RenewalAsked", person)
    page = f"{PAGES}/{role.id}"
    return Scene(place.browser_of(person), f"{page}/renew", asked, FIRST, page)


def choose(place: Place) -> Scene:
    """The choice stands in the browser alone: nothing is recorded."""
    operator = an_operator()
    person = a_person()
    role = a_role(person, operator)
    nothing = events_of(place, "RoleRemoved", person)
    fields = {"organisation": str(operator.id)}
    path = "/production/acting-as"
    return Scene(place.browser_of(person), path, nothing, fields, f"{PAGES}/{role.id}/give-up", 0, 0)


MEMBER_SCENES: dict[str, Callable[[Place], Scene]] = {
    "members.suspend": changed("suspend", "RoleSuspended", reason="left"),
    "members.lift": changed("lift", "RoleLifted", state=RoleState.SUSPENDED, reason="checked"),
    "members.remove": changed("remove", "RoleRemoved", reason="left"),
    "members.limit": changed("last-day", "RoleLimited", last_day="2027-01-31"),
    "members.name": changed("administrator", "AdministratorNamed"),
    "members.unname": unname,
    "members.allow_signing": signing("may-sign", "SigningAllowed", allowed=False),
    "members.end_signing": signing("may-not-sign", "SigningEnded", allowed=True),
    "members.give_up": give_up,
    "members.renew": renew,
    "acting.choose": choose,
}
