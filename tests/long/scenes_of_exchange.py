"""People about to send a file, to import it, or to make Training anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from portal.database import db
from portal.environments.environment import Environment, using
from portal.exchange import importing
from portal.exchange.formats import Kind
from portal.work.models import Work, WorkItem
from tests.long.place import Place
from tests.long.scene import Scene, events_of
from tests.makers.organisations import a_country
from tests.makers.roles import a_member, acting
from tests.service.exchange.files import a_file

ROW = {
    "reference": "R1", "name": "Ferme Exemple", "street": "Rue du Test 1", "city": "Neupré", "country": "BE",
    "telephone": "+32 4 555 01 02", "section": "BOV-EST", "activity": "bovine_establishment",
}  # fmt: skip


def sending(kind: Kind) -> Callable[[Place], Scene]:
    """The same file sent by every window: one check, or two where a minute ends between them."""

    def scene(place: Place) -> Scene:
        country = a_country()
        person: Any = a_member(country.commission, administrator=True)
        organisation = country.commission
        if kind is Kind.OPERATORS:
            person, organisation = a_member(country.local), country.local
        fields = {
            "organisation": organisation.id,
            "file": a_file(importing.REGISTERS[kind].form, ROW).getvalue(),
        }
        begun = events_of(place, "WorkBegun", person)
        return Scene(place.browser_of(person), f"/production/exchange/{kind}", begun, fields, most=2)

    return scene


def begin(place: Place) -> Scene:
    """A checked file is imported once."""
    country = a_country()
    person = a_member(country.local)
    file = a_file(importing.REGISTERS[Kind.OPERATORS].form, ROW)
    work = importing.begin_check(Kind.OPERATORS, country.local.id, file, acting(person))
    mine = WorkItem.work_id == work.id
    db.session.execute(update(WorkItem).where(mine).values(state="done", outcome="would-row-created"))
    db.session.execute(update(Work).where(Work.id == work.id).values(state="done"))
    db.session.commit()
    here = f"/production/exchange/{work.id}"
    begun = events_of(place, "ImportBegun", person)
    return Scene(place.browser_of(person), f"{here}/import", begun, form_on=here)


def reset(place: Place) -> Scene:
    """Training is made anew once, or twice where a minute ends between the windows."""
    with using(Environment.TRAINING):
        person = a_member(a_country().commission, administrator=True)
        browser = place.browser_of(person)
    fields = {"template": "production", "typed": "training"}
    begun = events_of(place, "TrainingReset", person)
    return Scene(browser, "/training/exchange/training", begun, fields, most=2)


EXCHANGE_SCENES: dict[str, Callable[[Place], Scene]] = {
    "exchange.operators": sending(Kind.OPERATORS),
    "exchange.authorities": sending(Kind.AUTHORITIES),
    "exchange.posts": sending(Kind.POSTS),
    "exchange.control_bodies": sending(Kind.CONTROL_BODIES),
    "exchange.begin": begin,
    "exchange.reset": reset,
}
