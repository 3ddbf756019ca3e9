"""The ledger of long work: begin it with a change, claim it for a worker, take it item by item, read its progress.

`service.begin` puts work in the caller's transaction; `jobs/working.py` runs it with the handler of its kind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import insert, or_, select, update

from portal import clock
from portal.access.actor import Actor
from portal.database import db, rows_changed
from portal.paging import Page, Place, read_page
from portal.work.models import Work, WorkItem
from portal.work.states import OPEN, ItemState, WorkState

LEASE = timedelta(minutes=2)
ROWS_AT_ONCE = 1000

Facts = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of an item that was done; `word` is translated by `labels.WORK_OUTCOMES`, facts fill its sentence."""

    word: str = "done"
    subject_id: int | None = None
    facts: Facts = field(default_factory=dict)


class ItemRefused(Exception):
    """The item cannot be done, for the reason `word`; nothing of it is stored."""

    def __init__(self, word: str, facts: Facts | None = None) -> None:
        super().__init__(word)
        self.word, self.facts = word, facts or {}


Step = Callable[[Actor, Facts, Facts], Outcome]


@dataclass(frozen=True)
class Handler:
    """How work of one kind is done: `step(actor, parameters, payload)` returns an Outcome or raises ItemRefused.

    With `together` = 1 the step commits itself, as services do; with more, it must not commit: so many items share
    one transaction, each in a savepoint of its own.
    """

    kind: str
    step: Step
    together: int = 1


def begin(kind: str, actor: Actor, parameters: Facts, items: Iterable[Facts]) -> Work:
    """Put work with its items, in the order given; commits nothing. The caller has authorised it and its freshness."""
    work = Work(
        kind=kind, account_id=actor.account_id, sign_in_id=actor.session_id, assurance=actor.assurance.value,
        method=actor.method.value, profile_id=_profile(actor), parameters=json.dumps(parameters), total=0,
        state=WorkState.WAITING.value, begun_at=clock.now(),
    )  # fmt: skip
    db.session.add(work)
    db.session.flush()
    positions = count(1)
    rows = iter(items)
    while values := [_item(work.id, next(positions), payload) for payload in islice(rows, ROWS_AT_ONCE)]:
        db.session.execute(insert(WorkItem), values)
        work.total += len(values)
    db.session.info["work_begun"] = True
    return work


def _profile(actor: Actor) -> int | None:
    """The organisation of the profile acted as, None for who has but one."""
    places = {role.organisation_id for role in actor.roles}
    return places.pop() if actor.other_roles and len(places) == 1 else None


def _item(work_id: int, position: int, payload: Facts) -> Facts:
    text = json.dumps(payload, ensure_ascii=False)
    return {"work_id": work_id, "position": position, "payload": text, "state": ItemState.WAITING.value}


def due_ids() -> list[int]:
    """Work of this environment that no worker has, oldest first: new, or left by a worker that was killed."""
    free = or_(Work.lease_until.is_(None), Work.lease_until < clock.now())
    query = select(Work.id).where(Work.state.in_(OPEN), free).order_by(Work.id)
    return list(db.session.scalars(query))


def claim(work_id: int) -> Work | None:
    """Take it for this worker by one conditional UPDATE; None when another one has it. Commits."""
    free = or_(Work.lease_until.is_(None), Work.lease_until < clock.now())
    taken = db.session.execute(
        update(Work)
        .where(Work.id == work_id, Work.state.in_(OPEN), free)
        .values(state=WorkState.RUNNING, lease_until=clock.now() + LEASE)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return db.session.get(Work, work_id, populate_existing=True) if rows_changed(taken) else None


def waiting_items(work: Work, at_most: int) -> Sequence[WorkItem]:
    """The next items in their order; none once the work was stopped."""
    own = WorkItem.work_id == work.id, WorkItem.state == ItemState.WAITING
    running = select(Work.id).where(Work.id == work.id, Work.state == WorkState.RUNNING).exists()
    query = select(WorkItem).where(*own, running).order_by(WorkItem.position).limit(at_most)
    return db.session.scalars(query).all()


def payload_of(item: WorkItem) -> Facts:
    """The facts of an item as they were put."""
    found: Facts = json.loads(item.payload)
    return found


def parameters_of(work: Work) -> Facts:
    """The facts that all items share."""
    found: Facts = json.loads(work.parameters)
    return found


def facts_of(item: WorkItem) -> Facts:
    """What the sentence of its outcome is filled with."""
    found: Facts = json.loads(item.facts)
    return found


def mark(item: WorkItem, state: ItemState, word: str, facts: Facts, subject_id: int | None = None) -> None:
    """Write what became of the item into the open transaction; commits nothing."""
    item.state, item.outcome, item.subject_id = state.value, word, subject_id
    item.facts = json.dumps(facts, ensure_ascii=False)


def counted(work_id: int, done: int, refused: int) -> None:
    """Add to the counts of the work and hold it a while longer; commits nothing."""
    db.session.execute(
        update(Work)
        .where(Work.id == work_id)
        .values(done=Work.done + done, refused=Work.refused + refused, lease_until=clock.now() + LEASE)
        .execution_options(synchronize_session=False)
    )


def end(work_id: int) -> bool:
    """All items were tried; False when it was stopped meanwhile. Commits nothing."""
    return _end(work_id, {WorkState.RUNNING}, WorkState.DONE)


def stop(work_id: int) -> bool:
    """The rest is left undone; False when it had ended. Commits nothing."""
    return _end(work_id, OPEN, WorkState.STOPPED)


def _end(work_id: int, sources: Iterable[WorkState], target: WorkState) -> bool:
    ended = db.session.execute(
        update(Work)
        .where(Work.id == work_id, Work.state.in_(list(sources)))
        .values(state=target, ended_at=clock.now(), lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(ended) == 1


def work_by_id(work_id: int) -> Work | None:
    """The work of this environment, as the database has it now."""
    return db.session.get(Work, work_id, populate_existing=True)


def own_work(account_id: int, at_most: int = 25) -> Sequence[Work]:
    """The newest work of a person here."""
    own = select(Work).where(Work.account_id == account_id)
    return db.session.scalars(own.order_by(Work.id.desc()).limit(at_most)).all()


def items_of(work_id: int, state: ItemState | None = None, place: Place = Place()) -> Page[WorkItem]:  # noqa: B008
    """The items with their results, in their order, page by page."""
    query = select(WorkItem).where(WorkItem.work_id == work_id)
    if state is not None:
        query = query.where(WorkItem.state == state)
    return read_page(query, WorkItem.position, WorkItem.id, place)


def every_item(work_id: int, state: ItemState | None = None) -> Iterator[WorkItem]:
    """All items in their order, read in pieces: for a report to download."""
    position = 0
    while True:
        query = select(WorkItem).where(WorkItem.work_id == work_id, WorkItem.position > position)
        if state is not None:
            query = query.where(WorkItem.state == state)
        rows = db.session.scalars(query.order_by(WorkItem.position).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        yield from rows
        position = rows[-1].position
