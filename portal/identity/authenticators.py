"""Standard authenticator apps (TOTP): enrolled with a code of their own, used for sign-in, renamed, removed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, update

from portal import clock, config, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.adapters import qr_codes, totp
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import challenges, factors, queries
from portal.identity.factor_models import Authenticator
from portal.identity.factors import NotThere
from portal.identity.models import Account
from portal.identity.states import CODE_TRIES, FactorState
from portal.messages import security_notices

ENROL_MINUTES = 15
AUTHENTICATORS_AT_MOST = 5
KIND = "authenticator"


class TooManyAuthenticators(Exception):
    """Five authenticator apps are on the account already."""


def begin(name: str, actor: Actor) -> Authenticator:
    """A secret for one app; no factor before the app has shown a code of it. `name` has sixty characters at most."""
    authorise(actor, Action.FACTOR_ADD, OwnAccount(actor.account_id))
    if len(queries.authenticators_of(actor.account_id)) >= AUTHENTICATORS_AT_MOST:
        raise TooManyAuthenticators
    now = clock.now()
    row = Authenticator(
        account_id=actor.account_id, sign_in_id=actor.session_id, name=name, state=FactorState.PENDING.value,
        secret_sealed=crypto.seal("totp", totp.new_secret()), created_at=now,
        expires_at=now + timedelta(minutes=ENROL_MINUTES),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def pending(authenticator_id: int, actor: Actor) -> Authenticator:
    """The one being added in this very session; raises NotThere."""
    # Read anew: another window may have confirmed it while this one waited for the lock of the account.
    row = db.session.get(Authenticator, authenticator_id, populate_existing=True)
    if row is None or row.sign_in_id != actor.session_id or row.state != FactorState.PENDING:
        raise NotThere
    if row.expires_at <= clock.now() or row.tries >= CODE_TRIES:
        raise NotThere
    return row


def secret_of(row: Authenticator) -> tuple[str, str]:
    """The secret in groups of four letters, to type, and its QR code as the address of a picture."""
    secret = crypto.unseal("totp", row.secret_sealed)
    account = db.session.get_one(Account, row.account_id)
    address = totp.address(secret, account.email, config.current().brand_identity)
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), qr_codes.picture(address)


def finish(authenticator_id: int, typed: str, actor: Actor) -> str | None:
    """The app's code makes it a factor; returns the session's new token for a first one.

    Raises CodeRejected, NotThere.
    """
    account = factors.locked_account(actor.account_id)
    now = factors.as_it_stands(actor)
    authorise(now, Action.FACTOR_CONFIRM, OwnAccount(account.id))
    row = pending(authenticator_id, actor)
    row.tries += 1
    step = totp.matching_step(crypto.unseal("totp", row.secret_sealed), challenges.plain(typed), clock.now())
    if step is None:
        trail.record(factor_events.FactorRejected(account.id, KIND, row.id), actor)
        db.session.commit()
        raise challenges.CodeRejected(is_dead=row.tries >= CODE_TRIES)
    row.state, row.last_step, row.added_at = FactorState.ACTIVE.value, step, clock.now()
    token = factors.added(KIND, row.id, now)
    factors.tell(account, security_notices.AuthenticatorAddedNotice, row.name)
    db.session.commit()
    return token


def use(account_id: int, typed: str) -> int | None:
    """The authenticator whose code it is, its time step used up; None for a wrong or used code. Commits nothing."""
    for row in queries.authenticators_of(account_id):
        step = totp.matching_step(crypto.unseal("totp", row.secret_sealed), typed, clock.now())
        if step is not None and _spend(row.id, step):
            return row.id
    return None


def _spend(authenticator_id: int, step: int) -> bool:
    # Steps only go forward: neither the same code twice nor an earlier one after a later one.
    spent = db.session.execute(
        update(Authenticator)
        .where(Authenticator.id == authenticator_id, Authenticator.state == FactorState.ACTIVE)
        .where(or_(Authenticator.last_step.is_(None), Authenticator.last_step < step))
        .values(last_step=step, last_used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return rows_changed(spent) > 0


def own(authenticator_id: int, actor: Actor) -> Authenticator:
    """An active one of the own account; raises NotThere."""
    rows = queries.authenticators_of(actor.account_id)
    row = next((one for one in rows if one.id == authenticator_id), None)
    if row is None:
        raise NotThere
    return row


def rename(authenticator_id: int, name: str, actor: Actor) -> None:
    """Another name for it, sixty characters at most."""
    authorise(actor, Action.FACTOR_RENAME, OwnAccount(actor.account_id))
    row = own(authenticator_id, actor)
    row.name = name
    trail.record(factor_events.FactorRenamed(actor.account_id, KIND, row.id), actor)
    db.session.commit()


def remove(authenticator_id: int, actor: Actor) -> None:
    """It is no factor any more; never the last one of a person who holds a role."""
    authorise(actor, Action.FACTOR_REMOVE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    row = own(authenticator_id, actor)
    factors.check_may_go(actor)
    db.session.execute(delete(Authenticator).where(Authenticator.id == row.id))
    trail.record(factor_events.FactorRemoved(account.id, KIND, row.id), actor)
    factors.tell(account, security_notices.AuthenticatorRemovedNotice, row.name)
    db.session.commit()
