"""Runs long work: claims it, does it item by item as the person who began it, with the rights of that moment."""

from __future__ import annotations

import time

import structlog

from portal import clock, config
from portal.access.actor import Actor
from portal.audit.trail import new_correlation
from portal.certificates.models import SigningIntent
from portal.database import db
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.identity import queries as identity
from portal.roles import queries as roles
from portal.vocabulary import Assurance, Method
from portal.web import current
from portal.work import ledger
from portal.work.ledger import Handler, ItemRefused, Outcome
from portal.work.models import Work, WorkItem
from portal.work.states import ItemState

log = structlog.get_logger()
HANDLERS: dict[str, Handler] = {}
HELD_SECONDS, PAUSE_SECONDS = 0.3, 0.15
"""SQLite has one writer and no queue: who waits looks every tenth of a second, and would never find it free."""


def register(*handlers: Handler) -> None:
    """One handler for each kind of work."""
    HANDLERS.update({handler.kind: handler for handler in handlers})


def run_due() -> int:
    """Run all work that nobody has, in every environment; returns how many items were tried."""
    tried = 0
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            for work_id in ledger.due_ids():
                tried += _run(work_id)
    return tried


def _run(work_id: int) -> int:
    work = ledger.claim(work_id)
    if work is None:
        return 0
    new_correlation()
    handler, tried, since = HANDLERS[work.kind], 0, time.monotonic()
    while items := ledger.waiting_items(work, handler.together):
        if handler.together == 1:
            _alone(handler, work, items[0])
        else:
            _together(handler, work, list(items))
        tried += len(items)
        since = _let_others_write(since)
    db.session.rollback()
    ledger.end(work_id)
    db.session.commit()
    return tried


def _let_others_write(since: float) -> float:
    """Rest between two transactions where the last rest is a while ago; since when the work goes on."""
    if db.engine.dialect.name != "sqlite" or time.monotonic() - since < HELD_SECONDS:
        return since
    time.sleep(PAUSE_SECONDS)
    return time.monotonic()


def actor_of(work: Work | SigningIntent) -> Actor:
    """The person as the rules see them now: roles and suspension of this moment, the factor as it was confirmed."""
    here, now = environment.current().value, clock.now()
    kind, held = roles.kind_held(work.account_id), roles.held_roles(work.account_id)
    acted_as = tuple(role for role in held if work.profile_id in (None, role.organisation_id))
    has_factor, is_suspended = identity.standing(work.account_id, here)
    return Actor(
        account_id=work.account_id,
        session_id=work.sign_in_id,
        assurance=Assurance(work.assurance),
        method=Method(work.method),
        # How fresh the factor was, was judged when the work was confirmed, which may be an hour ago.
        second_factor_at=now if work.assurance == Assurance.SECOND_FACTOR else None,
        has_factor=has_factor,
        is_suspended=is_suspended and kind is not None,
        holds_role_anywhere=roles.holds_role_anywhere(work.account_id),
        policy=current.method_policy(here),
        roles=acted_as,
        other_roles=tuple(role for role in held if role not in acted_as),
        kind=kind,
        strict_validators=config.current().validators == "strict",
    )


def _alone(handler: Handler, work: Work, item: WorkItem) -> None:
    """The service commits; what became of the item is in the same transaction, so that it is never done twice."""
    work_id, item_id = work.id, item.id
    ledger.mark(item, ItemState.DONE, "done", {})
    ledger.counted(work_id, 1, 0)
    try:
        outcome = handler.step(actor_of(work), ledger.parameters_of(work), ledger.payload_of(item))
        _say(item, outcome)
        db.session.commit()
    except Exception as error:  # one item that cannot be done must not stop the others
        db.session.rollback()
        _refuse(work_id, item_id, error)
        db.session.commit()


def _together(handler: Handler, work: Work, items: list[WorkItem]) -> None:
    """Many items in one transaction, each in a savepoint of its own."""
    work_id, person, parameters = work.id, actor_of(work), ledger.parameters_of(work)
    done = 0
    for item in items:
        try:
            with db.session.begin_nested():
                outcome = handler.step(person, parameters, ledger.payload_of(item))
                ledger.mark(item, ItemState.DONE, outcome.word, outcome.facts, outcome.subject_id)
            done += 1
        except Exception as error:
            _mark_refused(item, error)
    ledger.counted(work_id, done, len(items) - done)
    db.session.commit()


def _say(item: WorkItem, outcome: Outcome) -> None:
    ledger.mark(item, ItemState.DONE, outcome.word, outcome.facts, outcome.subject_id)


def _refuse(work_id: int, item_id: int, error: Exception) -> None:
    item = db.session.get(WorkItem, item_id, populate_existing=True)
    assert item is not None  # noqa: S101 - items go with their work only
    if item.state == ItemState.WAITING:
        _mark_refused(item, error)
        ledger.counted(work_id, 0, 1)


def _mark_refused(item: WorkItem, error: Exception) -> None:
    if isinstance(error, ItemRefused):
        ledger.mark(item, ItemState.REFUSED, error.word, error.facts)
        return
    log.error("item of work failed", item=item.id, exc_info=error)
    ledger.mark(item, ItemState.REFUSED, "failed", {})
