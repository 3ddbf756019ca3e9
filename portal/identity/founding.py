"""The accounts that the command line makes: the first two Commission administrators."""

from __future__ import annotations

from portal.audit import events, trail
from portal.database import db
from portal.identity import links, queries
from portal.identity.models import Account
from portal.identity.registration import RegistrationWish, new_account
from portal.identity.states import LinkPurpose
from portal.messages import catalogue, outbox

FIRST_ADMINISTRATORS = 2


def open_account(first_name: str, last_name: str, email: str, language: str) -> Account:
    """The account with that address, made without a password where there is none. Commits nothing."""
    account = queries.account_by_email(email)
    if account is None:
        account = new_account(RegistrationWish(first_name, last_name, email, language), "")
        account.password_hash = None
        db.session.flush()
        trail.record(events.AccountOpened(account.id))
    return account


def send_link(account: Account) -> None:
    """The link to choose a password, to the mailbox: nobody else ever sees it."""
    account = db.session.merge(account)
    link = links.make_link(LinkPurpose.PASSWORD, account=account)
    message = catalogue.PasswordLink(account.first_name, account.last_name, link.id)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    trail.record(events.PasswordLinkSent(account.id, link.id))
    db.session.commit()
