"""«My Account»: the nine cards in order, personal data, sessions listed and ended."""

from __future__ import annotations

from collections.abc import Callable

from portal.database import db
from portal.identity import queries
from portal.identity.models import Account
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone, sign_in_browser
from tests.page import PageClient, squeezed

CARDS = [
    "My personal data",
    "Configure my account",
    "Delete my account",
    "Manage my mobile devices",
    "Manage my Security Keys and Trusted Platforms",
    "Manage my mobile phone numbers",
    "Manage my eIDs",
    "Delete all my devices and eID (PANIC)",
    "View my sessions",
]


def test_the_nine_cards_stand_in_the_order_of_the_source(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_user()).get("/account")
    shown = [squeezed(node.text_content()) for node in page.tree.xpath("//*[@class='card__link']")]
    assert shown == CARDS
    links = [squeezed(node.text_content()) for node in page.tree.xpath("//a[@class='card__link']")]
    assert set(links) | {"Manage my eIDs", "Delete all my devices and eID (PANIC)"} == set(CARDS)
    assert page.text.index("You can view your open sessions.") > page.text.index("View my sessions")


def test_visitors_sign_in_first_and_come_back(visitor: PageClient) -> None:
    answer = visitor.get("/account/personal-data", follow=False).response
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/sign-in?next=/account/personal-data")


def test_personal_data_are_shown_and_the_language_can_be_kept(visitor: PageClient) -> None:
    account = a_user(email="camille@agri.example", language="fr")
    page = sign_in_browser(visitor, account).get("/account/personal-data")
    for words in ("Camille", "Exemple", "camille@agri.example", account.username, "External"):
        assert words in page.text
    kept = page.press("Use the language of this page for mails and text messages")
    assert "Mails and text messages will come in this language." in kept.text
    db.session.expire_all()
    assert db.session.get_one(Account, account.id).language == "en"


def test_sessions_are_listed_and_others_can_be_ended(
    visitor: PageClient, browser_of: Callable[[], PageClient]
) -> None:
    account = a_user_with_telephone()
    other = sign_in_browser(browser_of(), account)
    page = sign_in_browser(visitor, account).get("/account/sessions")
    assert page.text.count("Firefox, Linux") == 2
    assert page.text.count("This session") == 1
    assert "Mobile Phone + SMS" in page.text
    ended = page.press("End all other sessions")
    assert "1 other session was ended." in ended.text
    assert other.get("/account", follow=False).status == 302
    assert len(queries.open_sign_ins(account.id)) == 1


def test_ending_this_session_signs_out(visitor: PageClient) -> None:
    page = sign_in_browser(visitor, a_user_with_telephone()).get("/account/sessions")
    assert "You have signed out." in page.press("End this session").text
    assert visitor.get("/account", follow=False).status == 302


def test_another_persons_session_cannot_be_ended(visitor: PageClient) -> None:
    row, _token = a_sign_in(a_user("Robin", "Modele"))
    sign_in_browser(visitor, a_user_with_telephone())
    assert visitor.post_with_token(f"/account/sessions/{row.id}/end").status == 404
    assert len(queries.open_sign_ins(row.account_id)) == 1


def test_opening_every_page_of_the_account_changes_nothing(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    sign_in_browser(visitor, account)
    before = queries.open_sign_ins(account.id)[0].last_seen_at
    for path in ("", "/personal-data", "/telephones", "/telephones/add", "/telephones/remove", "/sessions"):
        assert visitor.get(f"/account{path}").status == 200
    db.session.expire_all()
    assert queries.open_sign_ins(account.id)[0].last_seen_at == before
