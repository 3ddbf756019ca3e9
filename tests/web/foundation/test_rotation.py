"""Changing keys: what was made with the old one works while it is listed second, and stops when it is gone."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from portal import config, crypto, delivery
from portal.config import Settings
from portal.database import db
from portal.demo import inbox
from portal.identity import queries
from portal.identity.models import OneTimeLink, Telephone
from portal.messages.models import OutgoingMessage
from tests.makers.identity import NUMBER, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.mail import link_to, messages_to
from tests.page import PageClient

NEW_SECRET, NEW_DATA = "n" + "3w-S3cret-Key" * 4, "n" + "3w-Data-Key-9x" * 4
Change = Callable[..., Settings]


def test_a_sign_in_survives_a_new_key_and_ends_when_the_old_one_is_gone(
    visitor: PageClient, settings: Change
) -> None:
    sign_in_browser(visitor, a_user_with_telephone())
    old = config.current().secret_key
    cookie = visitor.http.get_cookie("portal")
    assert cookie is not None
    settings(secret_key=(NEW_SECRET, *old))
    assert visitor.get("/account", follow=False).status == 200
    settings(secret_key=(NEW_SECRET,))
    visitor.http.set_cookie("portal", cookie.value)
    assert visitor.get("/account", follow=False).status == 302


def test_a_number_is_found_and_read_while_its_key_is_listed(visitor: PageClient, settings: Change) -> None:
    account = a_user_with_telephone()
    sealed = db.session.scalars(select(Telephone.number_sealed)).one()
    old = config.current().data_key
    settings(data_key=(NEW_DATA, *old))
    assert queries.telephone_with_number(account.id, NUMBER) is not None
    assert crypto.unseal("telephone", sealed) == NUMBER
    settings(data_key=(NEW_DATA,))
    assert queries.telephone_with_number(account.id, NUMBER) is None


def test_a_link_asked_for_before_a_change_of_keys_leaves_and_opens_after_it(
    visitor: PageClient, settings: Change
) -> None:
    account = a_user()
    old = config.current().secret_key
    visitor.post_with_token("/password/lost", {"email": account.email})
    settings(secret_key=(NEW_SECRET, *old))
    path = link_to(account.email)
    assert visitor.get(path).status == 200
    row = db.session.scalars(select(OneTimeLink)).one()
    assert row.key_id == crypto.key_id(old[0])


def test_a_link_whose_key_is_gone_before_its_mail_left_does_not_leave(
    visitor: PageClient, settings: Change
) -> None:
    account = a_user()
    visitor.post_with_token("/password/lost", {"email": account.email})
    settings(secret_key=(NEW_SECRET,))
    assert delivery.deliver_due() == 0
    assert "LinkUnknown" in str(db.session.scalars(select(OutgoingMessage.last_error)).one())


def test_links_in_mails_begin_with_the_public_address_whatever_the_request_says(
    visitor: PageClient, settings: Change
) -> None:
    settings(public_url="http://localhost:5000")
    account = a_user()
    token = visitor.csrf_token()
    for host in ("localhost:81", "localhost:9999", "localhost"):
        headers = {"Host": host, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        data = {"csrf_token": token, "email": account.email}
        assert visitor._ask("POST", "/password/lost", data=data, headers=headers).status_code == 302
    messages = messages_to(account.email)
    assert len(messages) == 3
    for message in messages:
        assert "evil.example" not in message.body + message.html
        [link] = [link for link in inbox.as_json(message)["links"] if "/password/" in link]
        assert link.startswith("http://localhost:5000/password/link/")
