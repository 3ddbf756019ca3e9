"""Letting a person in again after the factors went, confirming a changed name, vouching after a recovery code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity import standing
from portal.identity.factor_models import NameChange, Suspension
from portal.identity.models import Account
from portal.identity.states import Recognised
from portal.messages import outbox, security_notices
from portal.roles import members
from portal.roles.changes import NotThere

SIGNING_RESTS = timedelta(hours=24)


class AlreadyLifted(Exception):
    """Somebody was faster: the person is no longer suspended, or the first of two has vouched already."""


def lift(account_id: int, recognised: Recognised, actor: Actor) -> bool:
    """Lift the suspension here, or vouch as the first of two; True once it is lifted. Raises AlreadyLifted."""
    target = members.member(account_id)
    authorise(actor, Action.SUSPENSION_LIFT, target)
    row = standing.open_suspension(account_id, environment.current().value)
    if row is None:
        raise AlreadyLifted
    if members.needs_two(account_id) and row.first_by is None:
        _change(row, Suspension.first_by.is_(None), first_by=actor.account_id, first_at=clock.now(),
                first_recognised=recognised.value)  # fmt: skip
        trail.record(factor_events.SuspensionVouched(account_id, row.id, recognised.value), actor)
        db.session.commit()
        return False
    # The rule saw who vouched first a moment ago; of one person who presses twice at once only one press counts.
    another = or_(Suspension.first_by.is_(None), Suspension.first_by != actor.account_id)
    _change(row, another, lifted_by=actor.account_id, lifted_at=clock.now(), recognised=recognised.value,
            signing_rests_until=clock.now() + SIGNING_RESTS)  # fmt: skip
    trail.record(factor_events.SuspensionLifted(account_id, row.id, recognised.value), actor)
    _tell(account_id, security_notices.SuspensionLiftedNotice)
    db.session.commit()
    return True


def _change(row: Suspension, *more: Any, **values: Any) -> None:
    changed = db.session.execute(
        update(Suspension)
        .where(Suspension.id == row.id, Suspension.lifted_at.is_(None), *more)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        db.session.rollback()
        raise AlreadyLifted


def confirm_name(account_id: int, actor: Actor) -> None:
    """An administrator knows the person under the new name; «may sign» no longer rests. Raises NotThere."""
    authorise(actor, Action.NAME_CONFIRM, members.member(account_id))
    change = standing.waiting_name(account_id)
    if change is None:
        raise NotThere
    waiting = NameChange.account_id == account_id, NameChange.confirmed_at.is_(None)
    done = db.session.execute(
        update(NameChange)
        .where(*waiting, NameChange.id <= change.id)
        .values(confirmed_at=clock.now(), confirmed_by=actor.account_id)
    )
    if rows_changed(done) == 0:
        raise NotThere
    trail.record(factor_events.NameConfirmed(account_id, change.id), actor)
    db.session.commit()


def vouch(account_id: int, actor: Actor) -> None:
    """The person who used a recovery code is known: the day of rest is over. Raises NotThere where none rests."""
    authorise(actor, Action.RECOVERY_VOUCH, members.member(account_id))
    done = db.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.recovered_at.is_not(None))
        .values(recovered_at=None)
    )
    if rows_changed(done) == 0:
        raise NotThere
    trail.record(factor_events.RecoveryVouched(account_id), actor)
    _tell(account_id, security_notices.RecoveryVouchedNotice)
    db.session.commit()


def lift_by_command(email: str) -> bool:
    """The command line lifts in the current environment: for the last Commission administrator. Commits."""
    account = identity.account_by_email(email)
    row = standing.open_suspension(account.id, environment.current().value) if account else None
    if account is None or row is None or not identity.has_factor(account.id):
        return False
    _change(
        row,
        lifted_at=clock.now(),
        recognised=Recognised.COMMAND.value,
        signing_rests_until=clock.now() + SIGNING_RESTS,
    )
    trail.record(factor_events.SuspensionLifted(account.id, row.id, Recognised.COMMAND.value))
    _tell(account.id, security_notices.SuspensionLiftedNotice)
    db.session.commit()
    return True


def _tell(account_id: int, notice: Any) -> None:
    account = db.session.get_one(Account, account_id)
    message = notice(account.first_name, account.last_name)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
