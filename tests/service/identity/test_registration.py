"""Opening an account: equal work for known and unknown addresses, one account per mailbox, limits, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import addresses, links, passwords, registration
from portal.identity.links import LinkNotGood
from portal.identity.models import Account, OneTimeLink
from portal.identity.registration import RegistrationWish, register, send_password_link, set_password
from portal.limits import rates
from portal.limits.ledger import TooMany
from portal.messages.models import OutgoingMessage
from tests.makers.identity import PASSWORD, a_user
from tests.makers.mail import link_to

BROWSER = "browser"


def wish(address: str) -> RegistrationWish:
    """Somebody with that address."""
    return RegistrationWish("Robin", "Modele", addresses.checked(address), "en")


def token_to(address: str) -> str:
    """The token of the newest link in that mailbox."""
    return link_to(address).rpartition("/")[2]


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The kinds of the statements inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(" ".join(statement.split()[:3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_known_and_unknown_addresses_cost_the_same_rows(app: Flask) -> None:
    a_user(email="known@agri.example")
    rows = []
    for address in ("unknown@agri.example", "known@agri.example"):
        before = [db.session.query(table).count() for table in (OneTimeLink, OutgoingMessage, AuditEvent)]
        register(wish(address), "network")
        after = [db.session.query(table).count() for table in (OneTimeLink, OutgoingMessage, AuditEvent)]
        rows.append([new - old for old, new in zip(before, after, strict=True)])
    assert rows[0] == rows[1] == [1, 1, 1]


def test_known_and_unknown_addresses_cost_about_the_same_statements(app: Flask) -> None:
    a_user(email="known@agri.example")
    for ask in (
        lambda address: register(wish(address), "network"),
        lambda address: send_password_link(address, "network", "en"),
    ):
        counts = []
        for address in ("unknown@agri.example", "known@agri.example"):
            db.session.remove()
            with counted_statements() as seen:
                ask(address)
            counts.append(len(seen))
        assert abs(counts[0] - counts[1]) <= 2


def test_a_second_registration_of_a_mailbox_opens_no_second_account(app: Flask) -> None:
    for address in ("Robin@fret.example", "robin@FRET.example"):
        register(wish(address), "network")
    set_password(token_to("robin@fret.example"), BROWSER, PASSWORD)
    with pytest.raises(LinkNotGood):
        set_password(token_to("Robin@fret.example"), BROWSER, PASSWORD)
    assert db.session.query(Account).count() == 1


def test_links_of_two_registrations_open_one_account(app: Flask) -> None:
    register(wish("robin@fret.example"), "network")
    first = token_to("robin@fret.example")
    set_password(first, BROWSER, PASSWORD)
    register(wish("robin@fret.example"), "network")
    assert (
        db.session.query(OutgoingMessage).order_by(OutgoingMessage.id.desc()).first().name == "account_exists"
    )
    assert db.session.query(Account).count() == 1


def test_a_used_link_sets_no_second_password(app: Flask) -> None:
    register(wish("robin@fret.example"), "network")
    token = token_to("robin@fret.example")
    account = set_password(token, BROWSER, PASSWORD)
    kept = account.password_hash
    with pytest.raises(LinkNotGood):
        set_password(token, BROWSER, "another-fine-password-7")
    assert db.session.get_one(Account, account.id).password_hash == kept


def test_the_database_keeps_no_link_and_no_password(app: Flask) -> None:
    register(wish("robin@fret.example"), "network")
    token = token_to("robin@fret.example")
    account = set_password(token, BROWSER, PASSWORD)
    link = db.session.query(OneTimeLink).one()
    kept = [str(value) for row in (account, link) for value in vars(row).values()]
    assert not [text for text in kept if token in text or PASSWORD in text]
    assert len(link.salt) == 32
    assert len(link.token_hash or "") == 64


def test_the_user_name_has_the_form_of_the_source(app: Flask) -> None:
    names = {a_user().username for _time in range(5)}
    assert len(names) == 5
    assert all(len(name) == 8 and name[0] == "n" and name.isalnum() for name in names)


def test_a_password_of_ones_own_data_is_refused_and_the_link_stays_good(app: Flask) -> None:
    register(wish("robin@fret.example"), "network")
    token = token_to("robin@fret.example")
    with pytest.raises(registration.PasswordRefused) as refused:
        set_password(token, BROWSER, "robin.modele.quay")
    assert refused.value.weakness is passwords.Weakness.OWN_DATA
    assert set_password(token, BROWSER, PASSWORD).id


def test_one_address_gets_a_bounded_number_of_mails(app: Flask) -> None:
    for _time in range(rates.REGISTRATIONS_PER_ADDRESS.count):
        register(wish("robin@fret.example"), "network")
    with pytest.raises(TooMany):
        register(wish("ROBIN@fret.example"), "another network")
    db.session.rollback()
    for _time in range(rates.LINKS_PER_ADDRESS.count):
        send_password_link("robin@fret.example", "network", "en")
    with pytest.raises(TooMany):
        send_password_link("robin@fret.example", "network", "en")


def test_a_link_of_one_purpose_opens_no_page_of_another(app: Flask) -> None:
    account = a_user(email="robin@fret.example")
    send_password_link(account.email, "network", "en")
    token = token_to(account.email)
    with pytest.raises(links.LinkUnknown):
        registration.disown(token, BROWSER)
    assert addresses.key_of(account.email) == account.email_key
