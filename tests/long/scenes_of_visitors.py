"""People who register, follow a link of a mail or sign in, about to send the form."""

from __future__ import annotations

from portal import clock
from portal.database import db
from portal.identity.models import Challenge, OneTimeLink, Registration, SignIn
from portal.identity.states import ChallengePurpose, LinkPurpose
from portal.limits import rates
from portal.limits.models import Counter
from tests.long.place import Place
from tests.long.scene import (
    NEW_PASSWORD,
    SMS_AT_MOST,
    Scene,
    a_code,
    a_link,
    events_of,
    half_signed_in,
    living_links,
    rows,
    with_code,
)
from tests.makers.identity import PASSWORD, a_user, a_user_with_telephone


def register(place: Place) -> Scene:
    browser, email = place.visitor(), "vingt.fois@agri.example"
    browser.get("/register")
    captcha = browser.get("/demo/captcha.json").body.decode().partition('answer":"')[2][:6]
    fields = {"first_name": "Vingt", "last_name": "Fois", "email": email, "email_again": email, "language": "en",
              "code": captcha, "privacy": "y"}  # fmt: skip
    return Scene(
        browser,
        "/register",
        lambda: rows(Registration, Registration.email == email),
        fields,
        "/password/lost",
    )


def lost_password(place: Place) -> Scene:
    person = a_user()
    living = living_links(person, LinkPurpose.PASSWORD)
    return Scene(place.visitor(), "/password/lost", living, {"email": person.email})


def open_link(place: Place) -> Scene:
    person = a_user()
    path = a_link(LinkPurpose.PASSWORD, person)
    return Scene(place.visitor(), path, living_links(person, LinkPurpose.PASSWORD))


def ask_again(place: Place) -> Scene:
    person = a_user()
    path = a_link(LinkPurpose.PASSWORD, person)
    db.session.query(OneTimeLink).filter_by(account_id=person.id).update({"used_at": clock.now()})
    db.session.commit()
    return Scene(
        place.visitor(), f"{path}/again", living_links(person, LinkPurpose.PASSWORD), form_on="/password/lost"
    )


def choose_password(place: Place) -> Scene:
    person, browser = a_user(), place.visitor()
    path = a_link(LinkPurpose.PASSWORD, person)
    browser.send_form(path, {})
    fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    return Scene(browser, "/password/new", events_of(place, "PasswordChanged", person), fields)


def not_me(place: Place) -> Scene:
    person = a_user()
    path = a_link(LinkPurpose.NOT_ME, person)
    return Scene(place.visitor(), path, events_of(place, "ActivityDisowned", person))


def name(place: Place) -> Scene:
    person = a_user()
    none = SignIn.account_id == person.id
    return Scene(
        place.visitor(), "/sign-in", lambda: rows(SignIn, none), {"name": person.email}, least=0, most=0
    )


def password(place: Place) -> Scene:
    # Each is a browser that may type the code; how many messages leave is what the limits say.
    person, browser = a_user_with_telephone(), place.visitor()
    browser.send_form("/sign-in?next=/production/profile", {"name": person.email})
    fields = {"password": PASSWORD, "method": "sms", "number": "+46701740605"}
    sent = events_of(place, "TelephoneChallengeSent", person)
    return Scene(browser, "/sign-in/password", sent, fields, most=SMS_AT_MOST)


def code(place: Place) -> Scene:
    person = a_user_with_telephone()
    scene = Scene(half_signed_in(place, person), "/sign-in/code", events_of(place, "SignedIn", person))
    return with_code(scene, a_code(person, ChallengePurpose.SIGN_IN))


def code_again(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = half_signed_in(place, person)
    a_code(person, ChallengePurpose.SIGN_IN)
    own = Challenge.account_id == person.id
    return Scene(browser, "/sign-in/code/again", lambda: rows(Challenge, own), form_on="/sign-in/code")


def check_file(place: Place) -> Scene:
    # Nothing is kept of the files; that they came is one counter of the network.
    counter = Counter.name == rates.VERIFIED_FILES_PER_NETWORK.name
    fields = {"file": b"no file of a certificate"}
    return Scene(place.visitor(), "/verify/file", lambda: rows(Counter, counter), fields)
