"""People who show a second factor in place, and those who add, rename and remove an authenticator app."""

from __future__ import annotations

from datetime import timedelta

import pyotp

from portal import clock, crypto
from portal.database import db
from portal.identity.factor_models import Authenticator
from portal.identity.models import Account, Challenge, SignIn
from portal.identity.states import FactorState
from tests.long.place import Place
from tests.long.scene import SMS_AT_MOST, Scene, events_of, rows
from tests.makers.identity import a_user_with_telephone

PREFIX = "/account/devices/authenticators"
NUMBER = "+46701740605"


def step_up(place: Place) -> Scene:
    person = a_user_with_telephone()
    own = Challenge.account_id == person.id
    fields = {"method": "sms", "number": NUMBER}
    return Scene(place.browser_of(person), "/step-up", lambda: rows(Challenge, own), fields, most=SMS_AT_MOST)


def an_authenticator(account: Account, state: FactorState, sign_in_id: int) -> Authenticator:
    """An authenticator app of that person, made in that session."""
    now = clock.now()
    row = Authenticator(
        account_id=account.id, sign_in_id=sign_in_id, name="app", state=state.value, created_at=now,
        secret_sealed=crypto.seal("totp", pyotp.random_base32()), expires_at=now + timedelta(minutes=15),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def newest_sign_in(account: Account) -> int:
    """The id of the newest sign-in."""
    return max(row.id for row in db.session.query(SignIn).filter_by(account_id=account.id))


def add(place: Place) -> Scene:
    person = a_user_with_telephone()
    own = Authenticator.account_id == person.id
    browser = place.browser_of(person)
    return Scene(browser, f"{PREFIX}/add", lambda: rows(Authenticator, own), {"name": "my phone"}, most=20)


def confirm(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    row = an_authenticator(person, FactorState.PENDING, newest_sign_in(person))
    code = pyotp.TOTP(crypto.unseal("totp", row.secret_sealed)).at(clock.now())
    added = events_of(place, "FactorAdded", person)
    return Scene(browser, f"{PREFIX}/{row.id}/confirm", added, {"code": code})


def rename(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    row = an_authenticator(person, FactorState.ACTIVE, newest_sign_in(person))
    named = Authenticator.id == row.id, Authenticator.name == "another"
    path = f"{PREFIX}/{row.id}/rename"
    return Scene(browser, path, lambda: rows(Authenticator, *named), {"name": "another"})


def remove(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    row = an_authenticator(person, FactorState.ACTIVE, newest_sign_in(person))
    return Scene(browser, f"{PREFIX}/{row.id}/remove", events_of(place, "FactorRemoved", person))
