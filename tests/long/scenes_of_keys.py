"""People who register, rename, remove and show a security key: the browser's script, twenty windows of it."""

from __future__ import annotations

import json
import secrets
from typing import Any

from portal.database import db
from portal.identity import key_assertions, security_keys
from portal.identity.factor_models import FactorChallenge, SecurityKey
from portal.identity.models import Account, SignIn
from portal.identity.states import ChallengeState
from portal.vocabulary import Method
from tests.long.place import Place
from tests.long.scene import Scene, events_of, rows
from tests.makers.identity import a_sign_in, a_user_with_telephone, an_actor
from tests.makers.keys import SoftKey, a_key

PREFIX = "/account/keys"
FORM_ON = f"{PREFIX}/add"


def soft_key(place: Place) -> SoftKey:
    """A key that answers on the address where this portal is reached."""
    party = security_keys.party()
    return SoftKey(host=party.rp_id, origin=party.origin)


def newest_sign_in(account: Account) -> SignIn:
    """The sign-in of the browser that was opened last."""
    query = db.session.query(SignIn).filter_by(account_id=account.id).order_by(SignIn.id.desc())
    return query.first() or a_sign_in(account)[0]


def open_ceremonies(account: Account) -> int:
    """How many questions to a key are open."""
    own = FactorChallenge.account_id == account.id, FactorChallenge.method == Method.SECURITY_KEY.value
    return rows(FactorChallenge, *own, FactorChallenge.state == ChallengeState.OPEN.value)


def options(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser, fields = place.browser_of(person), {"name": "blue key"}
    return Scene(browser, f"{PREFIX}/options", lambda: open_ceremonies(person), fields, FORM_ON)


def finish(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    actor = an_actor(person.id, session_id=newest_sign_in(person).id)
    answer = soft_key(place).register(security_keys.begin(actor))
    fields = {"name": "blue key", "answer": json.dumps(answer)}
    return Scene(browser, f"{PREFIX}/finish", events_of(place, "FactorAdded", person), fields, FORM_ON)


def rename(place: Place) -> Scene:
    person = a_user_with_telephone()
    row, _soft = a_key(person, soft_key(place))
    named = SecurityKey.id == row.id, SecurityKey.name == "another"
    path = f"{PREFIX}/{row.id}/rename"
    return Scene(place.browser_of(person), path, lambda: rows(SecurityKey, *named), {"name": "another"})


def remove(place: Place) -> Scene:
    person = a_user_with_telephone()
    row, _soft = a_key(person, soft_key(place))
    removed = events_of(place, "FactorRemoved", person)
    return Scene(place.browser_of(person), f"{PREFIX}/{row.id}/remove", removed)


def half_signed_in(place: Place, account: Account) -> Any:
    """A browser that gave the right password and awaits the key; it and its sign-in."""
    row, token = a_sign_in(account, second_factor=False)
    row.state, row.method, row.assurance = "half", Method.SECURITY_KEY.value, None
    row.second_factor_at = None
    db.session.commit()
    return place.browser_with(sign_in=token), row


def ask_key(place: Place) -> Scene:
    person = a_user_with_telephone()
    a_key(person, soft_key(place))
    browser, _row = half_signed_in(place, person)
    return Scene(browser, "/sign-in/key/options", lambda: open_ceremonies(person), {}, "/sign-in/key")


def show_key(place: Place) -> Scene:
    person = a_user_with_telephone()
    _key, soft = a_key(person, soft_key(place))
    browser, row = half_signed_in(place, person)
    fields = {"answer": json.dumps(soft.show(key_assertions.ask(row)))}
    signed_in = events_of(place, "SignedIn", person)
    return Scene(browser, "/sign-in/key/finish", signed_in, fields, "/sign-in/key")


def ask_passkey(place: Place) -> Scene:
    before = rows(FactorChallenge)
    return Scene(
        place.visitor(), "/sign-in/passkey/options", lambda: rows(FactorChallenge) - before, {}, "/sign-in", least=0
    )  # fmt: skip


def show_passkey(place: Place) -> Scene:
    person = a_user_with_telephone()
    _key, soft = a_key(person, soft_key(place))
    nonce = secrets.token_urlsafe(32)
    fields = {"answer": json.dumps(soft.show(key_assertions.ask_for_passkey(nonce)))}
    browser = place.browser_with(passkey=nonce)
    return Scene(browser, "/sign-in/passkey/finish", events_of(place, "SignedIn", person), fields, "/sign-in")
