"""People in «My Account», about to send the form."""

from __future__ import annotations

from portal.access.actor import Actor
from portal.database import db
from portal.identity.models import Account, Challenge, SignIn, Telephone
from portal.identity.states import ChallengePurpose, LinkPurpose
from tests.long.place import Place
from tests.long.scene import (
    SMS_AT_MOST,
    Scene,
    a_code,
    a_link,
    events_of,
    living_links,
    rows,
    with_code,
)
from tests.makers.identity import a_telephone, a_user_with_telephone
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, acting


def sign_out(place: Place) -> Scene:
    person = a_user_with_telephone()
    signed_out = events_of(place, "SignedOut", person)
    return Scene(place.browser_of(person), "/sign-out", signed_out, form_on="/password/lost")


def extend(place: Place) -> Scene:
    person = a_user_with_telephone()
    own = SignIn.account_id == person.id
    return Scene(
        place.browser_of(person), "/sign-in/extend", lambda: rows(SignIn, own), form_on="/password/lost"
    )


def keep_language(place: Place) -> Scene:
    person = a_user_with_telephone(language="fr")
    kept = Account.id == person.id, Account.language == "en"
    return Scene(
        place.browser_of(person), "/account/language", lambda: rows(Account, *kept), form_on="/password/lost"
    )


def add_telephone(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    usable = Challenge.account_id == person.id, Challenge.state == "open"
    fields = {"number": "+46701760077"}
    return Scene(
        browser, "/account/telephones/add", lambda: rows(Challenge, *usable), fields, most=SMS_AT_MOST
    )


def challenge(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    scene = Scene(browser, "/account/telephones/challenge", events_of(place, "TelephoneAdded", person))
    return with_code(scene, a_code(person, ChallengePurpose.ADD_TELEPHONE))


def challenge_again(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    a_code(person, ChallengePurpose.ADD_TELEPHONE)
    path = "/account/telephones/challenge"
    return Scene(
        browser, f"{path}/again", lambda: rows(Challenge, Challenge.account_id == person.id), form_on=path
    )


def cancel_challenge(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    a_code(person, ChallengePurpose.ADD_TELEPHONE)
    path = "/account/telephones/challenge"
    dead = Challenge.account_id == person.id, Challenge.state == "dead"
    return Scene(browser, f"{path}/cancel", lambda: rows(Challenge, *dead), form_on=path)


def remove_telephone(place: Place) -> Scene:
    person = a_user_with_telephone()
    telephone = a_telephone(person, "+46701760088")
    removed = events_of(place, "TelephoneRemoved", person)
    return Scene(place.browser_of(person), f"/account/telephones/{telephone.id}/remove", removed)


def mailbox(place: Place) -> Scene:
    person = a_member(an_operator())
    db.session.query(Telephone).filter_by(account_id=person.id).delete()
    db.session.commit()
    browser = place.browser_of(person, second_factor=False)
    return Scene(
        browser, "/account/mailbox", living_links(person, LinkPurpose.MAILBOX), form_on="/password/lost"
    )


def confirm_mailbox(place: Place) -> Scene:
    person = a_member(an_operator())
    db.session.query(Telephone).filter_by(account_id=person.id).delete()
    db.session.commit()
    browser = place.browser_of(person, second_factor=False)
    return Scene(browser, a_link(LinkPurpose.MAILBOX, person), events_of(place, "MailboxConfirmed", person))


def end_session(place: Place) -> Scene:
    person = a_user_with_telephone()
    other, browser = acting(person).session_id, place.browser_of(person)
    ended = events_of(place, "SignedOut", person)
    return Scene(browser, f"/account/sessions/{other}/end", ended, form_on="/password/lost")


def end_other_sessions(place: Place) -> Scene:
    person = a_user_with_telephone()
    others: list[Actor] = [acting(person), acting(person)]
    ended = events_of(place, "SignedOut", person)
    path, count = "/account/sessions/end-others", len(others)
    return Scene(place.browser_of(person), path, ended, {}, "/password/lost", least=count, most=count)
