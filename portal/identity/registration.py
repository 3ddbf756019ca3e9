"""Opening an account and choosing a password through a link; what a visitor may cause, and nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, config
from portal.audit import events, trail
from portal.database import db
from portal.identity import addresses, links, passwords, queries
from portal.identity.models import Account, OneTimeLink, Registration, SignIn
from portal.identity.states import AccountState, EndReason, LinkPurpose, LinkState, SignInState
from portal.limits import ledger, rates
from portal.messages import catalogue, outbox

USERNAME_ALPHABET = "0123456789abcdefghjkmnpqrstuvwxyz"
PASSWORD_LINKS = frozenset({LinkPurpose.REGISTER, LinkPurpose.PASSWORD})


@dataclass(frozen=True)
class RegistrationWish:
    """«Create an account» as typed and checked: `email` in checked form, `language` a served one."""

    first_name: str
    last_name: str
    email: str
    language: str


class PasswordRefused(Exception):
    """The password does not pass the rule; `weakness` says why."""

    def __init__(self, weakness: passwords.Weakness) -> None:
        super().__init__(weakness.value)
        self.weakness = weakness


def register(wish: RegistrationWish, network: str) -> None:
    """Same work for known and unknown addresses: one registration row, one link row, one mail, one event."""
    ledger.take(rates.REGISTRATIONS_PER_NETWORK, network)
    ledger.take(rates.REGISTRATIONS_PER_ADDRESS, addresses.key_of(wish.email))
    known = queries.account_by_email(wish.email)
    registration = Registration(
        email=wish.email, email_key=addresses.key_of(wish.email), first_name=wish.first_name,
        last_name=wish.last_name, language=wish.language, requested_at=clock.now(),
    )  # fmt: skip
    db.session.add(registration)
    db.session.flush()
    link = links.make_link(LinkPurpose.REGISTER, registration=registration, is_decoy=known is not None)
    if known is None:
        message = catalogue.RegistrationLink(wish.first_name, wish.last_name, link.id)
        outbox.put(message, outbox.Recipient(wish.email, wish.language))
    else:
        exists = catalogue.AccountExists(known.first_name, known.last_name)
        outbox.put(exists, outbox.Recipient(known.email, known.language, known.id))
    trail.record(events.RegistrationStarted(registration.id))
    db.session.commit()


def send_password_link(typed: str, network: str, language: str) -> None:
    """«Lost your password?»: same work for known and unknown addresses, different mails."""
    ledger.take(rates.LINKS_PER_NETWORK, network)
    ledger.take(rates.LINKS_PER_ADDRESS, addresses.key_of(typed))
    account = queries.account_by_email(typed)
    if account is not None and account.state == AccountState.ACTIVE:
        link = links.make_link(LinkPurpose.PASSWORD, account=account)
        message = catalogue.PasswordLink(account.first_name, account.last_name, link.id)
        outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
        trail.record(events.PasswordLinkSent(account.id, link.id))
    else:
        _send_no_account(typed, language)
    db.session.commit()


def _send_no_account(typed: str, language: str) -> None:
    # The rows of a link nobody gets: the same statements as for an account, so that time tells nothing.
    link = links.make_link(LinkPurpose.PASSWORD, is_decoy=True)
    outbox.put(catalogue.NoAccountHere(), outbox.Recipient(typed, language))
    trail.record(events.PasswordLinkSent(0, link.id))


def ask_again(link: OneTimeLink, network: str) -> None:
    """The button on the page of an expired link: a new mail to the same address; the old link stays dead."""
    if link.registration is not None and queries.account_by_email(link.registration.email) is None:
        old = link.registration
        register(RegistrationWish(old.first_name, old.last_name, old.email, old.language), network)
    elif link.registration is not None:
        send_password_link(link.registration.email, network, link.registration.language)
    elif link.account is not None:
        send_password_link(link.account.email, network, link.account.language)


def set_password(token: str, browser: str, password: str) -> Account:
    """Use the link: open the account, or change its password and end its sessions; raises LinkNotGood."""
    link = links.good_link(token, PASSWORD_LINKS, browser)
    person = link.registration or link.account
    assert person is not None  # noqa: S101 - the table's purposes guarantee one of them
    check_strength(person, password)
    password_hash = passwords.hashed(password)
    links.use_link(link)
    if link.registration is not None:
        account = _open_account(link, link.registration, password_hash)
        trail.record(events.AccountOpened(account.id), account_id=account.id)
    else:
        account = link.account  # type: ignore[assignment]
        account.password_hash = password_hash
        end_all_sign_ins(account.id, EndReason.PASSWORD_CHANGED)
        links.forget(account.id, LinkPurpose.EMAIL_NEW)
        tell_of_new_password(account)
        trail.record(events.PasswordChanged(account.id, link.id), account_id=account.id)
    db.session.commit()
    return account


def check_strength(person: Account | Registration, password: str) -> None:
    """Raise PasswordRefused unless the password passes the rule for that person."""
    settings = config.current()
    words = passwords.own_words(
        person.first_name, person.last_name, person.email, settings.brand_application, settings.brand_identity
    )
    weakness = passwords.weakness_of(password, words)
    if weakness:
        raise PasswordRefused(weakness)


def _open_account(link: OneTimeLink, registration: Registration, password_hash: str) -> Account:
    account = new_account(registration, password_hash)
    try:
        db.session.flush()
    except IntegrityError:
        # Another link of the same address was quicker: theirs is the account.
        db.session.rollback()
        raise links.LinkNotGood(link, LinkState.USED) from None
    return account


def new_account(wish: Registration | RegistrationWish, password_hash: str) -> Account:
    """An active account, added to the session."""
    account = Account(
        username=_free_username(), email=wish.email, email_key=addresses.key_of(wish.email),
        first_name=wish.first_name, last_name=wish.last_name, language=wish.language,
        state=AccountState.ACTIVE.value, password_hash=password_hash, always_second_factor=False,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(account)
    return account


def _free_username() -> str:
    while True:
        name = "n" + "".join(secrets.choice(USERNAME_ALPHABET) for _ in range(7))
        if db.session.scalar(select(Account.id).where(Account.username == name)) is None:
            return name


def tell_of_new_password(account: Account) -> None:
    """A mail that the password is another one, with «this was not me». Commits nothing."""
    not_me = links.make_link(LinkPurpose.NOT_ME, account=account)
    notice = catalogue.PasswordChangedNotice(
        account.first_name, account.last_name, clock.now().isoformat(timespec="seconds"), not_me.id
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def disown(token: str, browser: str) -> None:
    """«This was not me»: end every session and make the password unusable; no factor is touched."""
    link = links.good_link(token, frozenset({LinkPurpose.NOT_ME}), browser)
    links.use_link(link)
    account = link.account
    assert account is not None  # noqa: S101
    account.password_hash = None
    end_all_sign_ins(account.id, EndReason.DISOWNED)
    links.forget(account.id, LinkPurpose.EMAIL_NEW, LinkPurpose.PANIC)
    fresh = links.make_link(LinkPurpose.PASSWORD, account=account)
    message = catalogue.PasswordLink(account.first_name, account.last_name, fresh.id)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    trail.record(events.ActivityDisowned(account.id, link.id), account_id=account.id)
    db.session.commit()


def end_all_sign_ins(account_id: int, reason: EndReason, but: int = 0) -> None:
    """End every living sign-in of the account except the one with the id `but`; commits nothing."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.state != SignInState.ENDED, SignIn.id != but)
        .values(state=SignInState.ENDED, ended_at=clock.now(), end_reason=reason.value)
    )
