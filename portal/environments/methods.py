"""The method policy of an environment: the settings are the outer limit, the Commission's decision narrows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal import clock, config
from portal.database import db
from portal.environments.models import PolicyVersion
from portal.vocabulary import Method

WHY_UNSCOPED = "the sign-in asks for the policy of the environment it leads to, which the statement names"


class SmsWord(StrEnum):
    """What is said of text messages: accepted, accepted with a warning, or off from a day."""

    ALLOWED = "allowed"
    DISCOURAGED = "discouraged"
    OFF = "off"


@dataclass(frozen=True)
class Policy:
    """One decision of the Commission; no methods means as the settings say."""

    version: int
    applies_from: date
    required_from: date | None = None
    access_methods: frozenset[Method] = frozenset()
    decision_methods: frozenset[Method] = frozenset()
    sms: SmsWord = SmsWord.ALLOWED
    sms_off_from: date | None = None

    def sms_ends(self) -> date | None:
        """The day from which text messages are off under it, None where they stay."""
        return (
            max(self.applies_from, self.sms_off_from or self.applies_from)
            if self.sms is SmsWord.OFF
            else None
        )


@dataclass(frozen=True)
class Accepted:
    """What an environment accepts on one day."""

    second_factor_required: bool
    methods: frozenset[Method]
    decision_methods: frozenset[Method]
    sms: SmsWord


def versions_of(environment_key: str) -> list[Policy]:
    """The decision that holds today, if there is one, then those whose day is still to come, in their order."""
    today = clock.now().date()
    older = aliased(PolicyVersion)
    newest = (
        select(func.max(older.version))
        .where(older.environment == environment_key, older.applies_from <= today)
        .scalar_subquery()
    )
    query = (
        select(PolicyVersion)
        .where(PolicyVersion.environment == environment_key)
        .where(PolicyVersion.version >= func.coalesce(newest, 0))
        .order_by(PolicyVersion.version)
        .execution_options(unscoped=WHY_UNSCOPED)
    )
    return _without_overtaken([_plain(row) for row in db.session.scalars(query)], today)


def _plain(row: PolicyVersion) -> Policy:
    access, decisions = (_methods(words.split(",")) for words in (row.access_methods, row.decision_methods))
    word = SmsWord(row.sms)
    return Policy(row.version, row.applies_from, row.required_from, access, decisions, word, row.sms_off_from)


def _without_overtaken(rows: list[Policy], today: date) -> list[Policy]:
    # A later decision that applies earlier takes the place of the one before it.
    kept: list[Policy] = []
    for row in reversed(rows):
        if row.applies_from <= today or all(row.applies_from < other.applies_from for other in kept):
            kept.insert(0, row)
    return kept


def in_force(versions: list[Policy]) -> Policy | None:
    """The one of them that holds today."""
    today = clock.now().date()
    return next((row for row in versions if row.applies_from <= today), None)


def coming(versions: list[Policy]) -> list[Policy]:
    """Those whose day is still to come."""
    today = clock.now().date()
    return [row for row in versions if row.applies_from > today]


def accepted_under(policy: Policy | None, environment_key: str, day: date) -> Accepted:
    """What the environment accepts on that day under a decision of the Commission, or under the settings alone.

    Where decision and settings have no method in common the settings hold: nobody shall be shut out by two people who
    did not know of one another.
    """
    settings = config.current()
    access = _methods(settings.access_methods(environment_key, day))
    decisions = _methods(settings.decision_methods(environment_key, day))
    required = day >= settings.mfa_required_from
    if policy is None:
        return Accepted(required, access, decisions, SmsWord.ALLOWED)
    access = _narrowed(access, policy.access_methods, policy, day)
    decisions = _narrowed(decisions & access or access, policy.decision_methods, policy, day)
    earlier = policy.required_from is not None and day >= policy.required_from
    return Accepted(required or earlier, access, decisions, policy.sms)


def _narrowed(
    allowed: frozenset[Method], wanted: frozenset[Method], policy: Policy, day: date
) -> frozenset[Method]:
    chosen = allowed & wanted if wanted else allowed
    end = policy.sms_ends()
    if end is not None and day >= end:
        chosen -= {Method.SMS}
    return chosen or allowed


def sms_end(environment_key: str, versions: list[Policy]) -> date | None:
    """The day from which text messages no longer open that environment, by setting or decision, while it lies ahead."""
    today = clock.now().date()
    word = config.current().sms_policy(environment_key)
    days = [] if word in ("allowed", "off") else [date.fromisoformat(word)]
    days += [end for policy in versions if (end := policy.sms_ends()) is not None]
    return min((day for day in days if day > today), default=None)


def _methods(words: Iterable[str]) -> frozenset[Method]:
    return frozenset(Method(word) for word in words if word)
