"""The acts of people in the stories, named as they would name them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.stories.hands import (
    Someone,
    chooses,
    field,
    fills,
    follows,
    goes_to,
    is_on,
    presses,
    reads,
    ticks,
)
from tests.stories.words import whole

KINDS = {"operator": "Operator", "control-body": "Organic Control Body", "authority": "Authority"}


def fills_in_the_registration(who: Someone, *, again: str = "", code: str = "", privacy: bool = True) -> None:
    """Everything «Create an account» asks for, with the code of the picture."""
    fills(who, "First name", who.first_name)
    fills(who, "Last name", who.last_name)
    fills(who, "E-mail", who.email)
    fills(who, "Confirm e-mail", again or who.email)
    answer = who.page.context.request.get(f"{who.site.address}/demo/captcha.json").json()["answer"]
    fills(who, "Enter the code", code or answer)
    consent = "By checking this box, you acknowledge that you have read and understood the privacy statement"
    field(who, consent).set_checked(privacy)


def creates_an_account(who: Someone) -> None:
    """From the home page to «an e-mail is on its way»."""
    goes_to(who, "/")
    follows(who, "Sign up for TRACES")
    fills_in_the_registration(who)
    presses(who, "Create an account")
    is_on(who, "Look into your mailbox")


def mail_to(who: Someone) -> dict[str, Any]:
    """The newest e-mail of this person."""
    return who.site.messages(who.email)[0]


def sms_to(who: Someone, number: str = "") -> list[dict[str, Any]]:
    """The text messages on this person's phone, newest first."""
    return who.site.messages(number or who.number)


def opens_the_link(who: Someone, address: str = "") -> None:
    """The link of the newest e-mail, and its button."""
    who.page.goto(address or mail_to(who)["links"][0])
    presses(who, "button|Continue")
    is_on(who, "Choose your password")


def chooses_a_password(who: Someone, password: str = "") -> None:
    """Typed twice and saved."""
    fills(who, "New password", password or who.password)
    fills(who, "New password, again", password or who.password)
    presses(who, "Save the password")


def opens_my_account(who: Someone) -> None:
    """By the gear beside the name."""
    opens_the_gear_menu(who)
    who.page.get_by_role("banner").get_by_role("link", name=whole(who.says("My Account"))).click()
    is_on(who, "My Account")


def opens_the_gear_menu(who: Someone) -> None:
    """The menu of the person at the top right."""
    who.page.get_by_role("banner").locator("summary", has_text=who.last_name).click()


def opens_my_numbers(who: Someone) -> None:
    """«My Account», then its sixth card."""
    opens_my_account(who)
    follows(who, "Manage my mobile phone numbers")
    is_on(who, "Manage my mobile phone numbers")


def asks_to_add(who: Someone, number: str = "") -> None:
    """The number on its form; a code goes out when it may."""
    follows(who, "Add a mobile phone number")
    fills(who, "Mobile phone number", number or who.number)
    presses(who, "Add")


def types_the_code(who: Someone, code: str) -> None:
    """Both parts of a code, each in its box."""
    first, _, second = code.partition("-")
    fills(who, "Text message challenge code", first)
    fills(who, "Second part of the code", second)


def adds_a_number(who: Someone) -> None:
    """The number, its SMS, the code, «Finalise»."""
    opens_my_numbers(who)
    asks_to_add(who)
    is_on(who, "Text message challenge, to add a mobile phone number")
    types_the_code(who, sms_to(who)[0]["code"])
    presses(who, "Finalise")
    is_on(who, "Manage my mobile phone numbers")
    reads(who, "Number ending in %(digits)s", digits=who.number[-2:])


def gives_the_name(who: Someone) -> None:
    """The first screen of signing in."""
    fills(who, "E-mail or user name", who.email)
    presses(who, "Next")
    reads(who, "Welcome")


def signs_in_with_the_password(who: Someone) -> None:
    """To «My Account», with the password alone."""
    goes_to(who, "/sign-in")
    gives_the_name(who)
    fills(who, "Password", who.password)
    ticks(who, "Password")
    presses(who, "Sign in")


def asks_for_an_sms(who: Someone, number: str = "", password: str = "") -> None:
    """The second screen: password, «Mobile Phone + SMS», number."""
    fills(who, "Password", password or who.password)
    ticks(who, "Mobile Phone + SMS")
    fills(who, "Mobile phone", number or who.number)
    presses(who, "Sign in")


def signs_in_with_sms(who: Someone, path: str = "/production/profile") -> None:
    """All of it, and on to the page that was wanted."""
    goes_to(who, path)
    gives_the_name(who)
    asks_for_an_sms(who)
    is_on(who, "Enter the code from the text message")
    types_the_code(who, sms_to(who)[0]["code"])
    presses(who, "Sign in")
    who.page.wait_for_url(f"**{path}")


def searches(who: Someone, kind: str, country: str, **filters: str) -> None:
    """One of the three searches; filters by label."""
    chooses(who, "Country", country)
    for label, value in filters.items():
        chooses(who, label, value) if label in ("Role", "Competence") else fills(who, label, value)
    presses(who, "Show results")
    expect(who.page.locator("tbody tr").first).to_be_visible()


def ticks_the_row(who: Someone, name: str) -> None:
    """The box at the end of the row with that name."""
    who.page.get_by_role("row").filter(has_text=name).get_by_role("checkbox").check()


def asks_for_a_role(who: Someone, country: str, name: str, *, kind: str = "operator") -> None:
    """Search, tick, confirm, send."""
    follows(who, KINDS[kind])
    searches(who, kind, country, **{"Search" if kind == "operator" else "Name": name})
    ticks_the_row(who, name)
    presses(who, "Request authorisation")
    is_on(who, "Confirm the authorisation request for %(organisations)s", organisations=name)
    presses(who, "Send authorisation request")
    reads(who, "Your request was sent.")


def opens_the_request_of(who: Someone, requester: str, organisation: str) -> None:
    """In the queue, by the name of the person and of the organisation."""
    words = who.says(
        "Open the request of %(person)s for %(organisation)s", person=requester, organisation=organisation
    )
    link_words = whole(words)
    who.page.get_by_role("link", name=link_words).click()
    is_on(who, "Request of %(person)s", person=requester)


def validates(who: Someone) -> None:
    """The green button."""
    presses(who, "Validate")
    is_on(who, "Pending requests")


def chips(who: Someone) -> list[str]:
    """The filters of the profile with their counts: «1 Valid»."""
    group = who.page.get_by_role("group", name=whole(who.says("Filter by status")))
    return [" ".join(text.split()) for text in group.get_by_role("link").all_inner_texts()]


def signs_out(who: Someone) -> None:
    """«Logout» of the gear menu."""
    opens_the_gear_menu(who)
    who.page.get_by_role("banner").get_by_role("button", name=whole(who.says("Logout"))).click()
    reads(who, "You have signed out.")
