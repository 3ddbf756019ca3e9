"""Writes a part of the trail into a file that proves itself: events, their proofs, the signed roots, the checker."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.audit import roots, sealing, verifier
from portal.audit.chains import is_in
from portal.audit.models import AuditEvent, AuditRoot, AuditSubject
from portal.audit.search import ORGANISATION
from portal.database import db

MOST_EVENTS = 200_000
"""Sealed events that may lie in the days of one file: each is hashed again for the proofs of its neighbours."""
ROWS = 5000


class NothingSealed(Exception):
    """No day of these is closed and has events."""


class TooMuch(Exception):
    """More events lie in these days than one file may go through."""


@dataclass(frozen=True)
class Part:
    """Which part: of a chain, of an organisation's list or of everybody's, from one day to another."""

    chain: str
    organisation_id: int | None
    first: date
    last: date


@dataclass
class _Files:
    events: list[str] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)


def days_of(part: Part) -> Sequence[AuditRoot]:
    """The closed days of the part; raises NothingSealed, TooMuch."""
    days = roots.roots_of(part.chain, part.first, part.last)
    if not days:
        raise NothingSealed
    if days[-1].last_position - days[0].first_position >= MOST_EVENTS:
        raise TooMuch
    return days


def export(part: Part, days: Sequence[AuditRoot], readme: str) -> bytes:
    """The file of those days."""
    files = _Files()
    for root in days:
        _add_day(files, part, root)
    return _zipped(files, days, readme)


def _add_day(files: _Files, part: Part, root: AuditRoot) -> None:
    wanted = _wanted(part, root)
    leaves: list[bytes] = []
    places: list[int] = []
    for row in _events(part.chain, root):
        event = sealing.event_fields(row, part.chain, row.pop("seal_position"))
        if wanted is None or row["id"] in wanted:
            files.events.append(verifier.canonical(event, verifier.FIELDS))
            places.append(len(leaves))
        leaves.append(verifier.leaf_of(event))
    for place, path in zip(places, _paths(leaves, places), strict=True):
        proof = {"position": root.first_position + place, "day": root.day.isoformat(), "path": path}
        files.proofs.append(json.dumps(proof))


def _wanted(part: Part, root: AuditRoot) -> frozenset[int] | None:
    """The numbers of the events of the day that stand in the organisation's list; None for all."""
    if part.organisation_id is None:
        return None
    query = (
        select(AuditEvent.id)
        .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
        .where(AuditSubject.chain == part.chain, AuditSubject.kind == ORGANISATION)
        .where(
            AuditSubject.subject_id == part.organisation_id,
            AuditSubject.occurred_at == AuditEvent.occurred_at,
        )
        .where(is_in(part.chain), AuditEvent.seal_position.between(root.first_position, root.last_position))
    )
    return frozenset(db.session.scalars(query))


def _events(chain: str, root: AuditRoot) -> Iterator[dict[str, Any]]:
    after = root.first_position - 1
    while after < root.last_position:
        query = (
            select(*sealing.COLUMNS, AuditEvent.seal_position)
            .where(
                is_in(chain), AuditEvent.seal_position > after, AuditEvent.seal_position <= root.last_position
            )
            .order_by(AuditEvent.seal_position)
            .limit(ROWS)
        )
        rows = [dict(row) for row in db.session.execute(query).mappings()]
        yield from rows
        if not rows:
            return
        after += len(rows)


def _paths(leaves: Sequence[bytes], wanted: Sequence[int]) -> list[list[str]]:
    """For each wanted leaf the neighbours on its way to the top, level by level."""
    paths: list[list[str]] = [[] for _number in wanted]
    level, places = list(leaves), list(wanted)
    while len(level) > 1:
        for number, place in enumerate(places):
            if (other := place ^ 1) < len(level):
                paths[number].append(f"{'L' if place % 2 else 'R'}{level[other].hex()}")
            places[number] = place // 2
        pairs = [verifier.node_of(*level[i : i + 2]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return paths


def _zipped(files: _Files, days: Sequence[AuditRoot], readme: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.jsonl", _lined(files.events))
        archive.writestr("proofs.jsonl", _lined(files.proofs))
        archive.writestr(
            "roots.jsonl", _lined(json.dumps(roots.shown(root), sort_keys=True) for root in days)
        )
        archive.writestr("README.txt", readme)
        archive.writestr("verify.py", Path(verifier.__file__).read_text(encoding="utf-8"))
    return target.getvalue()


def _lined(lines: Any) -> str:
    return "".join(f"{line}\n" for line in lines)
