"""Keeping a person out of every environment after the factors went; who lets them in again is decided by the roles."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from portal import clock, config
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity.factor_models import Suspension
from portal.identity.states import SuspensionReason


@dataclass(frozen=True)
class Circumstances:
    """What who lifts a suspension sees of it: how many factors went, and from where."""

    factors_removed: int
    network: str = ""
    browser: str = ""


def suspend_everywhere(account_id: int, reason: SuspensionReason, seen: Circumstances) -> None:
    """One open suspension in each environment, those that are there already stay; the account is locked by the caller.

    Commits nothing.
    """
    for key in config.ENVIRONMENTS:
        open_one = exists().where(
            Suspension.account_id == account_id,
            Suspension.environment_key == key,
            Suspension.lifted_at.is_(None),
        )
        if db.session.scalar(select(open_one)):
            continue
        row = Suspension(
            account_id=account_id, environment_key=key, reason=reason.value, suspended_at=clock.now(),
            factors_removed=seen.factors_removed, network=seen.network[:45], browser=seen.browser[:60],
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        trail.record(factor_events.PersonSuspended(account_id, row.id, reason.value), account_id=account_id)
