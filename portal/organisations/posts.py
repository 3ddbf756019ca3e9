"""What border control posts and control points are designated for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from portal.database import db
from portal.organisations.models import Organisation
from portal.organisations.register_models import PostDesignation
from portal.reference.files import Row
from portal.vocabulary import AuthorityRole

DESIGNATED = frozenset({AuthorityRole.BCP, AuthorityRole.CP})
"""The authorities that are designated for something."""
PRODUCTS = {"HC": "-HC", "NHC": "-NHC", "NT": "-NT", "T": "-T", "T(FR)": "-T(FR)", "T(CH)": "-T(CH)"}
ANIMALS = {"U": "-U", "E": "-E", "O": "-O"}
LISTED = (
    ("product_categories", "products_of_animal_origin", PRODUCTS),
    ("animal_categories", "animals", ANIMALS),
)
"""Columns of the list, the group of designations each one means, and its words."""
FOOTNOTES = re.compile(r"\((?:\d+|\*)\)")


def designations_of(authority_id: int) -> list[PostDesignation]:
    """Its designations, by code."""
    query = select(PostDesignation).where(PostDesignation.organisation_id == authority_id)
    return list(db.session.scalars(query.order_by(PostDesignation.code)))


def put_designations(authority: Organisation, codes: Collection[str]) -> bool:
    """Make the designations these; whether any changed. Commits nothing.

    Other authorities than posts and control points have none; a designation that stays keeps its remark."""
    wanted = set(codes) if authority.authority_role in DESIGNATED else set()
    there = {row.code: row for row in designations_of(authority.id)}
    for code in there.keys() - wanted:
        db.session.delete(there[code])
    db.session.add_all(
        PostDesignation(organisation_id=authority.id, code=code, remark="")
        for code in sorted(wanted - there.keys())
    )
    db.session.flush()
    return there.keys() != wanted


def put_listed(authority: Organisation, rows: Iterable[Row]) -> int:
    """The designations that public lists give a post, unless it has some already; returns how many."""
    found = listed_designations(rows)
    if not found or designations_of(authority.id):
        return 0
    db.session.add_all(
        PostDesignation(organisation_id=authority.id, code=code, remark=remark)
        for code, remark in found.items()
    )
    return len(found)


def listed_designations(rows: Iterable[Row]) -> Mapping[str, str]:
    """The codes a list gives, each with the words of the list: «HC-T(FR)(2)» is -HC and -T(FR), remark as printed."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["suspended"] == "true":
            continue
        if row["transport"]:
            found.setdefault(f"transport/{row['transport']}", [])
        for column, group, codes in LISTED:
            for word in filter(None, (part.strip() for part in row[column].split(","))):
                for part in FOOTNOTES.sub("", word).split("-"):
                    if part in codes:
                        _note(found, f"{group}/{codes[part]}", row, word)
    return {code: "; ".join(words) for code, words in found.items()}


def _note(found: dict[str, list[str]], code: str, row: Row, word: str) -> None:
    words = f"{row['inspection_centre']}: {word}" if row["inspection_centre"] else word
    if words not in found.setdefault(code, []):
        found[code].append(words)
