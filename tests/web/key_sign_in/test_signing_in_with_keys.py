"""Signing in with a key after the password, in place, and with a passkey alone, as the page's script does it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.database import db
from portal.identity import queries
from portal.identity.factor_models import FactorChallenge
from portal.identity.models import Account, SignIn
from tests.makers.identity import PASSWORD, a_user_with_telephone, sign_in_browser
from tests.makers.keys import PRESENT, SoftKey, a_key
from tests.page import Page, PageClient

METHOD = "Security Key or Trusted Platform"


def at_the_key(visitor: PageClient, account: Account | str) -> Page:
    """The password was right: the page with the button."""
    address = account if isinstance(account, str) else account.email
    asks = visitor.get("/sign-in").press("Next", by_label={"E-mail or user name": address})
    return asks.press("Sign in", by_label={"Password": PASSWORD, METHOD: True})


def asked(page: Page, address: str = "data-key-options") -> dict[str, Any]:
    """What the script gets for the key when the button is pressed."""
    return page.client.post(at(page, address), with_token(page), follow=False).response.get_json()


def answered(page: Page, answer: object) -> Any:
    """What the portal says to the key's answer."""
    sent = answer if isinstance(answer, str) else json.dumps(answer)
    fields = {**with_token(page), "answer": sent}
    return page.client.post(at(page, "data-key-finish"), fields, follow=False).response


def at(page: Page, address: str) -> str:
    """An address that the page gives to its script."""
    return str(page.tree.xpath(f"//form[@data-key-options]/@{address}")[0])


def with_token(page: Page) -> dict[str, str]:
    """The hidden field of the form."""
    return {"csrf_token": str(page.tree.xpath("//form[@data-key-options]//input/@value")[0])}


def test_the_key_after_the_password_signs_in(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    page = at_the_key(visitor, account)
    assert page.heading == "Use your security key"
    done = answered(page, soft.show(asked(page)))
    assert done.get_json() == {"next": "/sign-in/done"}
    assert visitor.get("/account/keys").status == 200


def test_a_refused_answer_says_one_neutral_sentence_and_opens_nothing(visitor: PageClient) -> None:
    _other, foreign = a_key(a_user_with_telephone())
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    page = at_the_key(visitor, account)
    said = set()
    for key, changed in ((soft, {"flags": PRESENT}), (soft, {"signature": b"0" * 70}), (foreign, {})):
        refused = answered(page, key.show(asked(page), **changed))
        assert refused.status_code == 422
        said.add(refused.get_json()["error"])
    assert said == {"The key was not accepted. Try again, or choose another method."}
    assert visitor.get("/account", follow=False).status == 302


def test_an_account_without_keys_sees_the_same_page_and_the_same_question(visitor: PageClient) -> None:
    a_key(a_user_with_telephone(email="one@agri.example"))
    a_user_with_telephone(email="two@agri.example")
    first, second = (
        asked(at_the_key(visitor, account)) for account in ("one@agri.example", "two@agri.example")
    )
    assert first.keys() == second.keys()
    assert len(second["allowCredentials"]) == 1
    assert len(first["allowCredentials"][0]["id"]) == len(second["allowCredentials"][0]["id"])


@pytest.mark.parametrize("sent", ["", "{", "[]", "7", "{}", '{"id": 7}', '{"id": "AAAA", "response": 1}'])
def test_what_is_no_answer_of_a_browser_is_a_400_and_leaves_the_question_open(
    visitor: PageClient, sent: str
) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    page = at_the_key(visitor, account)
    options = asked(page)
    assert answered(page, sent).status_code == 400
    left = select(func.count()).select_from(FactorChallenge).where(FactorChallenge.state == "open")
    assert db.session.scalar(left) == 1
    assert answered(page, soft.show(options)).status_code == 200


def test_without_a_password_there_is_neither_page_nor_question(visitor: PageClient) -> None:
    assert visitor.get("/sign-in/key").heading == "Sign in to continue"
    for path in ("/sign-in/key/options", "/sign-in/key/finish"):
        assert visitor.post_with_token(path, {"answer": "{}"}, follow=False).status == 422


def test_a_key_confirms_in_place_what_protects_the_account(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    sign_in_browser(visitor, account, second_factor=False)
    page = visitor.get("/account/keys/add").press("Go on", by_label={METHOD: True})
    assert page.heading == "Use your security key"
    assert answered(page, soft.show(asked(page))).get_json() == {"next": "/account/keys/add"}
    assert visitor.get("/account/keys/add").heading == "Add a Security Key or Trusted Platform"
    row = db.session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert row is not None
    assert (row.method, row.state) == ("security-key", "open")


def test_the_page_says_without_script_what_to_do(visitor: PageClient) -> None:
    page = at_the_key(visitor, a_user_with_telephone())
    assert "Security keys need JavaScript" in page.text
    assert "Welcome" in page.click("Choose another method").text


def test_a_passkey_alone_signs_in_and_leads_to_the_page_that_was_wanted(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    _row, soft = a_key(account)
    page = visitor.get("/account/keys")
    assert page.field("E-mail or user name").get("autocomplete") == "username webauthn"
    options = asked(page)
    assert (options["allowCredentials"], options["userVerification"]) == ([], "required")
    answer = soft.show(options)
    assert answered(page, answer).get_json() == {"next": "/account/keys"}
    assert len(queries.open_sign_ins(account.id)) == 2  # the other one registered the key
    again = {"answer": json.dumps(answer)}
    assert visitor.post_with_token("/sign-in/passkey/finish", again, follow=False).status == 422


def test_a_passkey_answer_of_another_browser_opens_nothing(visitor: PageClient, browser_of: Any) -> None:
    _row, soft = a_key(a_user_with_telephone())
    stolen = soft.show(asked(visitor.get("/sign-in")))
    page = browser_of().get("/sign-in")
    asked(page)
    assert answered(page, stolen).status_code == 422


def test_a_page_opened_by_number_offers_its_name_instead(visitor: PageClient) -> None:
    by_number = visitor.http.get("/sign-in", base_url="http://127.0.0.1:5000").get_data(as_text=True)
    assert "data-key-options" not in by_number
    assert "data-key-options" in visitor.http.get("/sign-in").get_data(as_text=True)


def test_a_key_that_was_stopped_is_not_asked_for(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    row, soft = a_key(account, SoftKey(count=5))
    page = at_the_key(visitor, account)
    assert answered(page, soft.show(asked(page), count=1)).status_code == 422
    assert row.credential_id not in json.dumps(asked(page))
    sign_in_browser(visitor, account)
    assert "Stopped: it answered as if a copy of it existed." in visitor.get("/account/keys").text
