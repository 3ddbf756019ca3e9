"""The 90-minute link (S3): its button, its end, its successors; and «This was not me»."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.models import Account
from portal.identity.registration import RegistrationWish, register, send_password_link
from tests.makers.identity import PASSWORD, a_sign_in, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import link_to, messages_to
from tests.page import Page, PageClient

ADDRESS = "camille.exemple@agri.example"
PASSWORDS = {"New password": PASSWORD, "New password, again": PASSWORD}
Browsers = Callable[[], PageClient]


def a_link(address: str = ADDRESS) -> str:
    """Somebody registered; the path of the link in the mail."""
    register(RegistrationWish("Camille", "Exemple", address, "en"), "network")
    return link_to(address)


def opened(client: PageClient, path: str) -> Page:
    """The page with the two password fields."""
    return client.get(path).press("Continue")


def test_the_link_opens_a_form_and_the_password_signs_in(visitor: PageClient) -> None:
    form = opened(visitor, a_link())
    assert form.path.endswith("/password/new")
    done = form.press("Save the password", by_label=PASSWORDS)
    assert done.heading == "Successful login"
    assert "You are now logged in to EU Login." in done.text
    assert db.session.query(Account).one().email == ADDRESS


def test_the_link_works_after_89_minutes_and_not_after_91(visitor: PageClient, browser_of: Browsers) -> None:
    in_time, too_late = a_link(), a_link("robin.modele@fret.example")
    clock.advance(timedelta(minutes=89))
    assert opened(visitor, in_time).heading == "Choose your password"
    clock.advance(timedelta(minutes=2))
    expired = browser_of().get(too_late)
    assert (expired.status, expired.heading) == (410, "This link has expired")


def test_whoever_opened_it_in_time_has_fifteen_minutes_in_that_browser(
    visitor: PageClient, browser_of: Browsers
) -> None:
    path = a_link()
    clock.advance(timedelta(minutes=89))
    form = opened(visitor, path)
    clock.advance(timedelta(minutes=10))
    assert browser_of().get(path).status == 410
    assert form.press("Save the password", by_label=PASSWORDS).heading == "Successful login"


def test_an_expired_link_has_a_button_for_a_new_one_and_stays_dead(visitor: PageClient) -> None:
    old = a_link()
    clock.advance(timedelta(minutes=91))
    answer = visitor.get(old).press("Ask for a new link")
    assert answer.heading == "Look into your mailbox"
    new = link_to(ADDRESS)
    assert new != old
    assert visitor.get(old).status == 410
    assert visitor.get(new).status == 200


def test_the_page_of_a_replaced_link_says_when_the_newer_mail_left(visitor: PageClient) -> None:
    old, _new = a_link(), a_link()
    replaced = visitor.get(old)
    assert (replaced.status, replaced.heading) == (410, "There is a newer link")
    assert "the newer e-mail left on" in replaced.text
    assert replaced.has_button("Ask for a new link")


def test_a_used_link_says_so_and_opens_nothing(visitor: PageClient, browser_of: Browsers) -> None:
    path = a_link()
    opened(visitor, path).press("Save the password", by_label=PASSWORDS)
    used = browser_of().get(path)
    assert (used.status, used.heading) == (410, "This link has been used")


def test_an_unknown_link_is_not_found(visitor: PageClient) -> None:
    assert visitor.get("/password/link/" + "x" * 43).status == 404
    assert visitor.post_with_token("/password/link/" + "x" * 43 + "/again").status == 404


def test_the_password_page_is_reached_through_an_opened_link_only(visitor: PageClient) -> None:
    a_link()
    assert visitor.get("/password/new").path.endswith("/password/lost")
    answer = visitor.post_with_token("/password/new", {"password": PASSWORD, "again": PASSWORD})
    assert answer.path.endswith("/password/lost")
    assert db.session.query(Account).count() == 0


def test_opening_the_page_of_a_link_changes_nothing(visitor: PageClient) -> None:
    path = a_link()
    for _time in range(3):
        visitor.get(path)
    assert opened(visitor, path).status == 200


def test_weak_and_unequal_passwords_are_refused_and_never_kept(visitor: PageClient) -> None:
    form = opened(visitor, a_link())
    short = form.press(
        "Save the password", by_label={"New password": "Ab1!xyz", "New password, again": "Ab1!xyz"}
    )
    assert short.status == 422
    assert "The password is too short: 12 characters at least." in short.text
    own = "camille.exemple.2026"
    named = short.press("Save the password", by_label={"New password": own, "New password, again": own})
    assert "The password contains your name" in named.text
    other = named.press("Save the password", by_label={**PASSWORDS, "New password, again": "another one"})
    assert "The two passwords are not the same." in other.text
    assert other.field("New password").get("value") in (None, "")
    assert other.press("Save the password", by_label=PASSWORDS).status == 200


def test_a_new_password_ends_all_sessions_and_gives_a_password_session_at_most(visitor: PageClient) -> None:
    account = a_user_with_telephone(email=ADDRESS)
    old, _token = a_sign_in(account)
    send_password_link(ADDRESS, "network", "en")
    done = opened(visitor, link_to(ADDRESS)).press("Save the password", by_label=PASSWORDS)
    assert done.heading == "Successful login"
    assert "You signed in with the password alone." in done.text
    rows = queries.open_sign_ins(account.id)
    assert [row.assurance for row in rows] == ["password"]
    assert old.id not in [row.id for row in rows]
    assert messages_to(ADDRESS)[0].subject == "TRACES: your password was changed"


def test_lost_password_says_the_same_for_known_and_unknown_addresses(visitor: PageClient) -> None:
    a_user(email=ADDRESS)
    pages = []
    for address in (ADDRESS, "nobody@agri.example"):
        form = visitor.get("/password/lost")
        pages.append(form.press("Send me a link", by_label={"E-mail": address}).text)
    assert pages[0] == pages[1]
    assert messages_to("nobody@agri.example")[0].subject == "TRACES: there is no account with this address"
    assert link_to(ADDRESS).startswith("/password/link/")


def test_this_was_not_me_ends_sessions_and_the_password_but_no_factor(
    visitor: PageClient, browser_of: Browsers
) -> None:
    account = a_user_with_telephone(email=ADDRESS)
    thief = sign_in_browser(browser_of(), account)
    send_password_link(ADDRESS, "network", "en")
    opened(browser_of(), link_to(ADDRESS)).press("Save the password", by_label=PASSWORDS)
    path = link_to(ADDRESS)
    assert path.startswith("/not-me/")
    done = visitor.get(path).press("End all sessions and block the password")
    assert done.heading == "Your account is blocked"
    db.session.expire_all()
    assert queries.open_sign_ins(account.id) == []
    assert db.session.get_one(Account, account.id).password_hash is None
    assert queries.has_factor(account.id)
    assert thief.get("/account", follow=False).status == 302
    assert visitor.get(path).status == 410
