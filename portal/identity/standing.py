"""How people stand with their factors, as parts of statements about many people: for lists that others may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select

from portal import clock
from portal.database import db
from portal.identity import queries
from portal.identity.factor_models import NameChange, Suspension
from portal.identity.models import Account, Telephone
from portal.identity.states import RECOVERY_REST


@dataclass(frozen=True)
class Standing:
    """Yes or no for one person; never how many factors, never which number."""

    has_factor: bool
    only_text_messages: bool
    is_suspended: bool
    name_to_confirm: bool
    is_resting: bool


def has_factor(account_id: Any) -> ColumnElement[bool]:
    """Whether that account (a column or a number) has any second factor."""
    return queries.any_factor(account_id)


def has_only_text_messages(account_id: Any) -> ColumnElement[bool]:
    """Whether it has telephones and nothing stronger: these people are shut out when SMS goes off."""
    return and_(
        exists().where(Telephone.account_id == account_id),
        not_(queries.any_factor(account_id, but=Telephone)),
    )


def is_suspended(account_id: Any, environment_key: str) -> ColumnElement[bool]:
    """Whether a suspension of it is open in that environment."""
    return exists().where(
        Suspension.account_id == account_id,
        Suspension.environment_key == environment_key,
        Suspension.lifted_at.is_(None),
    )


def name_waits(account_id: Any) -> ColumnElement[bool]:
    """Whether a change of its name waits to be confirmed."""
    return exists().where(NameChange.account_id == account_id, NameChange.confirmed_at.is_(None))


def signing_rests(account_id: Any) -> ColumnElement[bool]:
    """Whether «may sign» rests: a changed name waits, or a suspension was lifted a short while ago, anywhere.

    Not per environment: who just came back from PANIC is not yet trusted with a signature in any of them.
    """
    lifted = exists().where(Suspension.account_id == account_id, Suspension.signing_rests_until > clock.now())
    return or_(name_waits(account_id), is_resting(account_id), lifted)


def is_resting(account_id: Any) -> ColumnElement[bool]:
    """Whether a recovery code was used less than a day ago and nobody has vouched since."""
    since = clock.now() - RECOVERY_REST
    return exists().where(Account.id == account_id, Account.recovered_at > since)


def of_people(ids: Collection[int], environment_key: str) -> dict[int, Standing]:
    """The standing of each of these accounts in that environment, in one statement."""
    parts = (
        has_factor(Account.id),
        has_only_text_messages(Account.id),
        is_suspended(Account.id, environment_key),
        name_waits(Account.id),
        func.coalesce(Account.recovered_at > clock.now() - RECOVERY_REST, false()),
    )
    rows = db.session.execute(select(Account.id, *parts).where(Account.id.in_(ids)))
    return {row[0]: Standing(*(bool(value) for value in row[1:])) for row in rows}


def open_suspension(account_id: int, environment_key: str) -> Suspension | None:
    """The open suspension of that account in that environment."""
    return db.session.scalar(
        select(Suspension).where(
            Suspension.account_id == account_id,
            Suspension.environment_key == environment_key,
            Suspension.lifted_at.is_(None),
        )
    )


def waiting_name(account_id: int) -> NameChange | None:
    """The newest change of name that nobody has confirmed."""
    own = select(NameChange).where(NameChange.account_id == account_id, NameChange.confirmed_at.is_(None))
    return db.session.scalar(own.order_by(NameChange.id.desc()).limit(1))


def signing_rests_until(account_id: int, environment_key: str) -> datetime | None:
    """Until when «may sign» rests after a suspension was lifted, None when it does not."""
    latest = select(func.max(Suspension.signing_rests_until)).where(
        Suspension.account_id == account_id, Suspension.environment_key == environment_key
    )
    until = db.session.scalar(latest)
    return until if until is not None and until > clock.now() else None
