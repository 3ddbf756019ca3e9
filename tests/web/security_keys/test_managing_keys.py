"""«Manage my Security Keys and Trusted Platforms»: the list, adding as the script does it, renaming, removing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock, crypto
from portal.database import db
from portal.identity import queries
from portal.identity.factor_models import SecurityKey
from portal.web.cookie import cookie_name
from tests.makers.identity import a_user, a_user_with_telephone, sign_in_browser
from tests.makers.keys import ELIGIBLE, PRESENT, VERIFIED, SoftKey, a_key
from tests.makers.mail import messages_to
from tests.page import PageClient


def added(visitor: PageClient, soft: SoftKey, name: str = "blue key", **changed: Any) -> Any:
    """The name was typed, the key answered; what the portal says."""
    asked = visitor.post_with_token("/account/keys/options", {"name": name}, follow=False).response
    if asked.status_code != 200:
        return asked
    answer = json.dumps(soft.register(asked.get_json(), **changed))
    return visitor.post_with_token(
        "/account/keys/finish", {"name": name, "answer": answer}, follow=False
    ).response


def number_of_keys() -> int:
    """How many keys there are."""
    return db.session.scalar(select(func.count()).select_from(SecurityKey)) or 0


def test_a_key_is_added_listed_renamed_and_removed(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    page = visitor.get("/account").click("Manage my Security Keys and Trusted Platforms")
    assert "No key yet" in page.text
    assert page.click("Add a Security Key or Trusted Platform").status == 200
    assert added(visitor, SoftKey()).get_json() == {"next": "/account/keys"}
    page = visitor.get("/account/keys")
    for words in ("blue key", "Security key", "Not used yet", "The key is on your account.", "1 of 10"):
        assert words in page.text
    page = page.click("Rename").press("Save", by_label={"Name of your security key": "red <b>key</b>"})
    assert "red <b>key</b>" in page.text
    asks = page.click("Remove")
    assert asks.heading == "Remove this key?"
    assert "No key yet" in asks.press("Remove").text


def test_the_list_tells_the_kinds_apart(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    a_key(account, SoftKey(flags=PRESENT | VERIFIED | ELIGIBLE), "cloud")
    row, _soft = a_key(account, SoftKey(), "laptop")
    db.session.get_one(SecurityKey, row.id).attachment = "platform"
    db.session.commit()
    text = sign_in_browser(visitor, account).get("/account/keys").text
    assert "Passkey kept by your devices" in text
    assert "This device" in text


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_name_is_needed_and_short(visitor: PageClient, name: str) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    refused = added(visitor, SoftKey(), name)
    assert refused.status_code == 422
    assert refused.get_json()["error"]
    assert number_of_keys() == 0


def test_a_refused_key_adds_nothing_and_says_what_to_do(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    refused = added(visitor, SoftKey(), client={"origin": "https://evil.example"})
    assert refused.status_code == 422
    assert refused.get_json()["error"] == ("This key could not be registered. Try again, or use another key.")
    assert number_of_keys() == 0


@pytest.mark.parametrize("sent", ["", "no json", "[]", "{}"])
def test_what_is_no_answer_of_a_browser_is_a_400(visitor: PageClient, sent: str) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    fields = {"name": "blue key", "answer": sent}
    assert visitor.post_with_token("/account/keys/finish", fields, follow=False).status == 400
    assert number_of_keys() == 0


def test_ten_keys_are_enough(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    for _ in range(10):
        a_key(account)
    sign_in_browser(visitor, account)
    refused = added(visitor, SoftKey())
    assert "Your account has 10 keys. Remove one first." in refused.get_json()["error"]


def test_a_first_key_keeps_its_browser_signed_in_and_tells_the_owner(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(email="camille@agri.example"), second_factor=False)
    before = visitor.cookie["sign_in"]
    assert added(visitor, SoftKey()).status_code == 200
    assert visitor.cookie["sign_in"] != before
    assert "blue key" in visitor.get("/account/keys").text
    mail = messages_to("camille@agri.example")[0]
    assert "blue key" in mail.body
    assert "/not-me/" in mail.body


def test_an_old_factor_is_asked_for_again_before_a_key_comes_or_goes(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    row, _soft = a_key(account)
    sign_in_browser(visitor, account)
    clock.advance(timedelta(minutes=16))
    for path in ("add", f"{row.id}/remove"):
        assert "/step-up" in visitor.get(f"/account/keys/{path}").path
    refused = visitor.post_with_token(f"/account/keys/{row.id}/remove", follow=False)
    assert refused.status in (302, 403)
    assert number_of_keys() == 1


def test_the_last_key_of_a_person_with_a_role_stays(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = a_user()
    row, _soft = a_key(account)
    monkeypatch.setattr("portal.roles.queries.holds_role_anywhere", lambda _account_id: True)
    sign_in_browser(visitor, account)
    refused = visitor.get(f"/account/keys/{row.id}/remove").press("Remove")
    assert (refused.status, refused.heading) == (403, "This is your last second factor")
    assert queries.factor_count(account.id) == 1


def test_the_key_of_somebody_else_is_not_there(visitor: PageClient) -> None:
    row, _soft = a_key(a_user_with_telephone())
    sign_in_browser(visitor, a_user_with_telephone())
    for act in ("rename", "remove"):
        path = f"/account/keys/{row.id}/{act}"
        assert visitor.get(path).status == 404
        assert visitor.post_with_token(path, {"name": "mine"}).status == 404
    assert number_of_keys() == 1


def test_a_page_opened_by_number_leads_to_its_name(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    kept = crypto.seal_cookie(json.dumps(visitor.cookie))
    visitor.http.set_cookie(cookie_name(), kept, domain="127.0.0.1")
    by_number = visitor.http.get("/account/keys/add", base_url="http://127.0.0.1:5000").get_data(as_text=True)
    assert 'href="http://localhost:5000/account/keys/add"' in by_number
    assert "do not work under its number" not in visitor.get("/account/keys/add").text
