"""People who link, show and remove a national eID."""

from __future__ import annotations

from typing import Any

from portal.identity import eids
from portal.identity.factor_models import Eid
from portal.identity.models import Account, SignIn
from tests.long.place import Place
from tests.long.scene import Scene, events_of, rows
from tests.makers.eids import an_eid
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone

PREFIX = "/account/eids"


def back(place: Place, code: str, session_id: int = 0) -> tuple[dict[str, Any], dict[str, str]]:
    """A person was at the provider: what the browser keeps, and the fields of the page after it."""
    errand, address = eids.begin("fr", session_id)
    sent = place.provider.comes_back(address, code)
    return errand.kept(), {"code": sent["code"], "state": sent["state"]}


def linking(place: Place, person: Account, code: str) -> Scene:
    """A person about to press «Link my eID»."""
    row, token = a_sign_in(person)
    kept, fields = back(place, code, row.id)
    browser = place.browser_with(sign_in=token, eid=kept)
    return Scene(
        browser, f"{PREFIX}/finish", events_of(place, "FactorAdded", person), fields, f"{PREFIX}/add"
    )


def add(place: Place) -> Scene:
    person = a_user_with_telephone()
    own = Eid.account_id == person.id
    browser, fields = place.browser_of(person), {"provider": "fr"}
    return Scene(browser, f"{PREFIX}/add", lambda: rows(Eid, own), fields, least=0, most=0)


def finish(place: Place) -> Scene:
    place.provider.subject = "FR/links-once"
    return linking(place, a_user_with_telephone(), "code-of-one-link")


def remove(place: Place) -> Scene:
    person = a_user_with_telephone()
    eid = an_eid(person, place.provider, "FR/removed")
    path = f"{PREFIX}/{eid.id}/remove"
    return Scene(place.browser_of(person), path, events_of(place, "FactorRemoved", person))


def choose(place: Place) -> Scene:
    person, fields = a_user(), {"provider": "fr"}
    own = SignIn.account_id == person.id
    return Scene(place.visitor(), "/sign-in/eid", lambda: rows(SignIn, own), fields, least=0, most=0)


def show(place: Place) -> Scene:
    person = a_user()
    an_eid(person, place.provider, "FR/signs-in")
    place.provider.subject = "FR/signs-in"
    kept, fields = back(place, "code-of-one-sign-in")
    own = SignIn.account_id == person.id
    browser = place.browser_with(eid=kept)
    return Scene(browser, "/eid/finish", lambda: rows(SignIn, own), fields, "/sign-in/eid")
