"""«Delete my account»: asked for, taken back, and carried out when its time has come; what the law demands stays."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import factors, registration
from portal.identity.factor_models import (
    Authenticator,
    Eid,
    EmailChange,
    MobileDevice,
    NameChange,
    RecoveryCode,
    SecurityKey,
    Suspension,
)
from portal.identity.models import Account, Challenge, OneTimeLink, Registration, SignIn, Telephone
from portal.identity.states import AccountState, EndReason
from portal.messages import outbox, security_notices

DELETION_DAYS = 14
LAST_ADMINISTRATOR_DAYS = 30
"""Design: for the last administrator the responsible authority has a month to name another one."""


def ask(days: int, actor: Actor) -> Account | None:
    """The account is deleted in so many days unless the person keeps it; tells the person. None where it was asked
    already: the day stays. Commits nothing."""
    authorise(actor, Action.ACCOUNT_DELETE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    if account.deletion_due_at is not None:
        return None
    account.deletion_asked_at, account.deletion_due_at = clock.now(), clock.now() + timedelta(days=days)
    trail.record(factor_events.DeletionAsked(account.id, days), actor)
    due = account.deletion_due_at.isoformat(timespec="seconds")
    notice = security_notices.DeletionAskedNotice(account.first_name, account.last_name, due)
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))
    return account


def keep(actor: Actor) -> bool:
    """«Keep my account»: nothing is deleted. False where nothing was asked, or the closing has begun already."""
    authorise(actor, Action.ACCOUNT_DELETE, OwnAccount(actor.account_id))
    waiting = Account.deletion_due_at.is_not(None), Account.state == AccountState.ACTIVE
    kept = db.session.execute(
        update(Account)
        .where(Account.id == actor.account_id, *waiting)
        .values(deletion_asked_at=None, deletion_due_at=None)
    )
    if not rows_changed(kept):
        db.session.rollback()
        return False
    trail.record(factor_events.DeletionTakenBack(actor.account_id), actor)
    db.session.commit()
    return True


def due(limit: int = 50) -> Sequence[int]:
    """The accounts whose time has come, oldest first."""
    query = select(Account.id).where(
        Account.deletion_due_at <= clock.now(), Account.state != AccountState.CLOSED
    )
    return db.session.scalars(query.order_by(Account.deletion_due_at).limit(limit)).all()


def seize(account_id: int) -> bool:
    """The time has come: from here on the person can no longer sign in and keep the account. False if it was kept."""
    taken = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.deletion_due_at <= clock.now())
        .where(Account.state != AccountState.CLOSED)
        .values(state=AccountState.DISABLED.value)
    )
    db.session.commit()
    return rows_changed(taken) > 0


def close(account_id: int) -> bool:
    """Erase the person from the account; the row stays for signatures, decisions and audit. False if it was kept."""
    account = factors.locked_account(account_id)
    if account.deletion_due_at is None or account.deletion_due_at > clock.now():
        db.session.rollback()
        return False
    farewell = security_notices.AccountClosedNotice(account.first_name, account.last_name)
    outbox.put(farewell, outbox.Recipient(account.email, account.language))
    _erase_factors(account.id)
    _erase_traces(account.id)
    _erase_addresses(account)
    registration.end_all_sign_ins(account.id, EndReason.CLOSED)
    account.state, account.password_hash = AccountState.CLOSED.value, None
    account.first_name, account.last_name = "", account.username
    account.email = account.email_key = f"{account.username}@closed.invalid"
    account.webauthn_handle = account.deletion_asked_at = account.deletion_due_at = None
    trail.record(factor_events.AccountClosed(account.id), account_id=account.id)
    db.session.commit()
    return True


def _erase_traces(account_id: int) -> None:
    """Where the person was, with which browser, and to which numbers and addresses messages went."""
    place = {"network": "", "browser": ""}
    db.session.execute(update(SignIn).where(SignIn.account_id == account_id).values(**place))
    db.session.execute(update(Suspension).where(Suspension.account_id == account_id).values(**place))
    db.session.execute(update(Challenge).where(Challenge.account_id == account_id).values(number_sealed=None))
    outbox.forget_recipients(account_id)


def _erase_factors(account_id: int) -> None:
    for table in (Telephone, MobileDevice, Authenticator, SecurityKey, Eid, RecoveryCode):
        own: Any = table
        db.session.execute(delete(own).where(own.account_id == account_id))


def _erase_addresses(account: Account) -> None:
    db.session.execute(delete(NameChange).where(NameChange.account_id == account.id))
    db.session.execute(delete(EmailChange).where(EmailChange.account_id == account.id))
    asked = select(Registration.id).where(Registration.email_key == account.email_key)
    blank = {"email": "", "email_key": "", "first_name": "", "last_name": ""}
    db.session.execute(update(Registration).where(Registration.id.in_(asked)).values(**blank))
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account.id, OneTimeLink.used_at.is_(None))
        .values(replaced_at=clock.now(), token_hash=None, salt=crypto.digest(secrets.token_hex(16))[:32])
    )
