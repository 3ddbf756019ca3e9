"""The mail about a sign-in from a browser not seen before, and its «this was not me»."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.models import Account
from tests.makers.identity import PASSWORD, a_user
from tests.makers.mail import link_to, messages_to
from tests.page import PageClient

SUBJECT = "TRACES: somebody signed in to your account"


def signed_in(browser: PageClient, account: Account) -> None:
    """With the password, from that browser."""
    browser.get("/sign-in").press("Next", name=account.email).press(
        "Sign in", by_label={"Password": PASSWORD}
    )


def notices(account: Account) -> int:
    """Mails about sign-ins."""
    return len([mail for mail in messages_to(account.email) if mail.subject == SUBJECT])


def test_a_browser_not_seen_before_is_told_of_and_a_known_one_is_not(visitor: PageClient) -> None:
    account = a_user()
    signed_in(visitor, account)
    assert notices(account) == 0  # the first one ever is the person's own registration
    signed_in(visitor, account)
    assert notices(account) == 0
    visitor.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"
    signed_in(visitor, account)
    assert notices(account) == 1
    assert "Chrome, Windows" in messages_to(account.email)[0].body
    signed_in(visitor, account)
    assert notices(account) == 1


def test_a_browser_is_forgotten_after_half_a_year(visitor: PageClient) -> None:
    account = a_user()
    signed_in(visitor, account)
    clock.advance(timedelta(days=181))
    signed_in(visitor, account)
    assert notices(account) == 1


def test_who_wants_it_is_told_each_time(visitor: PageClient) -> None:
    account = a_user()
    account.sign_in_notices = True
    db.session.commit()
    for _ in range(2):
        signed_in(visitor, account)
    assert notices(account) == 2


def test_this_was_not_me_ends_the_session_and_the_password(visitor: PageClient) -> None:
    account = a_user()
    signed_in(visitor, account)
    visitor.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"
    signed_in(visitor, account)
    page = PageClient(visitor.app).get(link_to(account.email))
    button = page.tree.xpath("//main//form//button")[0].text_content()
    page.press(button)
    assert queries.open_sign_ins(account.id) == []
    db.session.rollback()
    fresh = queries.account_by_id(account.id)
    assert fresh is not None
    db.session.refresh(fresh)
    assert fresh.password_hash is None
    assert "password" in messages_to(account.email)[0].subject
