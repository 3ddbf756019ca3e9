"""The tree of authorities: keeps the closure in line with each authority's superior."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from portal.database import db
from portal.organisations.models import AuthorityAncestor, Organisation
from portal.vocabulary import OrganisationKind


class CircularTree(Exception):
    """An authority would stand above itself; `path` leads from it up to itself."""

    def __init__(self, path: Iterable[int]) -> None:
        self.path = tuple(path)
        super().__init__(f"authority {self.path[0]} stands above itself")


def hold_the_tree() -> None:
    """Until the commit nobody else changes the tree: two moves that fit alone could make a circle together."""
    tops = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.AUTHORITY, Organisation.superior_id.is_(None)
    )
    db.session.execute(tops.order_by(Organisation.id).with_for_update()).all()


def line_of(authority_id: int) -> list[int]:
    """The authority itself and all above it, nearest first."""
    query = select(AuthorityAncestor.ancestor_id).where(AuthorityAncestor.authority_id == authority_id)
    return list(db.session.scalars(query.order_by(AuthorityAncestor.depth)))


def hang(authority_id: int, superior_id: int | None) -> None:
    """Write the line of a new authority; it has nothing below it yet."""
    above = line_of(superior_id) if superior_id is not None else []
    line = [authority_id, *above]
    _insert([(authority_id, ancestor, depth) for depth, ancestor in enumerate(line)])


def move(authority_id: int, superior_id: int) -> int:
    """Hang an authority with all below it elsewhere; returns how many were moved. Only their rows change.

    Raises CircularTree where the new superior stands below it. The caller holds the tree."""
    below = select(AuthorityAncestor.authority_id, AuthorityAncestor.depth)
    subtree = db.session.execute(below.where(AuthorityAncestor.ancestor_id == authority_id)).all()
    line, moved = line_of(superior_id), {number for number, _depth in subtree}
    if authority_id in line:
        raise CircularTree([authority_id, *line[: line.index(authority_id) + 1]])
    former = [number for number in line_of(authority_id) if number != authority_id]
    for part in _parts(sorted(moved)):
        db.session.execute(
            delete(AuthorityAncestor)
            .where(AuthorityAncestor.authority_id.in_(part), AuthorityAncestor.ancestor_id.in_(former))
            .execution_options(synchronize_session=False)
        )
    _insert(
        (number, ancestor, depth + 1 + above)
        for number, depth in subtree
        for above, ancestor in enumerate(line)
    )
    return len(moved)


PART = 500
"""So many rows go into one statement: databases limit its parameters."""


def _parts(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[start : start + PART] for start in range(0, len(numbers), PART))


def _insert(rows: Iterable[tuple[int, int, int]]) -> None:
    values = [{"authority_id": a, "ancestor_id": b, "depth": depth} for a, b, depth in rows]
    if values:
        db.session.execute(insert(AuthorityAncestor), values)


def rebuild_ancestors() -> int:
    """Makes the closure of the current environment say what the superiors say; returns the rows changed."""
    db.session.flush()
    wanted = {(a, b): depth for a, above in _lines().items() for depth, b in enumerate(above)}
    changed = 0
    for row in db.session.scalars(select(AuthorityAncestor)).all():
        depth = wanted.pop((row.authority_id, row.ancestor_id), None)
        if depth == row.depth:
            continue
        changed += 1
        if depth is None:
            db.session.delete(row)
        else:
            row.depth = depth
    db.session.add_all(
        AuthorityAncestor(authority_id=a, ancestor_id=b, depth=d) for (a, b), d in wanted.items()
    )
    db.session.flush()
    return changed + len(wanted)


def _lines() -> dict[int, list[int]]:
    """Each authority with itself and all above it, from the bottom up."""
    query = select(Organisation.id, Organisation.superior_id)
    superiors = dict(db.session.execute(query.where(Organisation.kind == OrganisationKind.AUTHORITY)).all())
    return {authority: _upwards(authority, superiors) for authority in superiors}


def _upwards(authority: int, superiors: dict[int, int | None]) -> list[int]:
    line = [authority]
    while (above := superiors.get(line[-1])) is not None:
        if above in line:
            raise CircularTree([*line[line.index(above) :], above])
        line.append(above)
    return line
