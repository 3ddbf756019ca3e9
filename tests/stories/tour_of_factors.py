"""A walk past the pages of one's own data, of factors and of losing them; part of the tour of every page."""

from __future__ import annotations

from collections.abc import Iterator

from tests.stories.acts import (
    gives_the_name,
    signs_in_with_sms,
    signs_in_with_the_password,
    signs_out,
)
from tests.stories.hands import Someone, fills, goes_to, is_on, link, presses, reads, ticks
from tests.stories.people import Meet, member_of, somebody
from tests.stories.recovering import (
    MEMBERS,
    adds_a_first_number_through_the_mailbox,
    adds_an_app,
    comes_to_the_recovery_code,
    follows_the_panic_link,
    makes_recovery_codes,
    names_an_app,
    opens_the_page_of,
    presses_panic,
    types_a_new_number,
)

Stations = Iterator[tuple[str, Someone]]
OWN = ("name", "email", "password", "configure", "delete", "recovery-codes", "keys", "keys/add", "devices",
       "devices/add", "devices/authenticators/add", "panic")  # fmt: skip
FILTERS = ("without-factor", "suspended")


def pages_of_factors(meet: Meet, language: str) -> Stations:
    """Everything behind the cards of «My Account», the ways back in, and the members of an organisation."""
    yield from _pages_of_the_cards(
        somebody(meet, language, "+46701740613", email="mika@agri.example", last_name="Cartes")
    )
    yield from _pages_of_recovering(
        somebody(meet, language, "+46701740614", email="nino@agri.example", last_name="Perdu")
    )
    suspended = member_of(
        somebody(meet, language, "+46701740615", email="ines@agri.example", last_name="Suspendue"),
        "demo/FR/named-4",
    )
    yield from _pages_of_panic(suspended)
    yield from _pages_of_members(meet(language, "national-authority"), suspended)


def _pages_of_the_cards(who: Someone) -> Stations:
    signs_in_with_sms(who, "/account")
    for path in OWN:
        goes_to(who, f"/account/{path}")
        yield f"own-{path.replace('/', '-')}", who
    presses(who, "Delete everything")
    yield "panic-refused", who
    for path in ("name", "email", "password"):
        goes_to(who, f"/account/{path}")
        for box in who.page.locator("main form input:visible").all():
            box.fill("")
        who.page.locator("main form button").first.click()
        yield f"own-{path}-refused", who
    makes_recovery_codes(who)
    yield "recovery-codes-made", who
    names_an_app(who)
    yield "authenticator-confirm", who
    presses(who, "Finalise")
    yield "authenticator-confirm-refused", who
    adds_an_app(who)
    yield "devices-with-an-app", who
    for path in ("Rename", "Delete"):
        goes_to(who, "/account/devices")
        who.page.locator("tbody").get_by_role("link").nth(("Rename", "Delete").index(path)).click()
        yield f"authenticator-{path.lower()}", who
    goes_to(who, "/step-up?next=/account")
    yield "step-up-to-go-on", who
    ticks(who, "EU Login Mobile App QR Code")
    presses(who, "Go on")
    yield "step-up-app", who
    goes_to(who, "/account/delete")
    presses(who, "Delete my account")
    yield "own-delete-asked", who
    goes_to(who, "/account")
    yield "cards-to-be-deleted", who
    presses_panic(who)
    is_on(who, "All your second factors are deleted")
    yield "panic-done-at-once", who


def _pages_of_recovering(who: Someone) -> Stations:
    signs_in_with_sms(who, "/account")
    code, *_others = makes_recovery_codes(who)
    signs_out(who)
    goes_to(who, "/sign-in")
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, "Security Key or Trusted Platform")
    presses(who, "Sign in")
    is_on(who, "Use your security key")
    yield "sign-in-key", who
    comes_to_the_recovery_code(who)
    yield "sign-in-recovery", who
    fills(who, "Recovery code", "AAAA-BBBB")
    presses(who, "Sign in")
    yield "sign-in-recovery-refused", who
    fills(who, "Recovery code", code)
    presses(who, "Sign in")
    is_on(who, "My Account")
    yield "cards-after-a-recovery-code", who
    goes_to(who, "/account/sessions")
    is_on(who, "Add a new second factor first")
    yield "recovery-session", who
    who.number = "+46701740616"
    types_a_new_number(who)
    yield "cards-with-the-new-number", who
    signs_out(who)
    signs_in_with_sms(who, "/account")
    goes_to(who, "/account/password")
    is_on(who, "This rests for a day")
    yield "rests-for-a-day", who


def _pages_of_panic(who: Someone) -> Stations:
    signs_in_with_the_password(who)
    goes_to(who, "/account/panic")
    yield "panic-through-the-mailbox", who
    presses_panic(who)
    yield "panic-sent", who
    address = follows_the_panic_link(who)
    yield "panic-link", who
    presses(who, "Delete everything")
    is_on(who, "All your second factors are deleted")
    yield "panic-done", who
    who.page.goto(address)
    yield "panic-link-used", who
    adds_a_first_number_through_the_mailbox(who)
    goes_to(who, "/production/profile")
    is_on(who, "Your access here is suspended")
    yield "suspended", who


def _pages_of_members(who: Someone, suspended: Someone) -> Stations:
    signs_in_with_sms(who, MEMBERS)
    yield "members", who
    for word in FILTERS:
        goes_to(who, f"{MEMBERS}?which={word}")
        yield f"members-{word}", who
    opens_the_page_of(who, suspended)
    reads(who, "Access to this environment is suspended")
    yield "member-suspended", who
    presses(who, "Lift the suspension")
    yield "member-suspended-refused", who
    link(who, "← Members").click()
    yield "members-again", who
