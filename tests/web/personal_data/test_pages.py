"""The pages on which people change what is kept about them; errors at their fields, nothing stored when refused."""

from __future__ import annotations

import json

import pytest

from portal.database import db
from portal.identity.models import Account
from tests.makers.identity import PASSWORD, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import link_to, messages_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member
from tests.page import PageClient

OLD, NEW = "camille@agri.example", "camille.nouvelle@agri.example"
GOOD = "fenouil-barrique-oiseau-71"


@pytest.fixture
def person(visitor: PageClient) -> Account:
    """Somebody with a telephone, signed in with it."""
    account = a_user_with_telephone(email=OLD)
    sign_in_browser(visitor, account)
    return account


def now(account: Account) -> Account:
    """The account as the database holds it."""
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def test_the_name_changes_and_an_empty_one_is_refused(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/personal-data").click("Change my name")
    assert page.press("Save", by_label={"Last name": " "}).status == 422
    done = page.press("Save", by_label={"Last name": "Autre"})
    assert "Your name was changed." in done.text
    assert now(person).last_name == "Autre"


def test_a_name_of_direction_marks_is_refused(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/name").press("Save", by_label={"Last name": "Ex\u202eemple"})
    assert page.status == 422
    assert now(person).last_name == "Exemple"


def test_the_address_changes_by_the_link_and_comes_back_by_the_other(
    visitor: PageClient, person: Account
) -> None:
    page = visitor.get("/account/personal-data").click("Change my e-mail address")
    refused = page.press(
        "Send the link", by_label={"New e-mail address": NEW, "Confirm your e-mail address": OLD}
    )
    assert refused.errors == ["The two addresses differ."]
    page.press("Send the link", by_label={"New e-mail address": NEW, "Confirm your e-mail address": NEW})
    stranger = PageClient(visitor.app)
    assert stranger.get(link_to(NEW)).heading == "Sign in to continue"
    asked = visitor.get(link_to(NEW))
    assert now(person).email == OLD
    assert asked.press("Use this address").heading == "Your e-mail address was changed"
    assert now(person).email == NEW
    assert visitor.get(asked.path).status == 410
    undo = stranger.get(link_to(OLD))
    assert "Your address is back" in undo.press("Undo the change").text
    assert now(person).email == OLD
    assert visitor.get("/account").heading == "Sign in to continue"


def test_the_password_changes_with_the_old_one(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/password")
    new = {"New password": GOOD, "Confirm new password": GOOD}
    wrong = page.press("Save the password", by_label={"Current password": "not-the-password-71", **new})
    assert wrong.errors == ["This is not your current password."]
    weak = {"New password": "camille camille", "Confirm new password": "camille camille"}
    assert page.press("Save the password", by_label={"Current password": PASSWORD, **weak}).status == 422
    done = page.press("Save the password", by_label={"Current password": PASSWORD, **new})
    assert "Your password was changed." in done.text
    assert visitor.get("/account/personal-data").heading == "My personal data"


def test_the_options_are_kept_and_shown_after_signing_in(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account").click("Configure my account")
    page.press("Save", by_label={"View my account details after signing in": True,
                                 "Always require two-factor authentication": True})  # fmt: skip
    assert (now(person).show_details, now(person).always_second_factor) == (True, True)
    assert "Camille Exemple" in visitor.get("/sign-in/done").text
    refused = PageClient(visitor.app).get("/sign-in").press("Next", name=OLD)
    assert refused.press("Sign in", by_label={"Password": PASSWORD}).status == 422


def test_deleting_says_what_stays_and_can_be_taken_back(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account").click("Delete my account")
    assert "What stays, and why" in page.text
    asked = page.press("Delete my account")
    assert now(person).deletion_due_at is not None
    assert "Your account will be deleted" in visitor.get("/account").text
    asked.press("Keep my account")
    assert now(person).deletion_due_at is None


def test_the_last_administrator_is_told_what_follows(visitor: PageClient, production: None) -> None:
    account = a_member(an_operator("Fret Exemple"), administrator=True)
    sign_in_browser(visitor, account)
    page = visitor.get("/account/delete")
    assert "You are the last administrator" in page.text
    assert "Fret Exemple" in page.text
    page.press("Delete my account")
    assert now(account).deletion_due_at is not None


def test_the_own_data_are_a_file_behind_a_button(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/personal-data")
    answer = page.press("Download my data", follow=False).response
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.get_data())["account"]["email"] == OLD


def test_without_a_second_factor_name_and_address_stay(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    for path in ("/account/name", "/account/email"):
        assert visitor.get(path).status == 403


def test_the_hint_for_a_second_method_can_be_hidden(visitor: PageClient, person: Account) -> None:
    account = now(person)
    account.sign_in_count = 12
    db.session.commit()
    assert "You have one second factor only." in visitor.get("/sign-in/done").text
    page = visitor.get("/account")
    assert "You have one second factor only" in page.text
    assert "You have one second factor only" not in page.press("Not now").text


def test_nothing_is_told_of_an_address_that_has_an_account(visitor: PageClient, person: Account) -> None:
    a_user(email=NEW)
    page = visitor.get("/account/email")
    done = page.press(
        "Send the link", by_label={"New e-mail address": NEW, "Confirm your e-mail address": NEW}
    )
    assert "A link is on its way to the new address." in done.text
    assert len(messages_to(NEW)) == 1


def test_a_link_for_another_persons_address_is_unknown(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/email")
    page.press("Send the link", by_label={"New e-mail address": NEW, "Confirm your e-mail address": NEW})
    path = link_to(NEW)
    other = sign_in_browser(PageClient(visitor.app), a_user_with_telephone("Robin", "Modele"))
    assert other.get(path).status == 404
    assert other.post_with_token(path).status == 404
    assert now(person).email == OLD


@pytest.mark.parametrize("name", ["http://thief.example", "Exemple <a@b.example>", "thief.example"])
def test_a_name_that_would_be_a_link_in_a_mail_is_refused(
    visitor: PageClient, person: Account, name: str
) -> None:
    page = visitor.get("/account/name").press("Save", by_label={"Last name": name})
    assert page.errors == ["Use only letters, blanks, hyphens and apostrophes."]
    assert now(person).last_name == "Exemple"


def test_without_a_password_a_new_one_is_chosen_through_a_link(visitor: PageClient, person: Account) -> None:
    now(person).password_hash = None
    db.session.commit()
    assert visitor.get("/account/password").heading == "Lost your password?"


def test_the_details_are_not_shown_to_who_knows_the_password_alone(
    visitor: PageClient, person: Account
) -> None:
    now(person).show_details = True
    db.session.commit()
    alone = sign_in_browser(PageClient(visitor.app), person, second_factor=False)
    assert "Verification method" not in alone.get("/sign-in/done").tree.xpath("string(//main)")
    assert "Verification method" in visitor.get("/sign-in/done").tree.xpath("string(//main)")


def test_the_own_address_is_no_new_one(visitor: PageClient, person: Account) -> None:
    page = visitor.get("/account/email")
    own = {"New e-mail address": OLD.capitalize(), "Confirm your e-mail address": OLD.capitalize()}
    refused = page.press("Send the link", by_label=own)
    assert (refused.status, refused.errors) == (422, ["This is the address of your account already."])
    assert messages_to(OLD) == []
