"""The Commission's decision about second factors: narrower than the settings, never one that shuts its author out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import notice_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.environments.methods import Policy, SmsWord
from portal.environments.models import PolicyVersion
from portal.identity import eids
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.messages import outbox
from portal.messages.commission_notices import PolicyChangedNotice
from portal.notices import telling
from portal.notices.announcing import ChangedMeanwhile
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import Method

TOLD_AT_ONCE = 500


@dataclass(frozen=True)
class PolicyWish:
    """What a Commission administrator wants; every method ticked means as the settings say."""

    applies_from: date
    access_methods: frozenset[Method]
    decision_methods: frozenset[Method]
    sms: SmsWord
    sms_off_from: date | None = None
    required_from: date | None = None


class AppliesInThePast(Exception):
    """The day lies before today."""


class NoMethodLeft(Exception):
    """On `day` no method would open the environment, or none would decide."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class ShutsOutItsAuthor(Exception):
    """On `day` the author could not come back to change it: none of the own factors would be accepted."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def newest_version() -> int:
    """The number of the newest decision in the current environment, 0 before the first."""
    return db.session.scalar(select(func.max(PolicyVersion.version))) or 0


def set_policy(wish: PolicyWish, version: int, actor: Actor) -> PolicyVersion:
    """Keep a new decision after `version`, the newest one that the page knew, and tell the Commission's administrators.

    Raises AppliesInThePast, NoMethodLeft, ShutsOutItsAuthor, ChangedMeanwhile; nothing was changed then.
    """
    authorise(actor, Action.ENVIRONMENT_SWITCH, None)
    _check(wish, version, actor)
    row = PolicyVersion(
        version=version + 1, applies_from=wish.applies_from, required_from=wish.required_from,
        access_methods=_words(wish.access_methods), decision_methods=_words(wish.decision_methods),
        sms=wish.sms.value, sms_off_from=wish.sms_off_from, set_by=actor.account_id, set_at=clock.now(),
    )  # fmt: skip
    if newest_version() != version:
        raise ChangedMeanwhile
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise ChangedMeanwhile from None
    trail.record(notice_events.MethodPolicySet(row.id, row.version), actor)
    telling.tell_of_policy(actor, wish.applies_from)
    db.session.commit()
    return row


def _words(chosen: frozenset[Method]) -> str:
    return ",".join(sorted(chosen))


def _check(wish: PolicyWish, version: int, actor: Actor) -> None:
    if wish.applies_from < clock.now().date():
        raise AppliesInThePast
    policy = Policy(
        version + 1, wish.applies_from, wish.required_from, wish.access_methods, wish.decision_methods, wish.sms,
        wish.sms_off_from,
    )  # fmt: skip
    own, key = factors_of(actor.account_id), environment.current().value
    for day in sorted({wish.applies_from, policy.sms_ends() or wish.applies_from}):
        access, decisions = _left(policy, key, day)
        if not access or not decisions:
            raise NoMethodLeft(day)
        if not own & access or not own & decisions:
            raise ShutsOutItsAuthor(day)


def _left(policy: Policy, key: str, day: date) -> tuple[frozenset[Method], frozenset[Method]]:
    settings, end = config.current(), policy.sms_ends()
    gone = frozenset({Method.SMS}) if end is not None and day >= end else frozenset()
    access = (policy.access_methods - gone) & {Method(word) for word in settings.access_methods(key, day)}
    decisions = policy.decision_methods & access
    return access, decisions & {Method(word) for word in settings.decision_methods(key, day)}


def factors_of(account_id: int) -> frozenset[Method]:
    """The methods for which that account has a factor."""
    devices, apps = identity.devices_of(account_id), identity.authenticators_of(account_id)
    linked = eids.eids_of(account_id) if config.current().oidc_providers else ()
    owned: dict[Method, Collection[object]] = {
        Method.SMS: identity.telephones_of(account_id),
        Method.APP_QR: [*devices, *apps],
        Method.APP_PIN: devices,
        Method.SECURITY_KEY: identity.security_keys_of(account_id),
        Method.EID: linked,
    }
    return frozenset(method for method, rows in owned.items() if rows)


def tell_people() -> int:
    """Tell the next five hundred people of a decision that not all know; returns how many. Commits.

    How far it got is in the same transaction as the messages: a worker that dies tells nobody twice and forgets nobody.
    """
    waiting = select(PolicyVersion).where(PolicyVersion.told_at.is_(None)).order_by(PolicyVersion.version)
    policy = db.session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
    if policy is None:
        db.session.rollback()
        return 0
    people = db.session.scalars(_people_after(policy.told_to)).all()
    outbox.put_each(
        (_notice(policy, one), outbox.Recipient(one.email, one.language, one.id)) for one in people
    )
    done = update(PolicyVersion).where(PolicyVersion.id == policy.id, PolicyVersion.told_to == policy.told_to)
    values = {"told_to": people[-1].id} if people else {"told_at": clock.now()}
    if not rows_changed(db.session.execute(done.values(**values))):
        db.session.rollback()
        return 0
    db.session.commit()
    return len(people)


def _people_after(account_id: int) -> Select[Account]:
    held = select(Role.account_id).where(Role.state == RoleState.VALID, Role.account_id > account_id)
    return select(Account).where(Account.id.in_(held)).order_by(Account.id).limit(TOLD_AT_ONCE)


def _notice(policy: PolicyVersion, person: Account) -> PolicyChangedNotice:
    day, path = telling.moment_of(policy.applies_from), f"/{environment.current().value}/news"
    without = policy.sms == SmsWord.OFF
    return PolicyChangedNotice(person.first_name, person.last_name, day, without, path)
