"""What a person does with long work once it was begun: look at it, stop it."""

from __future__ import annotations

from collections.abc import Iterable

from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise, authorise_to_see
from portal.audit import trail, work_events
from portal.database import db
from portal.work import ledger
from portal.work.ledger import Facts
from portal.work.models import Work
from portal.workflow import NotThere


def begin(kind: str, actor: Actor, parameters: Facts, items: Iterable[Facts]) -> Work:
    """Put work that the caller has authorised, with its event; the worker begins after the caller's commit."""
    work = ledger.begin(kind, actor, parameters, items)
    trail.record(work_events.WorkBegun(work.id, kind, work.total), actor)
    return work


def work_to_read(work_id: int, actor: Actor) -> Work:
    """The work, for the person who began it; raises NotThere, Hidden."""
    work = ledger.work_by_id(work_id)
    if work is None:
        raise NotThere
    authorise_to_see(actor, Action.WORK_READ, OwnAccount(work.account_id))
    return work


def stop_work(work_id: int, actor: Actor) -> bool:
    """Stop it between two items; False when it had ended. Raises NotThere, Hidden."""
    work = work_to_read(work_id, actor)
    authorise(actor, Action.WORK_STOP, OwnAccount(work.account_id))
    stopped = ledger.stop(work.id)
    if stopped:
        trail.record(work_events.WorkStopped(work.id, work.kind), actor)
    db.session.commit()
    return stopped
