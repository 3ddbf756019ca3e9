"""People who keep the registers, about to send the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.organisations.models import Organisation
from portal.vocabulary import AuthorityRole
from tests.long.place import Place
from tests.long.scene import Scene, events_of
from tests.makers.organisations import Country, a_control_body, a_country, a_scope, an_authority
from tests.makers.roles import a_member

REGISTERS = "/production/registers"


def chief(country: Country) -> Any:
    """An administrator of the Commission."""
    return a_member(country.commission, administrator=True)


def create_authority(place: Place) -> Scene:
    country = a_country()
    person = chief(country)
    fields = {"name": "Office", "role": "LAU", "code": f"SC{country.central.id}"}
    path = f"{REGISTERS}/authorities/{country.central.id}/new"
    return Scene(place.browser_of(person), path, events_of(place, "AuthorityCreated", person), fields)


def edit_authority(place: Place) -> Scene:
    country = a_country()
    person = chief(country)
    fields = {"name": "Other name", "role": "LAU", "version": country.local.version}
    path = f"{REGISTERS}/authorities/{country.local.id}/edit"
    return Scene(place.browser_of(person), path, events_of(place, "AuthorityEdited", person), fields)


def move_authority(place: Place) -> Scene:
    country = a_country()
    person, aside = chief(country), an_authority("Aside", AuthorityRole.RCA, above=country.central)
    fields = {"superior": aside.id, "version": country.local.version}
    path = f"{REGISTERS}/authorities/{country.local.id}/move"
    return Scene(place.browser_of(person), path, events_of(place, "AuthorityMoved", person), fields)


def suspend_authority(place: Place) -> Scene:
    country = a_country()
    person = chief(country)
    path = f"{REGISTERS}/authorities/{country.local.id}/suspend"
    return Scene(place.browser_of(person), path, events_of(place, "AuthoritySuspended", person))


def create_body(place: Place) -> Scene:
    person = chief(a_country())
    fields = {"name": f"Kontrolle {person.username}", "country": "BE"}
    created = events_of(place, "ControlBodyCreated", person)
    return Scene(place.browser_of(person), f"{REGISTERS}/control-bodies/new", created, fields)


def of_a_body(
    verb: str, event: str, make: Callable[[Organisation], dict[str, Any]]
) -> Callable[[Place], Scene]:
    """Something done to a control body."""

    def scene(place: Place) -> Scene:
        person, body = chief(a_country()), a_control_body()
        path = f"{REGISTERS}/control-bodies/{body.id}/{verb}"
        return Scene(place.browser_of(person), path, events_of(place, event, person), make(body))

    return scene


def of_a_scope(verb: str, event: str, **fields: Any) -> Callable[[Place], Scene]:
    """Something done to one of its scopes."""

    def scene(place: Place) -> Scene:
        person, scope = chief(a_country()), a_scope(a_control_body(), country="ID")
        path = f"{REGISTERS}/control-bodies/scopes/{scope.id}/{verb}"
        return Scene(
            place.browser_of(person),
            path,
            events_of(place, event, person),
            fields | {"version": scope.version},
        )

    return scene


def rights(place: Place) -> Scene:
    person = chief(a_country())
    fields = {f"right_{number}": "r-" for number in range(8)} | {"version": 0}
    path = f"{REGISTERS}/document-rights/edit?holder=CP"
    changed = events_of(place, "DocumentRightsChanged", person)
    return Scene(place.browser_of(person), path, changed, fields)


edit_body = of_a_body(
    "edit", "ControlBodyEdited", lambda body: {"name": "Anders", "code": "", "version": body.version}
)
suspend_body = of_a_body("suspend", "ControlBodySuspended", lambda _body: {})
add_scope = of_a_body(
    "scopes/add", "ScopeAdded",
    lambda _body: {"code": "ID-BIO-1", "country": "ID", "regime": "2018/848", "origin": "third-country"},
)  # fmt: skip
edit_scope = of_a_scope("edit", "ScopeChanged", origin="third-country", categories="A")
end_scope = of_a_scope("close", "ScopeEnded")
renew_scope = of_a_scope("renew", "ScopeRenewed", valid_until="2036-01-01")

REGISTER_SCENES = {
    "authorities.new": create_authority,
    "authorities.edit": edit_authority,
    "authorities.move": move_authority,
    "authorities.change": suspend_authority,
    "control_bodies.new": create_body,
    "control_bodies.edit": edit_body,
    "control_bodies.change": suspend_body,
    "control_bodies.add_scope": add_scope,
    "control_bodies.edit_scope": edit_scope,
    "control_bodies.end_scope": end_scope,
    "control_bodies.renew_scope": renew_scope,
    "document_rights.edit": rights,
}
