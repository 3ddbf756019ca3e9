"""For every form of the portal: a person about to send it, and what must be true once it was sent twenty times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select

from bench.visiting import Visitor
from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.identity import links
from portal.identity.challenges import code_of, send_challenge
from portal.identity.models import Account, Challenge, OneTimeLink, Registration, SignIn, Telephone
from portal.identity.states import ChallengePurpose, LinkPurpose
from portal.roles.models import Role
from tests.long.place import Place
from tests.makers.identity import PASSWORD, a_telephone, a_user, a_user_with_telephone
from tests.makers.organisations import a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request, acting

SMS_AT_MOST = 10
NEW_PASSWORD = "fenouil-barrique-oiseau-71"
ROLES = "/production/role-requests"


@dataclass
class Scene:
    """A browser, the form it sends, and a count that must lie between two numbers afterwards."""

    browser: Visitor
    path: str
    count: Callable[[], int]
    fields: dict[str, Any] = field(default_factory=dict)
    form_on: str = ""
    least: int = 1
    most: int = 1


def rows(model: type, *condition: ColumnElement[bool]) -> int:
    """How many rows meet the condition."""
    return db.session.scalar(select(func.count()).select_from(model).where(*condition)) or 0


def living_links(account: Account, purpose: LinkPurpose) -> Callable[[], int]:
    """How many links of that purpose still open something."""
    own = OneTimeLink.account_id == account.id, OneTimeLink.purpose == purpose.value
    return lambda: rows(OneTimeLink, *own, OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None))


def events_of(place: Place, name: str, account: Account) -> Callable[[], int]:
    """How many events of that name the person caused."""
    return lambda: place.events(name, actor_account_id=account.id)


def a_link(purpose: LinkPurpose, account: Account) -> str:
    """A link that was handed over a moment ago; its path."""
    link = links.make_link(purpose, account=account)
    link.handed_over_at = clock.now()
    db.session.commit()
    return urlsplit(links.address_of(link.id)).path


def a_code(account: Account, purpose: ChallengePurpose, number: str = "+46701760001") -> tuple[str, str]:
    """The two parts of a code sent to the newest browser of the person."""
    newest = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id.desc())
    row = db.session.scalars(newest).first()
    assert row is not None
    telephone = db.session.scalars(select(Telephone).where(Telephone.account_id == account.id)).first()
    known = telephone if purpose is ChallengePurpose.SIGN_IN else None
    challenge = send_challenge(row, purpose, number=number, telephone=known)
    db.session.commit()
    code = code_of(challenge.id)
    return code[:4], code[4:]


def half_signed_in(place: Place, account: Account) -> Visitor:
    """A browser that gave the right password and awaits the code."""
    browser = place.browser_of(account)
    db.session.query(SignIn).filter_by(account_id=account.id).update({"state": "half"})
    db.session.commit()
    return browser


def with_code(scene: Scene, parts: tuple[str, str]) -> Scene:
    """The scene with a code typed."""
    scene.fields |= {"part1": parts[0], "part2": parts[1]}
    return scene


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


def ticked(kind: str, maker: Callable[[], Any]) -> Callable[[Place], Scene]:
    """A row ticked in a search leads on to the confirmation and asks for nothing yet."""

    def scene(place: Place) -> Scene:
        person, row = a_user_with_telephone(), maker()
        none = Role.account_id == person.id
        path = f"{ROLES}/new/{kind}?country=BE"
        fields = {"row": row.id}
        return Scene(place.browser_of(person), path, lambda: rows(Role, none), fields, "/password/lost", 0, 0)

    return scene


def confirm(place: Place) -> Scene:
    person, operator = a_user_with_telephone(), an_operator()
    requested = events_of(place, "RoleRequested", person)
    return Scene(place.browser_of(person), f"{ROLES}/new/operator/confirm?row={operator.id}", requested)


def withdraw(place: Place) -> Scene:
    person = a_user_with_telephone()
    role = a_request(an_operator(), person)
    withdrawn = events_of(place, "RoleWithdrawn", person)
    return Scene(place.browser_of(person), f"{ROLES}/{role.id}/withdraw", withdrawn)


def decision(verb: str, event: str, **fields: str) -> Callable[[Place], Scene]:
    """One decision of a validator."""

    def scene(place: Place) -> Scene:
        country = a_country()
        validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
        page = f"/production/validation/{role.id}"
        decided = events_of(place, event, validator)
        return Scene(place.browser_of(validator), f"{page}/{verb}", decided, dict(fields), page)

    return scene


SCENES: dict[str, Callable[[Place], Scene]] = {
    "registration.register": register,
    "registration.lost_password": lost_password,
    "registration.link": open_link,
    "registration.ask_again": ask_again,
    "registration.choose_password": choose_password,
    "registration.not_me": not_me,
    "sign_in.begin": name,
    "sign_in.password": password,
    "sign_in.code": code,
    "sign_in.code_again": code_again,
    "sign_in.sign_out": sign_out,
    "sign_in.extend": extend,
    "account.keep_language": keep_language,
    "account.add_telephone": add_telephone,
    "account.challenge": challenge,
    "account.challenge_again": challenge_again,
    "account.cancel_challenge": cancel_challenge,
    "account.remove_one_telephone": remove_telephone,
    "account.mailbox": mailbox,
    "account.confirm_mailbox": confirm_mailbox,
    "account.end_session": end_session,
    "account.end_other_sessions": end_other_sessions,
    "directory.operators": ticked("operator", an_operator),
    "directory.authorities": ticked("authority", an_authority),
    "directory.control_bodies": ticked("control-body", an_operator),
    "directory.confirm": confirm,
    "role_requests.withdraw": withdraw,
    "validation.validate": decision("validate", "RoleValidated"),
    "validation.reject": decision("reject", "RoleRejected", reason="unknown-person"),
}
