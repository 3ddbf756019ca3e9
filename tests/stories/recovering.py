"""What people of the stories do to get back in: recovery codes, PANIC, an authenticator app, a factor in place."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.identity.models import Account
from tests.stories.acts import (
    gives_the_name,
    mail_to,
    signs_in_with_the_password,
    sms_to,
    types_the_code,
)  # fmt: skip
from tests.stories.hands import Someone, button, fills, goes_to, is_on, presses, reads, ticks

ONE_CODE = timedelta(seconds=30)
MEMBERS = "/production/administration/members"


def makes_recovery_codes(who: Someone) -> list[str]:
    """The button; the ten codes as they stand on the page."""
    goes_to(who, "/account/recovery-codes")
    presses(who, "Make %(count)d new codes", count=10)
    is_on(who, "Your recovery codes")
    return who.page.locator(".codes .secret").all_inner_texts()


def comes_to_the_recovery_code(who: Someone) -> None:
    """Name, password, «I have lost my second factor»."""
    goes_to(who, "/sign-in?next=/account")
    gives_the_name(who)
    fills(who, "Password", who.password)
    presses(who, "I have lost my second factor")
    is_on(who, "Use a recovery code")


def names_an_app(who: Someone) -> pyotp.TOTP:
    """The name of the authenticator app is sent, and the app knows the secret that is then shown."""
    goes_to(who, "/account/devices/authenticators/add")
    fills(who, "Name of the app", "Téléphone de service")
    presses(who, "Go on")
    is_on(who, "Scan the code with your authenticator app")
    return pyotp.TOTP(who.page.locator(".secret").inner_text().replace(" ", ""))


def adds_an_app(who: Someone) -> pyotp.TOTP:
    """All of it, with the code the app showed half a minute ago: the present one is left for signing in."""
    app = names_an_app(who)
    fills(who, "Code shown by the app", app.at(clock.now() - ONE_CODE))
    presses(who, "Finalise")
    reads(who, "The authenticator app is on your account. You can sign in with its codes now.")
    return app


def comes_to_the_app(who: Someone, path: str) -> None:
    """Name, password, and the page that takes the code of an app."""
    goes_to(who, path)
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, "EU Login Mobile App QR Code")
    presses(who, "Sign in")
    is_on(who, "Scan the QR code with the app")


def presses_panic(who: Someone) -> None:
    """The word, then the button: at once, or through the mailbox."""
    goes_to(who, "/account/panic")
    fills(who, "Type PANIC to confirm", "PANIC")
    button(who, "Delete everything").or_(button(who, "Send the link")).click()


def follows_the_panic_link(who: Someone) -> str:
    """The page behind the link of the mail; its button is for the story to press. Returns the address."""
    is_on(who, "A link is on its way to your mailbox")
    address = str(mail_to(who)["links"][0])
    who.page.goto(address)
    is_on(who, "Delete all my devices and eID (PANIC)")
    return address


def adds_a_first_number_through_the_mailbox(who: Someone) -> None:
    """Signed in with the password alone: the mailbox is confirmed before the number is taken."""
    signs_in_with_the_password(who)
    goes_to(who, "/account/telephones/add")
    is_on(who, "Confirm your mailbox first")
    presses(who, "Send me a link")
    who.page.goto(mail_to(who)["links"][0])
    presses(who, "button|Continue")
    types_a_new_number(who)


def types_a_new_number(who: Someone) -> None:
    """On the form itself: the list of numbers is closed to a session opened by a recovery code."""
    goes_to(who, "/account/telephones/add")
    fills(who, "Mobile phone number", who.number)
    presses(who, "Add")
    types_the_code(who, sms_to(who)[0]["code"])
    presses(who, "Finalise")
    digits = who.number[-2:]
    reads(
        who, "The number ending in %(digits)s is on your account. You can sign in with it now.", digits=digits
    )


def confirms_in_place(who: Someone) -> None:
    """A text message on the page that asks for a second factor in an open session."""
    is_on(who, "Confirm with a second factor")
    ticks(who, "Mobile Phone + SMS")
    fills(who, "Mobile phone", who.number)
    presses(who, "Go on")
    types_the_code(who, sms_to(who)[0]["code"])
    presses(who, "Confirm")


def opens_the_page_of(who: Someone, other: Someone) -> None:
    """Another person, as an administrator sees them."""
    with who.site.inside():
        number = db.session.scalars(select(Account.id).where(Account.email == other.email)).one()
    goes_to(who, f"{MEMBERS}/{number}")
    is_on(who, f"{other.first_name} {other.last_name}")
