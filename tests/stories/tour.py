"""A walk past every page there is, signed in as somebody who may see it; gives its name and who is there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.roles.models import Role
from portal.vocabulary import OrganisationKind
from tests.stories.acts import (
    adds_a_number,
    asks_for_an_sms,
    asks_to_add,
    fills_in_the_registration,
    gives_the_name,
    mail_to,
    opens_the_gear_menu,
    opens_the_link,
    searches,
    signs_in_with_sms,
    signs_in_with_the_password,
    sms_to,
    ticks_the_row,
    types_the_code,
)
from tests.stories.hands import Someone, fills, follows, goes_to, is_on, link, presses
from tests.stories.people import Meet, member_of, somebody
from tests.stories.tour_of_audit import pages_of_audit
from tests.stories.tour_of_certificates import pages_of_certificates
from tests.stories.tour_of_devices import pages_of_devices
from tests.stories.tour_of_factors import pages_of_factors
from tests.stories.tour_of_impact import pages_of_impact
from tests.stories.tour_of_members import pages_of_members
from tests.stories.tour_of_notices import pages_of_notices
from tests.stories.tour_of_operators import pages_of_operators
from tests.stories.tour_of_registers import pages_of_registers
from tests.stories.tour_of_signatories import pages_of_signatories
from tests.stories.tour_of_the_app import pages_of_the_app
from tests.stories.tour_of_work import pages_of_work

Stations = Iterator[tuple[str, Someone]]
PUBLIC = (
    "help", "contact", "privacy", "accessibility", "demo", "verify", "verify/file", "training/seals", "blanks",
)  # fmt: skip
NEW = "/production/role-requests/new"


def tour(meet: Meet, language: str) -> Iterator[Stations]:
    """Every page, in parts that do not need one another."""
    yield _pages_of_a_visitor(meet(language))
    yield pages_of_the_app(meet(language))
    for part in PARTS:
        yield part(meet, language)
    yield _pages_of_a_new_account(somebody(meet, language, email="kim.neu@agri.example", last_name="Neu"))
    yield _pages_of_numbers(
        somebody(meet, language, "+46701740601", "+46701740602", email="lou@agri.example")
    )
    yield _pages_of_requests(somebody(meet, language, "+46701740603", email="sam@agri.example"))
    yield _pages_of_a_validator(meet(language, "national-authority"))
    yield _pages_of_the_commission(meet(language, "commission"))
    yield _pages_of_a_mailbox(meet, language)
    yield _pages_of_links(meet(language, email="nouvel.arrivant@agri.example", number="+46701740698"))


def _pages_of_a_visitor(who: Someone) -> Stations:
    for path in ("", *PUBLIC, "demo/inbox", "no-such-page"):
        goes_to(who, f"/{path}")
        yield f"public-{path.replace('/', '-') or 'home'}", who
    goes_to(who, "/register")
    yield "register", who
    presses(who, "Create an account")
    yield "register-refused", who
    who.email, address = "info@agri.example", who.email
    fills_in_the_registration(who)
    presses(who, "Create an account")
    yield "register-office-mailbox", who
    who.email = address
    fills_in_the_registration(who)
    presses(who, "Create an account")
    is_on(who, "Look into your mailbox")
    yield "register-sent", who
    goes_to(who, "/password/lost")
    yield "password-lost", who
    fills(who, "E-mail", who.email)
    presses(who, "Send me a link")
    yield "password-lost-sent", who
    goes_to(who, "/password/link/nothing")
    yield "link-unknown", who


def _pages_of_signing_in(meet: Meet, language: str) -> Stations:
    who = somebody(meet, language, "+46701740604", email="alex@agri.example")
    goes_to(who, "/sign-in")
    yield "sign-in", who
    gives_the_name(who)
    yield "sign-in-password", who
    presses(who, "Sign in")
    yield "sign-in-refused", who
    goes_to(who, "/production/profile")
    gives_the_name(who)
    yield "sign-in-second-factor", who
    asks_for_an_sms(who)
    yield "sign-in-code", who
    for _try in range(5):
        types_the_code(who, "2222-2222")
        presses(who, "Sign in")
        if _try in (0, 4):
            yield "sign-in-code-dead" if _try else "sign-in-code-refused", who


def _pages_of_a_new_account(who: Someone) -> Stations:
    signs_in_with_the_password(who)
    yield "done-without-factor", who
    for path in ("", "/telephones", "/telephones/add"):
        goes_to(who, f"/account{path}")
        yield f"new-account{path.replace('/', '-')}", who
    goes_to(who, "/account/telephones")
    asks_to_add(who, "0612345678")
    yield "telephone-refused", who
    goes_to(who, "/account/telephones")
    asks_to_add(who)
    yield "telephone-challenge", who
    for _try in range(5):
        types_the_code(who, "2222-2222")
        presses(who, "Finalise")
    yield "telephone-challenge-dead", who
    adds_a_number(who)
    yield "telephone-added", who
    goes_to(who, "/account")
    yield "cards-with-the-password-alone", who
    goes_to(who, "/account/telephones/remove")
    yield "step-up", who


def _pages_of_numbers(who: Someone) -> Stations:
    signs_in_with_sms(who, "/account")
    yield "cards", who
    opens_the_gear_menu(who)
    yield "gear-menu", who
    for path in ("personal-data", "telephones", "telephones/remove", "sessions"):
        goes_to(who, f"/account/{path}")
        yield f"account-{path.replace('/', '-')}", who
    goes_to(who, "/account/telephones/remove")
    link(who, "Delete").click()
    yield "telephone-delete", who
    goes_to(who, "/sign-in/done")
    yield "done", who


def _pages_of_requests(who: Someone) -> Stations:
    signs_in_with_sms(who)
    yield "request-authorisation", who
    goes_to(who, "/acceptance/profile")
    yield "request-authorisation-acceptance", who
    goes_to(who, f"{NEW}/operator")
    yield "operators-before", who
    for kind in ("authority", "control-body"):
        goes_to(who, f"{NEW}/{kind}")
        searches(who, kind, "BE")
        yield f"{kind}-found", who
    goes_to(who, f"{NEW}/operator?country=BE&section=&activity=&text=zzzzzz")
    yield "operators-none", who
    goes_to(who, f"{NEW}/operator")
    searches(who, "operator", "FR")
    yield "operators-found", who
    presses(who, "Request authorisation")
    yield "operators-nothing-ticked", who
    searches(who, "operator", "FR", Search="Exemple")
    ticks_the_row(who, "Fret Exemple SAS")
    ticks_the_row(who, "Élevage Exemple GAEC")
    presses(who, "Request authorisation")
    yield "confirm", who
    fills(who, "profile|E-mail", "nobody")
    presses(who, "Send authorisation request")
    yield "confirm-refused", who
    fills(who, "profile|E-mail", "")
    presses(who, "Send authorisation request")
    yield "profile-requested", who
    follows(who, "Withdraw the request for %(organisation)s", organisation="Fret Exemple SAS")
    yield "withdraw", who
    who.page.goto(who.page.url.removesuffix("/withdraw"))
    yield "where", who
    goes_to(who, f"{NEW}/authority")
    yield "forbidden", who
    goes_to(who, "/production/profile?status=none")
    yield "profile-filtered", who
    goes_to(who, "/production/acting-as")
    yield "not-to-be-opened", who


def _pages_of_a_validator(who: Someone) -> Stations:
    signs_in_with_sms(who, "/production/validation")
    yield "queue", who
    who.page.locator("tbody input.tick").first.check()
    who.page.locator("button[value='validate']").click()
    yield "batch", who
    goes_to(who, "/production/deputies")
    yield "deputies", who
    goes_to(who, "/production/deputies/name")
    yield "name-deputy", who
    goes_to(who, "/production/validation?step=asked&country=FR")
    yield "queue-filtered", who
    goes_to(who, "/production/validation")
    who.page.locator("tbody a").first.click()
    yield "request", who
    request = who.page.url
    who.page.goto(f"{request}/ask")
    yield "ask", who
    who.page.goto(request)
    follows(who, "Reject")
    yield "reject", who
    presses(who, "Reject the request")
    yield "reject-refused", who
    goes_to(who, "/production/profile")
    yield "profile-valid", who
    opens_the_gear_menu(who)
    yield "profile-menu", who
    goes_to(who, "/training/validation")
    yield "queue-training", who
    goes_to(who, "/account/telephones/remove")
    link(who, "Delete").click()
    yield "last-factor", who


def _pages_of_the_commission(who: Someone) -> Stations:
    signs_in_with_sms(who, "/production/validation")
    yield "queue-commission", who
    with who.site.inside(), using(Environment.PRODUCTION):
        role = db.session.scalars(select(Role).where(Role.kind == OrganisationKind.OPERATOR)).first()
        assert role is not None
    goes_to(who, f"/production/validation/{role.id}")
    yield "request-read-only", who


def _pages_of_a_mailbox(meet: Meet, language: str) -> Stations:
    who = member_of(
        somebody(meet, language, email="robin@agri.example", last_name="Sansnuméro"), "demo/FR/named-4"
    )
    signs_in_with_the_password(who)
    goes_to(who, "/account/telephones/add")
    yield "mailbox-first", who
    presses(who, "Send me a link")
    who.page.goto(mail_to(who)["links"][0])
    yield "mailbox-confirm", who
    presses(who, "button|Continue")
    address = mail_to(who)["links"][0]
    who.page.goto(address)
    yield "mailbox-link-used", who


def _pages_of_links(who: Someone) -> Stations:
    goes_to(who, "/register")
    fills_in_the_registration(who)
    presses(who, "Create an account")
    is_on(who, "Look into your mailbox")
    address = mail_to(who)["links"][0]
    who.page.goto(address)
    yield "link", who
    opens_the_link(who, address)
    yield "choose-password", who
    presses(who, "Save the password")
    yield "choose-password-refused", who
    fills(who, "New password", who.password)
    fills(who, "New password, again", who.password)
    presses(who, "Save the password")
    who.page.goto(address)
    yield "link-used", who
    adds_a_number(who)
    assert sms_to(who)
    who.page.goto(mail_to(who)["links"][0])
    yield "not-me", who
    who.page.get_by_role("main").get_by_role("button").first.click()
    yield "not-me-done", who


PARTS = (
    pages_of_devices,
    pages_of_factors,
    pages_of_operators,
    pages_of_registers,
    pages_of_members,
    pages_of_work,
    pages_of_notices,
    pages_of_audit,
    pages_of_certificates,
    pages_of_impact,
    pages_of_signatories,
    _pages_of_signing_in,
)
