"""Files that come in: read, checked row by row without storing, then imported by the worker; each row alone."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from os import SEEK_END
from typing import IO

from sqlalchemy import func, insert, literal, select

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, may
from portal.access.rules_exchange import names_imported
from portal.audit import exchange_events, trail
from portal.database import db, only_reading, rows_changed
from portal.exchange import authorities, control_bodies, operators
from portal.exchange.formats import BYTES_AT_MOST, BadFile, Cells, Format, Kind, checked_cells, rows_of_file
from portal.limits import ledger as limits
from portal.limits.rates import IMPORTS_PER_ACCOUNT
from portal.work import ledger, service
from portal.work.ledger import Facts, Handler, ItemRefused, Outcome
from portal.work.models import Work, WorkItem
from portal.work.states import ItemState, WorkState
from portal.workflow import NotThere

TOGETHER = 25
"""Rows that share a transaction: on SQLite nobody else writes meanwhile."""
FIRST_PROBLEMS = 20
PIECE = 64 * 1024
ONCE_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Register:
    """One kind of file: who may bring it, its columns, and what is done with a row."""

    action: Action
    form: Format
    put: Callable[[Actor, Facts, Cells], Outcome]

    @property
    def check_kind(self) -> str:
        """The kind of work that looks at every row and stores nothing."""
        return f"check-{self.form.kind}"

    @property
    def import_kind(self) -> str:
        """The kind of work that does what the rows say."""
        return f"import-{self.form.kind}"


REGISTERS = {
    Kind.OPERATORS: Register(Action.OPERATOR_IMPORT, operators.FORMAT, operators.put),
    Kind.AUTHORITIES: Register(Action.AUTHORITY_IMPORT, authorities.AUTHORITIES, authorities.put_authority),
    Kind.POSTS: Register(Action.AUTHORITY_IMPORT, authorities.POSTS, authorities.put_post),
    Kind.CONTROL_BODIES: Register(Action.CONTROL_BODY_IMPORT, control_bodies.FORMAT, control_bodies.put),
}
BY_CHECK = {register.check_kind: register for register in REGISTERS.values()}
BY_IMPORT = {register.import_kind: register for register in REGISTERS.values()}


class SentTwice(Exception):
    """The same person sent the same file in the same minute: a button pressed twice."""


class NotChecked(Exception):
    """The check of the file has not ended, or an import was begun with it already."""


@dataclass(frozen=True)
class Counts:
    """How many rows came to each result: done ones by word, and how many were refused."""

    by_word: dict[str, int]
    refused: int
    total: int

    @property
    def acceptable(self) -> int:
        """Rows that can be imported."""
        return sum(self.by_word.values())


def registers_for(actor: Actor) -> list[Register]:
    """The kinds of file the actor may bring."""
    return [register for register in REGISTERS.values() if may(actor, register.action)]


def names_for(kind: Kind, actor: Actor) -> frozenset[int]:
    """In whose name the actor brings such a file; raises Refused, StepUpNeeded."""
    authorise(actor, REGISTERS[kind].action)
    return names_imported(actor, REGISTERS[kind].action)


def begin_check(kind: Kind, organisation_id: int, stream: IO[bytes], actor: Actor) -> Work:
    """Put every row of the file for a check by the worker; raises Refused, TooMany, BadFile, SentTwice."""
    register = REGISTERS[kind]
    _authorise(register, organisation_id, actor)
    if stream.seek(0, SEEK_END) > BYTES_AT_MOST:
        raise BadFile("size")
    stream.seek(0)
    sent = f"{clock.now():%Y%m%d%H%M}-{_digest(stream)}"
    with tempfile.TemporaryFile("w+", encoding="utf-8") as rows:
        db.session.commit()  # reading the file takes seconds: nobody shall wait for a transaction meanwhile
        with only_reading():
            _set_down(stream, register.form, rows)
        limits.take(IMPORTS_PER_ACCOUNT, str(actor.account_id))
        if not limits.spend(f"check-{kind}-{organisation_id}-{actor.account_id}-{sent}", ONCE_FOR):
            db.session.rollback()
            raise SentTwice
        work = service.begin(
            register.check_kind, actor, {"organisation_id": organisation_id}, map(json.loads, rows)
        )
        db.session.commit()
    return work


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()


def _authorise(register: Register, organisation_id: int, actor: Actor) -> None:
    authorise(actor, register.action)
    if organisation_id not in names_imported(actor, register.action):
        raise NotThere


def _set_down(stream: IO[bytes], form: Format, rows: IO[str]) -> None:
    for row in rows_of_file(stream, form):
        label = " · ".join(filter(None, (row.cells.get(name, "") for name in form.key)))[:120]
        links = {"repeats": row.repeats, "follows": row.follows}
        payload = {"label": label, "row": row.number, "cells": row.cells, **links}
        rows.write(json.dumps(payload, ensure_ascii=False) + "\n")
    rows.seek(0)


def check(register: Register, actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """What would become of the row; what was done for it is undone again. Raises ItemRefused."""
    try:
        with db.session.begin_nested() as trial:
            outcome = take_in(register, actor, parameters, payload)
            trial.rollback()
    except ItemRefused as refused:
        if refused.word == "row-superior-missing" and payload["follows"]:
            return Outcome("would-row-follow", None, {"other": payload["follows"]})
        raise
    return Outcome(f"would-{outcome.word}", None, outcome.facts)


def take_in(register: Register, actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """Do what the row says, without commit; raises ItemRefused."""
    if payload["repeats"]:
        raise ItemRefused("row-repeats", {"other": payload["repeats"]})
    return register.put(actor, parameters, checked_cells(payload["cells"], register.form))


def handlers() -> Iterator[Handler]:
    """What the worker needs to run checks and imports."""
    for register in REGISTERS.values():
        yield Handler(register.check_kind, partial(check, register), TOGETHER)
        yield Handler(register.import_kind, partial(take_in, register), TOGETHER)


def begin_import(check_id: int, actor: Actor) -> Work:
    """Import every row of a file that was checked; raises NotThere, Hidden, Refused, NotChecked."""
    checked = service.work_to_read(check_id, actor)
    register = BY_CHECK.get(checked.kind)
    if register is None:
        raise NotThere
    parameters = ledger.parameters_of(checked)
    _authorise(register, int(parameters["organisation_id"]), actor)
    once = limits.spend(f"import-of-{checked.environment}-{checked.id}", ONCE_FOR)
    if checked.state != WorkState.DONE or not once or counts_of(checked).acceptable == 0:
        db.session.rollback()
        raise NotChecked
    work = service.begin(register.import_kind, actor, {**parameters, "check": checked.id}, ())
    work.total = _copy_items(checked, work)
    organisation_id = int(parameters["organisation_id"])
    begun = exchange_events.ImportBegun(work.id, register.import_kind, organisation_id, work.total)
    trail.record(begun, actor)
    db.session.commit()
    return work


def _copy_items(checked: Work, work: Work) -> int:
    """In one statement: two hundred thousand rows by way of Python would hold up everybody else."""
    mine = WorkItem.work_id == checked.id, WorkItem.environment == checked.environment
    names = ("environment", "work_id", "position", "payload", "state", "outcome", "facts")
    waiting = literal(ItemState.WAITING.value), literal(""), literal("{}")
    rows = select(WorkItem.environment, literal(work.id), WorkItem.position, WorkItem.payload, *waiting)
    copied = db.session.execute(
        insert(WorkItem.__table__).from_select(names, rows.where(*mine)),  # type: ignore[arg-type]
        execution_options={"unscoped": "both the rows read and the rows written name their environment"},
    )
    return rows_changed(copied)


def exchange_to_read(work_id: int, actor: Actor) -> tuple[Work, Register]:
    """A check or an import with its register, for who began it; raises NotThere, Hidden."""
    work = service.work_to_read(work_id, actor)
    register = BY_CHECK.get(work.kind) or BY_IMPORT.get(work.kind)
    if register is None:
        raise NotThere
    return work, register


def counts_of(work: Work) -> Counts:
    """How many rows came to which result so far."""
    query = select(WorkItem.state, WorkItem.outcome, func.count()).where(WorkItem.work_id == work.id)
    rows = db.session.execute(query.group_by(WorkItem.state, WorkItem.outcome)).all()
    done = {word: number for state, word, number in rows if state == ItemState.DONE}
    refused = sum(number for state, _word, number in rows if state == ItemState.REFUSED)
    return Counts(done, refused, work.total)


def first_problems(work: Work) -> list[WorkItem]:
    """The first rows that were refused."""
    query = select(WorkItem).where(WorkItem.work_id == work.id, WorkItem.state == ItemState.REFUSED)
    return list(db.session.scalars(query.order_by(WorkItem.position).limit(FIRST_PROBLEMS)))
