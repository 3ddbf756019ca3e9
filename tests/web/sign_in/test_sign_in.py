"""Signing in by password and by SMS: labels of S1, one answer for every wrong thing, codes that die."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.models import Account, Challenge, SignIn
from tests.makers.identity import NUMBER, PASSWORD, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import code_to, messages_to
from tests.page import Page, PageClient

SMS = "Mobile Phone + SMS"
Browsers = Callable[[], PageClient]


def second_screen(client: PageClient, name: str, *, target: str = "") -> Page:
    """The screen that asks for password and method."""
    form = client.get("/sign-in", query={"next": target} if target else None)
    return form.press("Next", by_label={"E-mail or user name": name})


def sent_code(client: PageClient, account: Account, *, number: str = NUMBER, target: str = "") -> Page:
    """Right password, SMS chosen: the page that asks for the code."""
    screen = second_screen(client, account.email, target=target)
    return screen.press("Sign in", by_label={"Password": PASSWORD, SMS: True, "Mobile phone": number})


def typed(page: Page, code: str, second: str = "") -> Page:
    """The code in the boxes."""
    return page.press("Sign in", part1=code, part2=second)


def test_the_second_screen_has_the_words_of_the_source(visitor: PageClient) -> None:
    screen = second_screen(visitor, "camille@agri.example")
    assert screen.heading == "Sign in to continue"
    for words in (
        "Welcome", "camille@agri.example", "(External)", "Sign in with a different e-mail address?", "Password",
        "Lost your password?", "Verification method", "Mobile Phone + SMS",
        "Authenticate with EU Login using only your password.",
        "Send a text message to a mobile phone number registered for multi-factor authentication.",
        "International format with country code - for example, for Belgium: +32 123 45 67 89",
    ):  # fmt: skip
        assert words in screen.text
    assert screen.field("Password").get("autocomplete") == "current-password"
    assert screen.field("Mobile phone").get("value", "") == ""
    method = screen.tree.xpath("//input[@name='method'][@checked]/@value")
    assert method == ["password"]


def test_the_password_alone_signs_in_to_my_account(visitor: PageClient) -> None:
    account = a_user()
    done = second_screen(visitor, account.email).press("Sign in", by_label={"Password": PASSWORD})
    assert done.heading == "Successful login"
    assert "You are now logged in to EU Login." in done.text
    assert (
        "To stop the automatic single sign-on, click Logout or close all windows of your browser."
        in done.text
    )
    assert done.press("Logout").path == "/"
    assert visitor.get("/account", follow=False).status == 302


def test_the_user_name_may_be_typed_instead_of_the_address(visitor: PageClient) -> None:
    account = a_user()
    done = second_screen(visitor, account.username.upper()).press("Sign in", by_label={"Password": PASSWORD})
    assert done.heading == "Successful login"


def test_sms_and_password_together_sign_in_with_the_second_factor(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    page = sent_code(visitor, account)
    assert "The message can take up to 15 minutes to reach your mobile phone." in page.text
    first, second = code_to(NUMBER).split("-")
    assert typed(page, first, second).heading == "Successful login"
    row = queries.open_sign_ins(account.id)[0]
    assert (row.method, row.assurance, row.second_factor_at is not None) == ("sms", "second-factor", True)


@pytest.mark.parametrize("entry", ["{code}", "{lower}", " {spaced} "])
def test_the_code_is_taken_as_people_type_and_paste_it(visitor: PageClient, entry: str) -> None:
    page = sent_code(visitor, a_user_with_telephone())
    code = code_to(NUMBER)
    text = entry.format(code=code, lower=code.lower(), spaced=code.replace("-", " - "))
    assert typed(page, text).heading == "Successful login"


def test_a_wrong_number_looks_like_a_right_one_and_sends_nothing(
    visitor: PageClient, browser_of: Browsers
) -> None:
    account = a_user_with_telephone()
    right = sent_code(visitor, account)
    wrong = sent_code(browser_of(), account, number="+46701740705")
    assert wrong.text == right.text
    assert messages_to("+46701740705") == []
    answers = [typed(page, "AAAA", "BBBB") for page in (right, wrong)]
    assert answers[0].text == answers[1].text


def test_a_wrong_password_sends_no_sms_and_is_not_kept(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    screen = second_screen(visitor, account.email)
    refused = screen.press("Sign in", by_label={"Password": "wrong one", SMS: True, "Mobile phone": NUMBER})
    assert refused.status == 422
    assert "The e-mail or user name, or the password, is not right." in refused.text
    assert refused.field("Password").get("value") in (None, "")
    assert refused.field("Mobile phone").get("value") == NUMBER
    assert messages_to(NUMBER) == []


def test_unknown_names_and_wrong_passwords_get_one_answer(visitor: PageClient, browser_of: Browsers) -> None:
    account = a_user()
    texts = []
    for client, name in ((visitor, account.email), (browser_of(), "nobody@agri.example")):
        page = second_screen(client, name).press("Sign in", by_label={"Password": "wrong one"})
        texts.append((page.status, page.text.replace(name, "")))
    assert texts[0] == texts[1]


def test_a_number_in_national_form_is_refused_at_its_field(visitor: PageClient) -> None:
    screen = second_screen(visitor, a_user_with_telephone().email)
    refused = screen.press(
        "Sign in", by_label={"Password": PASSWORD, SMS: True, "Mobile phone": "0612345678"}
    )
    assert refused.status == 422
    assert "Begin with + and the country code, for example +32 for Belgium." in refused.text


def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late(visitor: PageClient) -> None:
    page = sent_code(visitor, a_user_with_telephone())
    for _time in range(4):
        page = typed(page, "AAAA", "AAAA")
        assert page.status == 422
    dead = typed(page, "AAAA", "AAAA")
    assert (dead.status, dead.heading) == (410, "This code no longer works")
    late = visitor.post_with_token("/sign-in/code", {"part1": code_to(NUMBER), "part2": ""})
    assert late.status == 410
    assert visitor.get("/sign-in/code").status == 410


def test_asking_again_sends_the_same_code_and_gives_no_new_tries(visitor: PageClient) -> None:
    page = sent_code(visitor, a_user_with_telephone())
    first = code_to(NUMBER)
    typed(page, "AAAA", "AAAA")
    again = page.press("Send the code again")
    assert "The same code is being sent again" in again.text
    assert code_to(NUMBER) == first
    assert len(messages_to(NUMBER)) == 2
    assert db.session.query(Challenge).one().tries == 1


def test_the_code_works_for_twenty_minutes(visitor: PageClient, browser_of: Browsers) -> None:
    early = sent_code(visitor, a_user_with_telephone())
    code = code_to(NUMBER)
    clock.advance(timedelta(minutes=19, seconds=50))
    assert typed(early, code).heading == "Successful login"
    late = sent_code(browser_of(), a_user_with_telephone("Robin", "Modele"))
    code = code_to(NUMBER)
    clock.advance(timedelta(minutes=20, seconds=1))
    assert typed(late, code).status == 410


def test_a_code_is_worth_nothing_in_another_browser(visitor: PageClient, browser_of: Browsers) -> None:
    account = a_user_with_telephone()
    sent_code(visitor, account)
    code = code_to(NUMBER)
    other = sent_code(browser_of(), account)
    assert code_to(NUMBER) != code
    assert typed(other, code).status == 422


def test_a_half_sign_in_opens_no_page_and_the_code_page_needs_one(
    visitor: PageClient, browser_of: Browsers
) -> None:
    sent_code(visitor, a_user_with_telephone())
    for path in ("/account", "/account/telephones", "/account/sessions", "/sign-in/done"):
        assert visitor.get(path, follow=False).status == 302
    assert browser_of().get("/sign-in/code").path.endswith("/sign-in")
    assert browser_of().get("/sign-in/password").path.endswith("/sign-in")


def test_the_password_is_no_method_for_an_environment_after_the_date(
    visitor: PageClient, settings: Any
) -> None:
    screen = second_screen(visitor, a_user().email, target="/production/profile")
    offered = screen.tree.xpath("//input[@name='method']/@value")
    assert offered[0] == "sms"
    assert "password" not in offered
    assert "Sign in to My Account" in screen.text
    forged = screen.press("Sign in", by_label={"Password": PASSWORD}, method="password")
    assert forged.status == 422
    settings(mfa_required_from=(clock.now() + timedelta(days=30)).date())
    early = second_screen(visitor, a_user().email, target="/production/profile")
    assert early.tree.xpath("//input[@name='method']/@value") == ["password", *offered]


def test_the_way_leads_on_to_where_the_person_wanted_to_go(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    page = sent_code(visitor, account, target="/production/profile")
    assert "Production" in messages_to(NUMBER)[0].body
    arrived = typed(page, code_to(NUMBER))
    assert arrived.path.startswith("/production/")
    assert queries.open_sign_ins(account.id)[0].environment_key == "production"


@pytest.mark.parametrize(
    "target", ["//bad.example", "https://bad.example", "/\\bad.example", "/%5cbad.example"]
)
def test_next_never_leads_to_another_site(visitor: PageClient, target: str) -> None:
    screen = second_screen(visitor, a_user().email, target=target)
    assert screen.press("Sign in", by_label={"Password": PASSWORD}).path.endswith("/sign-in/done")


def test_the_token_of_the_cookie_changes_at_each_step(visitor: PageClient) -> None:
    visitor.set_cookie({"sign_in": "planted"})
    page = sent_code(visitor, a_user_with_telephone())
    half = visitor.cookie["sign_in"]
    typed(page, code_to(NUMBER))
    assert len({"planted", half, visitor.cookie["sign_in"]}) == 3
    visitor.set_cookie({"sign_in": half})
    assert visitor.get("/account", follow=False).status == 302


def test_the_session_can_be_extended_and_says_how_long_it_lasts(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user())
    clock.advance(timedelta(minutes=20))
    token = visitor.get("/sign-in/done").tree.xpath("//input[@name='csrf_token']/@value")[0]
    clock.advance(timedelta(minutes=20))
    visitor.headers["Accept"] = "application/json"
    answer = visitor.post("/sign-in/extend", {"csrf_token": token}).response
    assert 1790 <= answer.get_json()["seconds_left"] <= 1800
    clock.advance(timedelta(minutes=31))
    assert visitor.post("/sign-in/extend", {"csrf_token": token}).status == 401


def test_a_copied_cookie_is_worth_nothing_after_signing_out(
    visitor: PageClient, browser_of: Browsers
) -> None:
    sign_in_browser(visitor, a_user())
    copy = browser_of()
    copy.set_cookie(visitor.cookie)
    assert copy.get("/account").heading == "My Account"
    visitor.get("/sign-in/done").press("Logout")
    assert copy.get("/account", follow=False).status == 302
    assert db.session.query(SignIn).one().end_reason == "signed-out"


def test_pages_come_in_the_language_of_the_account_unless_the_browser_chose_one(visitor: PageClient) -> None:
    second_screen(visitor, a_user(language="fr").email).press("Sign in", by_label={"Password": PASSWORD})
    assert visitor.cookie["language"] == "fr"
