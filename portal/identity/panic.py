"""PANIC: every factor goes, every session ends, the person is suspended in every environment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.access.rules import has_a_fresh_second_factor
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity import factors, links, queries, registration
from portal.identity.factor_models import (
    Authenticator,
    Eid,
    FactorChallenge,
    MobileDevice,
    RecoveryCode,
    SecurityKey,
)
from portal.identity.models import Account, Challenge, SignIn, Telephone
from portal.identity.states import ChallengeState, EndReason, LinkPurpose, SuspensionReason
from portal.identity.suspending import Circumstances, suspend_everywhere
from portal.limits import ledger, rates
from portal.messages import outbox, security_notices


def press(network: str, browser: str, actor: Actor) -> bool:
    """With a fresh second factor at once (True); with less a link goes to the mailbox, which does it (False)."""
    authorise(actor, Action.ACCOUNT_PANIC, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    if _is_done_already(actor):
        return True
    if has_a_fresh_second_factor(actor):
        _carry_out(account, Circumstances(0, network, browser))
        return True
    ledger.take(rates.LINKS_PER_ACCOUNT, str(account.id))
    link, not_me = (
        links.make_link(purpose, account=account) for purpose in (LinkPurpose.PANIC, LinkPurpose.NOT_ME)
    )
    message = security_notices.PanicLink(account.first_name, account.last_name, link.id, not_me.id)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    trail.record(factor_events.PanicAsked(account.id, link.id), actor)
    db.session.commit()
    return False


def _is_done_already(actor: Actor) -> bool:
    # Asked under the lock: the same button pressed in another window of this session ended it.
    reason = db.session.scalar(select(SignIn.end_reason).where(SignIn.id == actor.session_id))
    return reason == EndReason.PANIC


def follow(token: str, network: str, browser: str, browser_token: str) -> None:
    """The button behind the link in the mailbox. Raises LinkUnknown, LinkNotGood."""
    link = links.good_link(token, frozenset({LinkPurpose.PANIC}), browser_token)
    if link.account_id is None:
        raise links.LinkUnknown
    account = factors.locked_account(link.account_id)
    links.use_link(link)
    _carry_out(account, Circumstances(0, network, browser))


def _carry_out(account: Account, seen: Circumstances) -> None:
    count = queries.factor_count(account.id)
    for table in (Telephone, MobileDevice, Authenticator, SecurityKey, Eid, RecoveryCode):
        own: Any = table
        db.session.execute(delete(own).where(own.account_id == account.id))
    _end_challenges(account.id)
    registration.end_all_sign_ins(account.id, EndReason.PANIC)
    suspend_everywhere(account.id, SuspensionReason.PANIC, Circumstances(count, seen.network, seen.browser))
    trail.record(factor_events.PanicPressed(account.id, count), account_id=account.id)
    when = clock.now().isoformat(timespec="seconds")
    notice = security_notices.PanicDoneNotice(account.first_name, account.last_name, when)
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))
    db.session.commit()


def _end_challenges(account_id: int) -> None:
    for table in (Challenge, FactorChallenge):
        any_table: Any = table
        db.session.execute(
            update(any_table)
            .where(any_table.account_id == account_id, any_table.state == ChallengeState.OPEN)
            .values(state=ChallengeState.DEAD.value)
        )
