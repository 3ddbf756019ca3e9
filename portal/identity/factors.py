"""What is the same for every kind of second factor when it comes and goes: lock, rule asked anew, event, mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from portal import clock
from portal.access.actor import Actor
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity import links, queries, sign_in
from portal.identity.models import Account
from portal.identity.states import LinkPurpose
from portal.messages import outbox
from portal.messages.catalogue import Message


class LastFactor(Exception):
    """The account holds a role: its last second factor cannot go."""


class NotThere(Exception):
    """No such factor or session on this account."""


def locked_account(account_id: int) -> Account:
    """The account, locked until the commit: what is decided about its factors waits for one another."""
    own = select(Account).where(Account.id == account_id).with_for_update()
    return db.session.scalars(own.execution_options(populate_existing=True)).one()


def as_it_stands(actor: Actor) -> Actor:
    """The actor with what holds now, under the lock: of two browsers without factor the second shows the first's."""
    return replace(actor, has_factor=queries.has_factor(actor.account_id))


def added(kind: str, factor_id: int, now: Actor) -> str | None:
    """Record a new factor; `now` is the actor as it stood before. Returns the session's new token for a first one.

    Commits nothing.
    """
    trail.record(factor_events.FactorAdded(now.account_id, kind, factor_id, not now.has_factor), now)
    return None if now.has_factor else sign_in.first_factor_added(now.session_id)


def check_may_go(actor: Actor) -> None:
    """Raise LastFactor where a factor that stands on the account now is the last one of a person who holds a role."""
    if actor.holds_role_anywhere and queries.factor_count(actor.account_id) == 1:
        raise LastFactor


def tell(account: Account, notice: Callable[..., Message], name: str) -> None:
    """A mail about the factor of that name, with a «this was not me» link; `notice` takes first name, last name, name,
    ISO time and link id. Commits nothing."""
    link = links.make_link(LinkPurpose.NOT_ME, account=account)
    when = clock.now().isoformat(timespec="seconds")
    message = notice(account.first_name, account.last_name, name, when, link.id)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
