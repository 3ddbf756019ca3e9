"""What people change of themselves: name, e-mail address, password, options; and their data as a file's content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import addresses, factors, links, passwords, queries, registration, sign_in
from portal.identity.factor_models import EmailChange, NameChange
from portal.identity.models import Account, OneTimeLink, SignIn
from portal.identity.sign_in import Attempt
from portal.identity.states import AccountState, EndReason, LinkPurpose
from portal.limits import ledger, rates
from portal.messages import catalogue, outbox, preferences, security_notices
from portal.vocabulary import Method

IN_THE_MAILBOX = frozenset(LinkPurpose) - {LinkPurpose.EMAIL_UNDO}
"""What lies in the former mailbox opens nothing once the address is another one, except the way back."""


class SameAddress(Exception):
    """It is the address of this account already."""


class NoPassword(Exception):
    """The account has none that could be typed: a new one is chosen through a link."""


class AddressTaken(Exception):
    """The address became another account's meanwhile: nothing was changed."""


@dataclass(frozen=True)
class Options:
    """«Configure my account»."""

    always_second_factor: bool
    sign_in_notices: bool
    show_details: bool
    email_notices: bool = True


def change_name(first_name: str, last_name: str, actor: Actor) -> NameChange | None:
    """Keep the new name with its history and tell the person; None where it is the name already.

    Where the person holds a role somebody there confirms it. Commits nothing: the roles tell the administrators.
    """
    authorise(actor, Action.PERSONAL_DATA_CHANGE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    if (account.first_name, account.last_name) == (first_name, last_name):
        return None
    change = NameChange(
        account_id=account.id, old_first_name=account.first_name, old_last_name=account.last_name,
        new_first_name=first_name, new_last_name=last_name, changed_at=clock.now(),
        confirmed_at=None if actor.holds_role_anywhere else clock.now(),
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    trail.record(factor_events.NameChanged(account.id, change.id), actor)
    factors.tell(account, security_notices.NameChangedNotice, f"{first_name} {last_name}")
    account.first_name, account.last_name = first_name, last_name
    return change


def ask_email_change(email: str, actor: Actor) -> None:
    """A link to the new address; the old one is told. An address that has an account gets another mail: same page."""
    authorise(actor, Action.EMAIL_CHANGE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    ledger.take(rates.LINKS_PER_ACCOUNT, str(account.id))
    ledger.take(rates.LINKS_PER_ADDRESS, addresses.key_of(email))
    known = queries.account_by_email(email)
    if known is not None and known.id == account.id:
        raise SameAddress
    change = EmailChange(
        account_id=account.id, old_email=account.email, new_email=email,
        new_email_key=addresses.key_of(email), asked_at=clock.now(),
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    # The rows of a link nobody gets: what the page and the database do tells nothing about the other account.
    link = links.make_link(LinkPurpose.EMAIL_NEW, account=account, is_decoy=known is not None)
    change.confirm_link_id = link.id
    if known is None:
        message = security_notices.EmailChangeLink(account.first_name, account.last_name, link.id)
        outbox.put(message, outbox.Recipient(email, account.language, account.id))
    else:
        _tell_of_wish(known)
    trail.record(factor_events.EmailChangeAsked(account.id, change.id), actor)
    factors.tell(account, security_notices.EmailChangeAskedNotice, addresses.masked(email))
    db.session.commit()


def _tell_of_wish(owner: Account) -> None:
    wanted = security_notices.EmailWantedNotice(owner.first_name, owner.last_name)
    outbox.put(wanted, outbox.Recipient(owner.email, owner.language, owner.id))


def link_to_confirm(token: str, browser: str, actor: Actor) -> OneTimeLink:
    """The link at the new address, for its owner alone: a stranger to whom it went by mistake opens nothing with it.

    Raises LinkUnknown, LinkNotGood.
    """
    link = links.good_link(token, frozenset({LinkPurpose.EMAIL_NEW}), browser)
    if link.account_id != actor.account_id:
        raise links.LinkUnknown
    return link


def confirm_email(token: str, browser: str, actor: Actor) -> Account:
    """The button behind the link at the new address: the address is another one from now on.

    Raises LinkUnknown, LinkNotGood, AddressTaken.
    """
    authorise(actor, Action.EMAIL_CHANGE, OwnAccount(actor.account_id))
    link = link_to_confirm(token, browser, actor)
    change = db.session.scalar(select(EmailChange).where(EmailChange.confirm_link_id == link.id))
    if change is None:  # the account was closed meanwhile
        raise links.LinkUnknown
    account = factors.locked_account(change.account_id)
    links.use_link(link)
    if account.state != AccountState.ACTIVE or account.email != change.old_email:
        db.session.rollback()
        raise AddressTaken
    _move(account, change.new_email)
    links.forget(account.id, *IN_THE_MAILBOX)
    links.forget_registrations(change.new_email_key)
    change.confirmed_at = clock.now()
    undo = links.make_link(LinkPurpose.EMAIL_UNDO, account=account)
    change.undo_link_id = undo.id
    notice = security_notices.EmailChangedNotice(
        account.first_name, account.last_name, addresses.masked(change.new_email), undo.id
    )
    outbox.put(notice, outbox.Recipient(change.old_email, account.language, account.id))
    trail.record(factor_events.EmailChanged(account.id, change.id), actor)
    db.session.commit()
    return account


def undo_email(token: str, browser: str) -> bool:
    """From the old address: it is back, every session ends, and a new password has to be chosen there.

    False where the old address has another account meanwhile: then sessions and password end all the same. Raises
    LinkUnknown, LinkNotGood, AddressTaken.
    """
    link = links.good_link(token, frozenset({LinkPurpose.EMAIL_UNDO}), browser)
    change = db.session.scalar(select(EmailChange).where(EmailChange.undo_link_id == link.id))
    if change is None:
        raise links.LinkUnknown
    account = factors.locked_account(change.account_id)
    links.use_link(link)
    other = queries.account_by_email(change.old_email)
    is_free = other is None or other.id == account.id
    links.forget(account.id, *IN_THE_MAILBOX)
    if is_free:
        _move(account, change.old_email)
        # What was changed after this change is undone with it: no later mailbox may bring itself back.
        links.forget(account.id, LinkPurpose.EMAIL_UNDO, after=link.id)
        fresh = links.make_link(LinkPurpose.PASSWORD, account=account)
        message = catalogue.PasswordLink(account.first_name, account.last_name, fresh.id)
        outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    change.undone_at, account.password_hash = clock.now(), None
    registration.end_all_sign_ins(account.id, EndReason.DISOWNED)
    trail.record(factor_events.EmailChangeUndone(account.id, change.id), account_id=account.id)
    db.session.commit()
    return is_free


def _move(account: Account, email: str) -> None:
    account.email, account.email_key = email, addresses.key_of(email)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AddressTaken from None


def change_password(old: str, new: str, attempt: Attempt, actor: Actor) -> str:
    """The old password first, with the limits of the sign-in; returns this session's new token, all others end.

    Raises NoPassword, PasswordRejected, PasswordRefused, TooMany.
    """
    authorise(actor, Action.PASSWORD_CHANGE, OwnAccount(actor.account_id))
    account = db.session.get_one(Account, actor.account_id)
    if account.password_hash is None:
        raise NoPassword
    sign_in.check_password(account, attempt, old)
    registration.check_strength(account, new)
    _set_password(account, passwords.hashed(new))
    links.forget(account.id, LinkPurpose.PASSWORD)
    registration.end_all_sign_ins(account.id, EndReason.PASSWORD_CHANGED, but=actor.session_id)
    token = sign_in.renew_token(db.session.get_one(SignIn, actor.session_id))
    registration.tell_of_new_password(account)
    trail.record(factor_events.OwnPasswordChanged(account.id), actor)
    db.session.commit()
    return token


def has_password(actor: Actor) -> bool:
    """Whether the account has a password that could be typed."""
    return db.session.get_one(Account, actor.account_id).password_hash is not None


def _set_password(account: Account, password_hash: str) -> None:
    # Conditional on the password that was typed: of two changes at once the second typed one that is gone.
    done = db.session.execute(
        update(Account)
        .where(Account.id == account.id, Account.password_hash == account.password_hash)
        .values(password_hash=password_hash)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(done):
        db.session.rollback()
        raise sign_in.PasswordRejected
    db.session.refresh(account)


def configure(options: Options, actor: Actor) -> None:
    """Keep the options; «always a second factor» needs one."""
    authorise(actor, Action.ACCOUNT_CONFIGURE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    account.always_second_factor = options.always_second_factor and queries.has_factor(account.id)
    account.sign_in_notices, account.show_details = options.sign_in_notices, options.show_details
    preferences.want_mail(account.id, wanted=options.email_notices)
    trail.record(factor_events.AccountConfigured(account.id), actor)
    db.session.commit()


def hide_nudge(actor: Actor) -> None:
    """The hint to add a second method rests for a month."""
    authorise(actor, Action.ACCOUNT_READ, OwnAccount(actor.account_id))
    hidden = update(Account).where(Account.id == actor.account_id).values(nudge_hidden_at=clock.now())
    if rows_changed(db.session.execute(hidden)):
        db.session.commit()


def attempt_of(network: str, browser: str) -> Attempt:
    """A password being typed in an open session."""
    return Attempt("", "", Method.PASSWORD, number="", network=network, browser=browser, environment_key="")
