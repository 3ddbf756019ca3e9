"""Pages of losing factors: codes shown once, a session that only adds, PANIC with its word and its link."""

from __future__ import annotations

import re

from portal.database import db
from portal.identity import queries
from portal.identity.models import Account, Telephone
from tests.makers.identity import PASSWORD, a_telephone, a_user_with_telephone, sign_in_browser
from tests.makers.mail import code_to, link_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member
from tests.page import Page, PageClient

OLD = "camille@agri.example"
CODE = re.compile(r"(?:[2-9A-HJKMNP-Z]{4}-){4}[2-9A-HJKMNP-Z]{4}")


def lost(browser: PageClient, account: Account) -> Page:
    """Name, password, «I have lost my second factor»."""
    screen = browser.get("/sign-in").press("Next", name=account.email)
    return screen.press("I have lost my second factor", by_label={"Password": PASSWORD})


def codes_of(browser: PageClient) -> list[str]:
    """Ten new codes from the page."""
    return CODE.findall(browser.get("/account/recovery-codes").press("Make 10 new codes").text)


def test_codes_are_shown_once_and_their_number_afterwards(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    assert "You have none yet." in visitor.get("/account").text
    codes = codes_of(visitor)
    assert len(codes) == 10
    again = visitor.get("/account/recovery-codes").text
    assert "10 codes can still be used." in again
    assert not CODE.findall(again)


def test_a_code_lets_in_to_add_a_factor_and_to_do_nothing_else(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    code = codes_of(sign_in_browser(PageClient(visitor.app), account))[0]
    cards = lost(visitor, account).press("Sign in", by_label={"Recovery code": code})
    assert cards.heading == "My Account"
    for path in (
        "/account/telephones",
        "/account/personal-data",
        "/account/sessions",
        "/account/recovery-codes",
    ):
        assert visitor.get(path).heading == "Add a new second factor first"
    assert visitor.get("/production/profile").status == 403
    added = visitor.get("/account/telephones/add").press(
        "Add", by_label={"Mobile phone number": "+46701740620"}
    )
    added.press("Finalise", part1=code_to("+46701740620"))
    assert queries.number_of_telephones(account.id) == 2


def test_for_a_day_nothing_that_protects_the_account_is_taken_away(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    code = codes_of(sign_in_browser(PageClient(visitor.app), account))[0]
    lost(PageClient(visitor.app), account).press("Sign in", by_label={"Recovery code": code})
    sign_in_browser(visitor, account)
    for path in ("/account/telephones/remove", "/account/email", "/account/name", "/account/password"):
        page = visitor.get(path)
        assert (page.status, page.heading) == (403, "This rests for a day")


def test_a_code_of_another_length_is_said_to_be_one_and_costs_no_try(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    code = codes_of(sign_in_browser(PageClient(visitor.app), account))[0]
    page = lost(visitor, account)
    for _ in range(9):
        short = page.press("Sign in", by_label={"Recovery code": code[:-1]})
        assert (short.status, short.errors) == (422, ["A recovery code has 20 letters and digits."])
    assert page.press("Sign in", by_label={"Recovery code": code.lower()}).heading == "My Account"


def test_wrong_and_foreign_codes_are_refused_at_the_field(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    page = lost(visitor, account)
    refused = page.press("Sign in", by_label={"Recovery code": "AAAA-BBBB-CCCC-DDDD-EEEE"})
    assert refused.status == 422
    assert refused.errors == ["This code is not right. After 5 wrong codes it stops working."]
    for _ in range(4):
        answer = page.press("Sign in", by_label={"Recovery code": "AAAA-BBBB-CCCC-DDDD-EEEE"})
    assert answer.status == 410


def test_a_wrong_password_does_not_reach_the_codes(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    screen = visitor.get("/sign-in").press("Next", name=account.email)
    assert (
        screen.press("I have lost my second factor", by_label={"Password": "not-the-password-71"}).status
        == 422
    )
    assert visitor.get("/sign-in/recovery").heading == "Sign in to continue"


def test_panic_wants_its_word_and_then_everything_is_gone(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    sign_in_browser(visitor, account)
    page = visitor.get("/account").click("Delete all my devices and eID (PANIC)")
    assert page.press("Delete everything", by_label={"Type PANIC to confirm": "yes"}).status == 422
    assert queries.has_factor(account.id)
    done = page.press("Delete everything", by_label={"Type PANIC to confirm": "panic"})
    assert done.heading == "All your second factors are deleted"
    assert not queries.has_factor(account.id)
    assert visitor.get("/account").heading == "Sign in to continue"


def test_panic_with_the_password_alone_needs_the_button_behind_the_link(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=OLD)
    sign_in_browser(visitor, account, second_factor=False)
    page = visitor.get("/account/panic").press("Send the link", by_label={"Type PANIC to confirm": "PANIC"})
    assert page.heading == "A link is on its way to your mailbox"
    link = PageClient(visitor.app).get(link_to(OLD))
    assert queries.has_factor(account.id)
    assert link.press("Delete everything").heading == "All your second factors are deleted"
    assert not queries.has_factor(account.id)
    assert PageClient(visitor.app).get(link.path).status == 410


def test_after_panic_a_person_with_a_role_is_kept_out_until_somebody_vouches(
    visitor: PageClient, production: None
) -> None:
    operator = an_operator()
    account = a_member(operator, email=OLD)
    browser = sign_in_browser(PageClient(visitor.app), account)
    browser.get("/account/panic").press("Delete everything", by_label={"Type PANIC to confirm": "PANIC"})
    sign_in_browser(browser, account, second_factor=False)
    refused = browser.get("/account/telephones/add")
    assert refused.status == 403  # a role is held: the mailbox first, never the password alone
    a_telephone(account, "+46701740621")
    sign_in_browser(browser, account)
    assert browser.get("/production/profile").heading == "Your access here is suspended"
    chief = sign_in_browser(visitor, a_member(operator, administrator=True))
    page = chief.get(f"/production/administration/members/{account.id}")
    page.press("Lift the suspension", by_label={"The person stood before me.": True})
    assert browser.get("/production/profile").status == 200
    assert db.session.query(Telephone).filter_by(account_id=account.id).count() == 1
