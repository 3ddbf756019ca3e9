"""People who create, change, decide and merge operators, about to send the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.database import db
from portal.organisations.models import Organisation
from portal.organisations.operator_models import OperatorAddress
from portal.organisations.registering import DETAILS, details_of, proof_of_search
from tests.long.place import Place
from tests.long.scene import Scene, events_of, rows
from tests.makers.identity import a_user_with_telephone
from tests.makers.operators import ANIMALS
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member
from tests.makers.rows import a_row

OPERATORS = "/production/operators"
TYPED = {
    "name": "Ferme Exemple SA",
    "street": "Rue du Test 1",
    "city": "Neupré",
    "telephone": "+32 4 555 01 02",
}


def kept(country: Country, **more: Any) -> Organisation:
    """An operator that the local authority answers for."""
    return an_operator("Ferme Exemple", responsible=country.local, activity=ANIMALS, city="Liège",
                       street="Rue 1", telephone="+32 4 555 01 02", **more)  # fmt: skip


def an_address(operator: Organisation) -> OperatorAddress:
    """A further address."""
    row = a_row(OperatorAddress, organisation_id=operator.id, country="BE")
    db.session.commit()
    return row  # type: ignore[no-any-return]


def create(place: Place) -> Scene:
    person, office = a_user_with_telephone(), an_authority(competences=["VETERINARY"])
    path = f"{OPERATORS}/new?search={proof_of_search(person.id, 'BE')}"
    named = {"name": "Nouvelle Laiterie", "activity": "|".join(ANIMALS), "responsible": office.id}
    fields = TYPED | named
    mine = Organisation.created_by == person.id
    return Scene(place.browser_of(person), path, lambda: rows(Organisation, mine), fields)


def edit(place: Place) -> Scene:
    country = a_country()
    officer, operator = a_member(country.local), kept(country)
    edited = events_of(place, "OperatorEdited", officer)
    fields = {**TYPED, "version": operator.version}
    return Scene(place.browser_of(officer), f"{OPERATORS}/{operator.id}/edit", edited, fields)


def settle(place: Place) -> Scene:
    country = a_country()
    officer, operator = a_member(country.local), kept(country)
    own = details_of(operator)
    mine = {f"mine_{name}": getattr(own, name) for name in DETAILS} | {"mine_city": "Namur"}
    fields = {**mine, "keep_city": "mine", "version": operator.version}
    page = f"{OPERATORS}/{operator.id}/edit"
    edited = events_of(place, "OperatorEdited", officer)
    return Scene(place.browser_of(officer), f"{page}/conflict", edited, fields, page)


def add_address(place: Place) -> Scene:
    country = a_country()
    officer, operator = a_member(country.local), kept(country)
    own = OperatorAddress.organisation_id == operator.id
    fields = {"street": "Quai 3", "city": "Anvers", "country": "BE"}
    path = f"{OPERATORS}/{operator.id}/addresses/add"
    return Scene(place.browser_of(officer), path, lambda: rows(OperatorAddress, own), fields)


def address(verb: str, event: str, **fields: Any) -> Callable[[Place], Scene]:
    """Something done to a further address."""

    def scene(place: Place) -> Scene:
        country = a_country()
        officer, operator = a_member(country.local), kept(country)
        row = an_address(operator)
        typed = fields or {"version": operator.version}
        path = f"{OPERATORS}/addresses/{row.id}/{verb}"
        return Scene(place.browser_of(officer), path, events_of(place, event, officer), typed)

    return scene


def add_activity(place: Place) -> Scene:
    country = a_country()
    officer, operator = a_member(country.local), kept(country)
    fields = {"activity": "FLEGT|timber_importer"}
    added = events_of(place, "ActivityAdded", officer)
    return Scene(place.browser_of(officer), f"{OPERATORS}/{operator.id}/activities/add", added, fields)


def decision(verb: str, event: str, **more: Any) -> Callable[[Place], Scene]:
    """One decision about an activity."""

    def scene(place: Place) -> Scene:
        country = a_country()
        officer, operator = a_member(country.local), kept(country, **more)
        path = f"{OPERATORS}/activities/{operator.activities[0].id}/{verb}"
        return Scene(place.browser_of(officer), path, events_of(place, event, officer), {"reason": "ceased"})

    return scene


def decide_all(place: Place) -> Scene:
    country = a_country()
    officer, operator = a_member(country.local), kept(country)
    suspended = events_of(place, "ActivitySuspended", officer)
    return Scene(
        place.browser_of(officer), f"{OPERATORS}/{operator.id}/suspend", suspended, {"reason": "ceased"}
    )


def merge(place: Place) -> Scene:
    country = a_country()
    officer, survivor, loser = a_member(country.local), kept(country), kept(country)
    merged = events_of(place, "OperatorsMerged", officer)
    path = f"{OPERATORS}/{survivor.id}/merge/{loser.id}"
    return Scene(place.browser_of(officer), path, merged, {"read": "y"})
