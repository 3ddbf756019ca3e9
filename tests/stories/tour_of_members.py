"""A walk past the pages of an organisation's people: one role and what becomes of it, and the phones on duty."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.roles.models import Role
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, fills, goes_to, link, presses
from tests.stories.people import Meet, member_of, number_of, somebody

Stations = Iterator[tuple[str, Someone]]
ROLES = "/production/administration/members/roles"
OPERATOR = "demo/FR/named-5"
DUTY = "/production/duty-phones"


def pages_of_members(meet: Meet, language: str) -> Stations:
    """Every page of the journeys members and duty_phones, the hub, and one's own rights."""
    chief = somebody(meet, language, "+46701740651", email="chef@agri.example", last_name="Chef")
    member_of(chief, OPERATOR, administrator=True)
    member = somebody(meet, language, "+46701740652", email="membre@agri.example", last_name="Membre")
    member_of(member, OPERATOR)
    signs_in_with_sms(chief, "/production/administration")
    yield "administration", chief
    goes_to(chief, "/production/profile/rights")
    yield "own-rights", chief
    yield from _pages_of_a_role(chief, _role_in(chief, member))
    yield from _pages_of_duty_phones(chief)
    signs_in_with_sms(member, "/production/profile/rights")
    yield "own-rights-suspended", member
    goes_to(member, f"{ROLES}/{_role_in(chief, chief)}")
    yield "not-found-in-an-environment", member
    yield from _pages_of_an_own_role(chief)


def _role_in(who: Someone, member: Someone) -> int:
    number = number_of(who, OPERATOR)
    with who.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(member.email)
        assert account is not None
        own = select(Role.id).where(Role.account_id == account.id, Role.organisation_id == number)
        return db.session.scalars(own).one()


def _pages_of_a_role(who: Someone, number: int) -> Stations:
    for name in ("", "/last-day", "/remove", "/administrator", "/suspend"):
        goes_to(who, f"{ROLES}/{number}{name}")
        yield f"role{name.replace('/', '-')}", who
    presses(who, "Suspend the role")
    yield "role-suspend-refused", who
    who.page.locator("main input[type=radio]").first.check()
    presses(who, "Suspend the role")
    yield "role-suspended", who
    goes_to(who, f"{ROLES}/{number}/lift")
    yield "role-lift", who


def _pages_of_an_own_role(who: Someone) -> Stations:
    number = _role_in(who, who)
    for name in ("", "/no-administrator", "/give-up"):
        goes_to(who, f"{ROLES}/{number}{name}")
        yield f"own-role{name.replace('/', '-')}", who


def _pages_of_duty_phones(who: Someone) -> Stations:
    goes_to(who, DUTY)
    yield "duty-phones-none", who
    who.page.locator("main .actions a").first.click()
    yield "duty-phones-add", who
    presses(who, "Add")
    yield "duty-phones-add-refused", who
    fills(who, "Mobile phone number", "+46701740655")
    fills(who, "Place", "Salle de garde")
    presses(who, "Add")
    yield "duty-phones", who
    for words, name in (("Edit", "edit"), ("Take off the list", "remove"), ("Lost or stolen", "lost")):
        goes_to(who, DUTY)
        link(who, words).click()
        yield f"duty-phones-{name}", who
