"""What a thief of a session could do with the e-mail address, and how the owner gets it back (R-15)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.identity import factors, links, personal_data, queries, registration
from portal.identity.factor_models import EmailChange
from portal.identity.links import LinkNotGood
from portal.identity.models import Account, OneTimeLink, SignIn
from portal.identity.registration import RegistrationWish
from portal.identity.states import LinkPurpose
from tests.makers.identity import a_sign_in, a_user_with_telephone, an_actor
from tests.makers.mail import messages_to

OWNERS, THIEFS, SECOND = "camille@agri.example", "thief@else.example", "second@else.example"


def acting(account: Account) -> Actor:
    """That person, signed in with a second factor."""
    return an_actor(account.id, session_id=a_sign_in(account)[0].id)


def token_of(purpose: LinkPurpose, account: Account, *, last: int = 0) -> str:
    """The token of the newest link of that purpose, or of one before it."""
    own = db.session.query(OneTimeLink).filter_by(purpose=purpose.value, account_id=account.id)
    link = own.order_by(OneTimeLink.id.desc()).offset(last).first()
    assert link is not None
    return urlsplit(links.address_of(link.id)).path.rpartition("/")[2]


def moved(account: Account, address: str) -> Actor:
    """The account has that address now; returns who did it."""
    actor = acting(account)
    personal_data.ask_email_change(address, actor)
    personal_data.confirm_email(token_of(LinkPurpose.EMAIL_NEW, account), "browser", actor)
    return actor


def address_of(account: Account) -> str:
    """What stands in the table."""
    db.session.expire_all()
    return db.session.get_one(Account, account.id).email


def test_a_second_change_does_not_take_the_way_back_from_the_first_mailbox(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    moved(account, THIEFS)
    first = token_of(LinkPurpose.EMAIL_UNDO, account)
    moved(account, SECOND)

    personal_data.undo_email(first, "browser")

    assert address_of(account) == OWNERS
    assert queries.open_sign_ins(account.id) == []
    assert db.session.get_one(Account, account.id).password_hash is None
    assert messages_to(OWNERS)[0].subject == "TRACES: choose a new password"


def test_once_the_owner_is_back_no_mailbox_of_the_thief_undoes_anything(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    moved(account, THIEFS)
    owners = token_of(LinkPurpose.EMAIL_UNDO, account)
    moved(account, SECOND)
    thiefs = token_of(LinkPurpose.EMAIL_UNDO, account)
    personal_data.undo_email(owners, "browser")

    with pytest.raises(LinkNotGood):
        personal_data.undo_email(thiefs, "browser")

    assert address_of(account) == OWNERS


def test_this_was_not_me_ends_a_change_that_waits_for_its_link(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    personal_data.ask_email_change(THIEFS, acting(account))
    waiting = token_of(LinkPurpose.EMAIL_NEW, account)

    registration.disown(token_of(LinkPurpose.NOT_ME, account), "browser")

    with pytest.raises(LinkNotGood):
        links.good_link(waiting, frozenset({LinkPurpose.EMAIL_NEW}), "browser")
    assert address_of(account) == OWNERS


def test_a_stranger_to_whom_the_link_went_by_mistake_cannot_confirm_it(app: Flask) -> None:
    account, stranger = a_user_with_telephone(email=OWNERS), a_user_with_telephone()
    personal_data.ask_email_change("mistyped@else.example", acting(account))
    token = token_of(LinkPurpose.EMAIL_NEW, account)

    with pytest.raises(links.LinkUnknown):
        personal_data.confirm_email(token, "browser", acting(stranger))

    assert address_of(account) == OWNERS


def test_links_in_the_former_mailbox_open_nothing_after_the_change(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    registration.send_password_link(OWNERS, "127.0.0.0/24", "en")
    password = token_of(LinkPurpose.PASSWORD, account)
    moved(account, THIEFS)

    with pytest.raises(LinkNotGood):
        registration.set_password(password, "browser", "fenouil-barrique-oiseau-71")


def test_a_registration_that_waits_for_the_new_address_opens_no_account_any_more(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    registration.register(RegistrationWish("Robin", "Modele", THIEFS, "en"), "127.0.0.0/24")
    pending = db.session.query(OneTimeLink).filter_by(purpose="register").one()
    token = urlsplit(links.address_of(pending.id)).path.rpartition("/")[2]
    moved(account, THIEFS)

    with pytest.raises(LinkNotGood):
        registration.set_password(token, "browser", "fenouil-barrique-oiseau-71")


def test_the_way_back_is_open_for_seven_days(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    moved(account, THIEFS)
    messages_to(OWNERS)
    token = token_of(LinkPurpose.EMAIL_UNDO, account)
    clock.advance(timedelta(days=6, hours=23))
    assert links.good_link(token, frozenset({LinkPurpose.EMAIL_UNDO}), "browser")
    clock.advance(timedelta(hours=2))
    with pytest.raises(LinkNotGood):
        links.good_link(token, frozenset({LinkPurpose.EMAIL_UNDO}), "browser")


def test_a_former_address_that_has_an_account_again_still_stops_the_thief(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    moved(account, THIEFS)
    token = token_of(LinkPurpose.EMAIL_UNDO, account)
    a_user_with_telephone("Robin", "Modele", email=OWNERS)
    a_sign_in(account)

    assert personal_data.undo_email(token, "browser") is False

    assert address_of(account) == THIEFS
    assert queries.open_sign_ins(account.id) == []
    assert db.session.get_one(Account, account.id).password_hash is None


def test_an_address_that_is_taken_leaves_the_same_rows_as_a_free_one(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    a_user_with_telephone("Robin", "Modele", email=THIEFS)
    actor = acting(account)

    personal_data.ask_email_change(THIEFS, actor)
    counts = rows_made(account)
    personal_data.ask_email_change(SECOND, actor)

    assert rows_made(account) == tuple(2 * count for count in counts)
    assert messages_to(THIEFS)[0].subject == "TRACES: this address has an account"
    assert "link" not in messages_to(THIEFS)[0].body


def rows_made(account: Account) -> tuple[int, int]:
    """How many changes and links to new addresses the account has."""
    new = db.session.query(OneTimeLink).filter_by(account_id=account.id, purpose="email-new")
    return db.session.query(EmailChange).filter_by(account_id=account.id).count(), new.count()


def test_of_two_accounts_that_want_one_address_the_first_to_confirm_has_it(app: Flask) -> None:
    first, second = a_user_with_telephone(), a_user_with_telephone("Robin", "Modele")
    tokens = {}
    for person in (first, second):
        personal_data.ask_email_change(SECOND, acting(person))
        tokens[person.id] = token_of(LinkPurpose.EMAIL_NEW, person)
    personal_data.confirm_email(tokens[second.id], "browser", acting(second))

    with pytest.raises((LinkNotGood, personal_data.AddressTaken)):
        personal_data.confirm_email(tokens[first.id], "browser", acting(first))

    assert address_of(second) == SECOND
    assert address_of(first) != SECOND


def test_what_is_undone_ends_half_sign_ins_too(app: Flask) -> None:
    account = a_user_with_telephone(email=OWNERS)
    moved(account, THIEFS)
    half, _token = a_sign_in(account, state="half")
    personal_data.undo_email(token_of(LinkPurpose.EMAIL_UNDO, account), "browser")
    db.session.expire_all()
    assert db.session.get_one(SignIn, half.id).state == "ended"
    assert factors.locked_account(account.id).email == OWNERS
