"""The tree of authorities: keeps the closure in line with each authority's superior."""

from __future__ import annotations

from sqlalchemy import select

from portal.database import db
from portal.organisations.models import AuthorityAncestor, Organisation
from portal.vocabulary import OrganisationKind


class CircularTree(Exception):
    """An authority would stand above itself."""


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
            raise CircularTree(f"authority {above} stands above itself")
        line.append(above)
    return line
