"""Computes a chain anew from its beginning and says where the trail is not what was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal import crypto
from portal.audit import sealing, verifier
from portal.audit.chains import PURPOSE, is_in
from portal.audit.models import AuditEvent, AuditHead, AuditRoot
from portal.audit.verifier import NOTHING, Tree
from portal.database import db

ROWS = 2000
MOST_FINDINGS = 20


@dataclass
class Report:
    """What was found in one chain; `wrong` is empty where every event is as it was sealed."""

    chain: str
    position: int = 0
    roots: int = 0
    unsealed: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Walk:
    """Where the walk along the chain stands."""

    report: Report
    known_keys: list[str]
    seal: str = NOTHING
    root: str = NOTHING
    first: int = 1
    tree: Tree = field(default_factory=Tree)

    def wrong(self, sentence: str) -> None:
        if len(self.report.wrong) < MOST_FINDINGS:
            self.report.wrong.append(sentence)


def verify_chain(chain: str, published: Mapping[str, str] | None = None) -> Report:
    """Walk along one chain, holding a few rows at a time; `published` has root hashes by day that were kept outside."""
    walk = _Walk(Report(chain), crypto.public_keys(PURPOSE))
    by_day = dict(published or {})
    roots = _roots(chain)
    root = next(roots, None)
    for event in _events(chain):
        _check_event(walk, event)
        while root is not None and root.last_position <= walk.report.position:
            _check_root(walk, root, by_day.pop(root.day.isoformat(), None))
            root = next(roots, None)
    for left in [root, *roots] if root is not None else []:
        walk.wrong(f"root of {left.day}: the events it was made of are missing")
        by_day.pop(left.day.isoformat(), None)
    for day in sorted(by_day):
        walk.wrong(f"root of {day}: it was published and is missing")
    _check_head(walk, chain)
    walk.report.unsealed = _unsealed(chain)
    return walk.report


def _events(chain: str) -> Iterator[dict[str, Any]]:
    """The sealed events in the order of their positions, read in parts."""
    columns = (*sealing.COLUMNS, AuditEvent.seal_position, AuditEvent.seal_hash)
    after = -(2**62)
    while True:
        query = (
            select(*columns)
            .where(is_in(chain), AuditEvent.seal_position > after)
            .order_by(AuditEvent.seal_position)
            .limit(ROWS)
        )
        rows = [dict(row) for row in db.session.execute(query).mappings()]
        db.session.commit()  # a long look back holds no transaction open
        after = rows[-1]["seal_position"] if rows else after
        yield from rows
        if len(rows) < ROWS:
            return


def _roots(chain: str) -> Iterator[AuditRoot]:
    query = select(AuditRoot).where(AuditRoot.chain == chain)
    yield from db.session.scalars(query.order_by(AuditRoot.last_position)).all()


def _check_event(walk: _Walk, row: dict[str, Any]) -> None:
    position, seal = row.pop("seal_position"), row.pop("seal_hash")
    expected = walk.report.position + 1
    if position > expected:
        gap = f"{expected}" if position == expected + 1 else f"{expected} to {position - 1}"
        walk.wrong(f"position {gap}: missing, before event {row['id']}")
    elif position < expected:
        walk.wrong(f"event {row['id']}: inserted at position {position}")
        return
    leaf = verifier.leaf_of(sealing.event_fields(row, walk.report.chain, position))
    computed = verifier.link_of(walk.seal, leaf)
    if computed != seal and position == expected:
        walk.wrong(f"event {row['id']} at position {position}: changed since it was sealed")
    # Goes on from what stands there: each break is told once, not every event after it.
    walk.seal, walk.report.position = seal, position
    walk.tree.add(leaf)


def _check_root(walk: _Walk, root: AuditRoot, published: str | None) -> None:
    name = f"root of {root.day}"
    if verifier.root_of(sealing.root_fields(root)) != root.root_hash:
        walk.wrong(f"{name}: its hash does not match its content")
    if root.public_key not in walk.known_keys:
        walk.wrong(f"{name}: signed with a key that is not configured here ({root.public_key})")
    elif not crypto.is_signed(root.root_hash, root.public_key, root.signature):
        walk.wrong(f"{name}: its signature is wrong")
    if (root.previous_hash, root.first_position) != (walk.root, walk.first):
        walk.wrong(f"{name}: it does not follow the root before it")
    if (root.tree_hash, root.last_position) != (walk.tree.top(), walk.report.position):
        walk.wrong(f"{name}: the events of the day are not those it was made of")
    if root.seal_hash != walk.seal:
        walk.wrong(f"{name}: the chain up to it is not the one it was made of")
    if published is not None and published != root.root_hash:
        walk.wrong(f"{name}: it is not the one that was published")
    walk.root, walk.first, walk.tree = root.root_hash, root.last_position + 1, Tree()
    walk.report.roots += 1


def _check_head(walk: _Walk, chain: str) -> None:
    head = db.session.get(AuditHead, chain, populate_existing=True)
    position = walk.report.position
    if head is None:
        if position:
            walk.wrong("the head of the chain is missing")
        return
    if head.public_key not in walk.known_keys or not crypto.is_signed(
        sealing.head_text(head), head.public_key, head.signature
    ):
        walk.wrong("the head of the chain: its signature is wrong")
    if head.position > position:
        walk.wrong(f"position {position + 1} to {head.position}: missing at the end of the chain")
    elif (head.position, head.seal_hash) != (position, walk.seal):
        walk.wrong("the head of the chain: it is not where the chain ends")
    if (head.root_hash, head.day_first) != (walk.root, walk.first):
        walk.wrong("the head of the chain: the last root is not the one it names")


def _unsealed(chain: str) -> int:
    query = select(func.count()).select_from(AuditEvent)
    return db.session.scalar(query.where(is_in(chain), AuditEvent.seal_position.is_(None))) or 0
