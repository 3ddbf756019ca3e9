"""A walk past the Commission's registers: authorities, control bodies with their scopes, rights on documents."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations.models import ControlBodyScope, Organisation
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, chooses, fills, goes_to, presses
from tests.stories.people import Meet, member_of, number_of, somebody

Stations = Iterator[tuple[str, Someone]]
REGISTERS = "/production/registers"
AUTHORITIES, BODIES = f"{REGISTERS}/authorities", f"{REGISTERS}/control-bodies"
RIGHTS = f"{REGISTERS}/document-rights"


def pages_of_registers(meet: Meet, language: str) -> Stations:
    """Every page of the journeys authorities, control_bodies and document_rights."""
    chief = somebody(meet, language, "+46701740641", email="registres@agri.example", last_name="Registre")
    member_of(chief, "authority/COMMISSION", administrator=True)
    signs_in_with_sms(chief, AUTHORITIES)
    yield "authorities", chief
    yield from _pages_of_authorities(chief)
    yield from _pages_of_control_bodies(chief)
    yield from _pages_of_scopes(chief)
    yield from _pages_of_rights(chief)


def _pages(who: Someone, journey: str, paths: dict[str, str]) -> Stations:
    for name, path in paths.items():
        goes_to(who, path)
        yield f"{journey}-{name}", who


def _pages_of_authorities(who: Someone) -> Stations:
    central, region = (number_of(who, f"demo/FR/{office}") for office in ("CCA", "RCA"))
    paths = {"of-a-country": "?country=FR", "under": f"?under={central}", "none": "?country=IS"}
    paths |= {"show": f"/{central}", "new": f"/{central}/new", "suspend": f"/{central}/suspend"}
    paths |= {"delete": f"/{central}/delete", "move": f"/{region}/move"}
    yield from _pages(who, "authorities", {name: AUTHORITIES + path for name, path in paths.items()})
    goes_to(who, f"{AUTHORITIES}/{central}/new")
    presses(who, "Create")
    yield "authorities-new-refused", who
    yield from _two_at_once(who, f"{AUTHORITIES}/{region}/edit", region, "authorities")


def _two_at_once(who: Someone, path: str, number: int, journey: str) -> Stations:
    """The record, changed by somebody else while it is open."""
    goes_to(who, path)
    yield f"{journey}-edit", who
    with who.site.inside(), using(Environment.PRODUCTION):
        row = db.session.get_one(Organisation, number)
        row.city, row.version = "Namur", row.version + 1
        db.session.commit()
    fills(who, "City", "Huy")
    presses(who, "Save")
    yield f"{journey}-conflict", who


def _pages_of_control_bodies(who: Someone) -> Stations:
    body = number_of(who, "demo/DE/BODY")
    paths = {
        "list": "",
        "none": "?text=zzzzzz",
        "new": "/new",
        "show": f"/{body}",
        "delete": f"/{body}/delete",
    }
    yield from _pages(who, "control-bodies", {name: BODIES + path for name, path in paths.items()})
    yield from _two_at_once(who, f"{BODIES}/{body}/edit", body, "control-bodies")


def _pages_of_scopes(who: Someone) -> Stations:
    body = number_of(who, "demo/DE/BODY")
    with who.site.inside(), using(Environment.PRODUCTION):
        own = select(ControlBodyScope.id).where(ControlBodyScope.organisation_id == body)
        scope = db.session.scalars(own).first()
    paths = {"add": f"{BODIES}/{body}/scopes/add"}
    paths |= {name: f"{BODIES}/scopes/{scope}/{name}" for name in ("edit", "renew", "close")}
    yield from _pages(who, "scopes", paths)
    goes_to(who, paths["add"])
    presses(who, "Add")
    yield "scopes-add-refused", who


def _pages_of_rights(who: Someone) -> Stations:
    yield from _pages(who, "document-rights", {"table": RIGHTS, "new": f"{RIGHTS}/new"})
    presses(who, "Next")
    yield "document-rights-new-refused", who
    chooses(who, "Profile", "BCP")
    presses(who, "Next")
    yield "document-rights-edit", who
