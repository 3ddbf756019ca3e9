"""Records that are likely the same operator: the same folded name, number, or street and postcode (OP12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from portal.database import db
from portal.organisations.folding import LENGTH_AT_MOST, folded, sort_key
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.vocabulary import OrganisationKind

LOOKED_AT = 200
"""So many records of one postcode are compared by their street."""
SHOWN_AT_MOST = 10
LEGAL_FORMS = frozenset(
    "ab ag aps as asbl bv bvba cv ead earl eeig ehf eirl eood epe et ev gaec gbr gie gmbh ike inc kft kg lda lp llc "
    "ltd nv oe oo ood ou oy oyj plc sa sagl sarl sas sasu sca scea scop sci scrl sia sl slu snc spa sprl srl srls sro "
    "uab ug vof vzw zrt".split()
)
"""Words that tell the form of a company and not its name, folded."""


class Likeness(StrEnum):
    """What two records share."""

    NAME = "name"
    EORI = "eori"
    VAT = "vat"
    ADDRESS = "address"


@dataclass(frozen=True)
class Likely:
    """A record that may be the same, and why."""

    organisation: Organisation
    likenesses: tuple[Likeness, ...]


@dataclass(frozen=True)
class Sought:
    """What is compared; `own_id` is the record itself, which is no duplicate of its own."""

    country: str
    name: str
    eori: str = ""
    vat: str = ""
    street: str = ""
    postcode: str = ""
    own_id: int = 0


def likely_duplicates(sought: Sought) -> list[Likely]:
    """Operators of this environment that share something with it, those that share most first."""
    found: dict[int, tuple[Organisation, list[Likeness]]] = {}
    for likeness, rows in _candidates(sought):
        for row in rows:
            if row.id != sought.own_id:
                found.setdefault(row.id, (row, []))[1].append(likeness)
    likely = [Likely(row, tuple(likenesses)) for row, likenesses in found.values()]
    likely.sort(key=lambda one: (-len(one.likenesses), one.organisation.name_sort, one.organisation.id))
    return likely[:SHOWN_AT_MOST]


def _candidates(sought: Sought) -> Iterator[tuple[Likeness, list[Organisation]]]:
    yield Likeness.NAME, _namesakes(sought)
    if sought.eori:
        yield Likeness.EORI, _living(Organisation.eori == sought.eori)
    if sought.vat:
        yield Likeness.VAT, _living(Organisation.vat == sought.vat)
    if sought.postcode and sought.street:
        there = _living(Organisation.country == sought.country, Organisation.postcode == sought.postcode)
        yield Likeness.ADDRESS, [row for row in there if folded(row.street) == folded(sought.street)]


def _namesakes(sought: Sought) -> list[Organisation]:
    """Operators of the country whose name is the same once accents, signs and the legal form are taken away."""
    names = _spellings(sought.name)
    return _living(Organisation.country == sought.country, Organisation.name_sort.in_(sorted(names)))


def _spellings(name: str) -> set[str]:
    # Each is looked up in the index: comparing every name of a country by its words would read them all.
    bare = bare_name(name)
    forms = LEGAL_FORMS | {" ".join(form) for form in LEGAL_FORMS}
    behind, before = {f"{bare} {form}" for form in forms}, {f"{form} {bare}" for form in forms}
    return {spelling[:LENGTH_AT_MOST] for spelling in {sort_key(name), bare} | behind | before}


def bare_name(name: str) -> str:
    """The folded name without words of legal form: «Fret Exemple S.A.S.» and «FRET EXEMPLE» are the same."""
    joined = folded(name.replace(".", ""))
    words = [word for word in joined.split() if word not in LEGAL_FORMS]
    return " ".join(words) or joined


def _living(*conditions: ColumnElement[bool]) -> list[Organisation]:
    operators = (
        Organisation.kind == OrganisationKind.OPERATOR,
        Organisation.state != OrganisationState.DELETED,
    )
    query = select(Organisation).where(*operators, *conditions).order_by(Organisation.id).limit(LOOKED_AT)
    return list(db.session.scalars(query))
