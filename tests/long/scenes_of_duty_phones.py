"""Administrators who keep the duty phones of their organisation, about to send the form."""

from __future__ import annotations

from collections.abc import Callable

from bench.visiting import Visitor
from portal.identity import duty_phones
from portal.identity.duty_phones import ListedPhone
from portal.identity.factor_models import DutyPhone
from portal.identity.models import Account
from tests.long.place import Place
from tests.long.scene import Scene, events_of, rows
from tests.makers.identity import a_telephone
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, acting

NUMBER = "+46701740607"
LIST = "/production/duty-phones"


def kept(place: Place) -> tuple[Visitor, Account, DutyPhone]:
    """A browser of an administrator, the administrator, and a phone of the list that a member has."""
    operator = an_operator()
    chief = a_member(operator, administrator=True)
    row = duty_phones.put(operator.id, ListedPhone(NUMBER, "Duty room", ""), acting(chief))
    a_telephone(a_member(operator), NUMBER)
    return place.browser_of(chief), chief, row


def add(place: Place) -> Scene:
    operator = an_operator()
    chief = a_member(operator, administrator=True)
    own = DutyPhone.organisation_id == operator.id
    fields = {"number": NUMBER, "place": "Duty room", "holder": ""}
    return Scene(place.browser_of(chief), f"{LIST}/{operator.id}/add", lambda: rows(DutyPhone, own), fields)


def edit(place: Place) -> Scene:
    browser, _chief, row = kept(place)
    moved = DutyPhone.id == row.id, DutyPhone.place == "Import hall 2"
    fields = {"place": "Import hall 2", "holder": ""}
    return Scene(browser, f"{LIST}/phones/{row.id}/edit", lambda: rows(DutyPhone, *moved), fields)


def ending(verb: str, event: str) -> Callable[[Place], Scene]:
    """Taken off, or lost: happens once."""

    def scene(place: Place) -> Scene:
        browser, chief, row = kept(place)
        return Scene(browser, f"{LIST}/phones/{row.id}/{verb}", events_of(place, event, chief))

    return scene
