"""Seals committed events: each gets the next position of its chain and a hash that holds all before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, crypto
from portal.audit import verifier
from portal.audit.chains import PURPOSE, is_in
from portal.audit.models import AuditEvent, AuditHead, AuditRoot, AuditSubject
from portal.audit.subjects import Concerned
from portal.audit.verifier import NOTHING, Tree
from portal.database import db

BATCH = 1000
Overseers = Callable[[Collection[Concerned]], Mapping[Concerned, frozenset[int]]]
"""Says which organisations may see what concerns an organisation or a person, at this moment."""
COLUMNS = (*(getattr(AuditEvent, name) for name in verifier.FIELDS if name not in ("chain", "position")),)


def seal_batch(chain: str, overseers: Overseers) -> int:
    """Seal the oldest events of the chain that have no seal, and the day before when it is over; how many events.

    An event that commits late is sealed late: it takes the next position when it is first seen, so nothing is waited
    for and nothing is passed over. What it builds on had committed before it began, and stands before it.
    """
    head = _locked_head(chain)
    if head is None:
        db.session.rollback()
        return 0
    _close_day(head, clock.now().date())
    unsealed = select(*COLUMNS).where(is_in(chain), AuditEvent.seal_position.is_(None))
    rows = [dict(row) for row in db.session.execute(unsealed.order_by(AuditEvent.id).limit(BATCH)).mappings()]
    if rows:
        _chain_up(head, rows)
        _list_up(chain, rows, overseers)
    _sign(head)
    db.session.commit()
    return len(rows)


def _locked_head(chain: str) -> AuditHead | None:
    """The chain's head, held until the commit; None while another worker seals (PostgreSQL: its row is locked).

    On SQLite the transaction began with the write lock, so nobody else writes.
    """
    query = select(AuditHead).where(AuditHead.chain == chain)
    held = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    head = db.session.scalars(held).one_or_none()
    if head is not None or db.session.scalars(query).one_or_none() is not None:
        return head
    head = AuditHead(
        chain=chain, position=0, seal_hash=NOTHING, day=clock.now().date(), day_first=1, frontier="[]",
        root_hash=NOTHING, sealed_at=clock.now(), public_key="", signature="",
    )  # fmt: skip
    db.session.add(head)
    try:
        db.session.flush()
    except IntegrityError:  # another worker made it in the same moment
        return None
    return head


def _close_day(head: AuditHead, today: date) -> None:
    """When the head's day is over, what was sealed on it gets its root; a day without events gets none."""
    if head.day >= today:
        return
    if head.position >= head.day_first:
        root = AuditRoot(
            chain=head.chain, day=head.day, first_position=head.day_first, last_position=head.position,
            tree_hash=Tree(json.loads(head.frontier)).top(), seal_hash=head.seal_hash,
            previous_hash=head.root_hash,
        )  # fmt: skip
        root.root_hash = verifier.root_of(root_fields(root))
        root.public_key, root.signature = crypto.sign(PURPOSE, root.root_hash)
        db.session.add(root)
        head.root_hash = root.root_hash
    head.day, head.day_first, head.frontier = today, head.position + 1, "[]"


def _chain_up(head: AuditHead, rows: Sequence[dict[str, Any]]) -> None:
    tree, seals = Tree(json.loads(head.frontier)), []
    for row in rows:
        head.position += 1
        leaf = verifier.leaf_of(event_fields(row, head.chain, head.position))
        head.seal_hash = verifier.link_of(head.seal_hash, leaf)
        tree.add(leaf)
        seals.append({"id": row["id"], "seal_position": head.position, "seal_hash": head.seal_hash})
    db.session.execute(update(AuditEvent), seals)
    head.frontier = json.dumps(tree.kept())
    head.sealed_at = clock.now()


def _list_up(chain: str, rows: Sequence[dict[str, Any]], overseers: Overseers) -> None:
    about = {row["id"]: Concerned(row["organisation_id"], row["account_id"]) for row in rows}
    seen_by = overseers(set(about.values()))
    lists: list[dict[str, Any]] = []
    for row in rows:
        common = {
            "chain": chain,
            "occurred_at": row["occurred_at"],
            "event_id": row["id"],
            "name": row["name"],
        }
        people = {row["actor_account_id"], row["account_id"]} - {None}
        lists += [common | {"kind": "person", "subject_id": number} for number in people]
        organisations = seen_by.get(about[row["id"]], frozenset())
        lists += [common | {"kind": "organisation", "subject_id": number} for number in organisations]
    if lists:
        db.session.execute(insert(AuditSubject), lists)


def _sign(head: AuditHead) -> None:
    head.public_key, head.signature = crypto.sign(PURPOSE, head_text(head))


def event_fields(row: Mapping[str, Any], chain: str, position: int) -> dict[str, Any]:
    """An event as it is hashed: its columns, its chain and its place in it."""
    moment = row["occurred_at"].isoformat(timespec="microseconds")
    return {**row, "occurred_at": moment, "chain": chain, "position": position}


def root_fields(root: AuditRoot) -> dict[str, Any]:
    """A root as it is hashed and shown."""
    return {name: getattr(root, name) for name in verifier.ROOT_FIELDS} | {"day": root.day.isoformat()}


def head_text(head: AuditHead) -> str:
    """What is signed of a head: how far the chain goes, and the last root."""
    return f"{head.chain} {head.position} {head.seal_hash} {head.day_first} {head.root_hash}"
