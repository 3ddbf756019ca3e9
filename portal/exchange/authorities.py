"""A row of a file of authorities or posts: found again by country and code, created under its superior. No commit."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.access.rules_exchange import names_imported
from portal.access.rules_registers import fits_under
from portal.audit import register_events as events
from portal.audit import trail
from portal.database import db
from portal.exchange.formats import Cells, Column, Format, Holds, Kind
from portal.organisations import authorities, posts, tree
from portal.organisations.models import Organisation
from portal.organisations.registers import RecordText, put_record
from portal.organisations.states import OrganisationState
from portal.reference import queries as reference
from portal.vocabulary import AuthorityRole, OrganisationKind
from portal.work.ledger import Facts, ItemRefused, Outcome

RECORD = (
    Column("name", 200, needed=True),
    Column("street", 200),
    Column("postcode", 20),
    Column("city", 120),
    Column("country", 2, needed=True, holds=Holds.COUNTRY),
    Column("telephone", 40, holds=Holds.TELEPHONE),
    Column("fax", 40, holds=Holds.TELEPHONE),
    Column("email", 254, holds=Holds.EMAIL),
    Column("website", 200, holds=Holds.WEBSITE),
)
CODE, ROLE = Column("code", 40, needed=True, holds=Holds.CODE), Column("role", 12, needed=True)
SUPERIOR = Column("superior_code", 40, holds=Holds.CODE)
AUTHORITIES = Format(
    Kind.AUTHORITIES,
    (CODE, *RECORD, ROLE, Column("competences", 400), SUPERIOR),
    ("country", "code"),
    "superior_code",
)
POSTS = Format(
    Kind.POSTS,
    (CODE, *RECORD, ROLE, Column("competences", 400), SUPERIOR, Column("designations", 1000)),
    ("country", "code"),
    "superior_code",
)
ROLES = {
    Kind.AUTHORITIES: frozenset(
        {AuthorityRole.CCA, AuthorityRole.RCA, AuthorityRole.LAU, AuthorityRole.CUSTOMS}
    ),
    Kind.POSTS: posts.DESIGNATED,
}


def put_authority(actor: Actor, parameters: Facts, cells: Cells) -> Outcome:
    """Do what the row of a file of authorities says; raises ItemRefused."""
    return _put(Kind.AUTHORITIES, actor, parameters, cells)


def put_post(actor: Actor, parameters: Facts, cells: Cells) -> Outcome:
    """Do what the row of a file of posts says; raises ItemRefused."""
    return _put(Kind.POSTS, actor, parameters, cells)


def _put(kind: Kind, actor: Actor, parameters: Facts, cells: Cells) -> Outcome:
    own = int(parameters["organisation_id"])
    if own not in names_imported(actor, Action.AUTHORITY_IMPORT):
        raise ItemRefused("row-not-yours")
    role = _role(kind, cells["role"])
    competences = _known_codes(cells, "competences", lambda codes: reference.competence_names(codes, "en"))
    tree.hold_the_tree()
    row = _by_code(cells["country"], cells["code"])
    if row is None:
        return _create(actor, _superior(cells, own), cells, role, competences)
    return _change(actor, row, cells, role, competences)


def _role(kind: Kind, text: str) -> AuthorityRole:
    if text.upper() not in {role.value for role in ROLES[kind]}:
        raise ItemRefused("row-code-unknown", {"column": "role"})
    return AuthorityRole(text.upper())


def _known_codes(cells: Cells, column: str, names: object) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(cells[column].split()))
    known = names(codes) if codes else {}  # type: ignore[operator]
    if set(codes) - set(known):
        raise ItemRefused("row-code-unknown", {"column": column})
    return codes


def _designations(cells: Cells) -> tuple[str, ...]:
    if "designations" not in cells:
        return ()
    return _known_codes(cells, "designations", lambda codes: reference.designation_names(codes, "en"))


def _by_code(country: str, code: str) -> Organisation | None:
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.AUTHORITY,
        Organisation.country == country,
        Organisation.code == code,
        Organisation.state != OrganisationState.DELETED,
    )
    return db.session.scalar(query.options(selectinload(Organisation.competence_rows)))


def _superior(cells: Cells, own: int) -> Organisation:
    """The authority above: the one named, of the same country, else the one in whose name the file comes."""
    code = cells["superior_code"]
    found = _by_code(cells["country"], code) if code else db.session.get(Organisation, own)
    if found is None:
        raise ItemRefused("row-superior-missing", {"column": "superior_code"})
    return found


def _create(
    actor: Actor, superior: Organisation, cells: Cells, role: AuthorityRole, competences: Collection[str]
) -> Outcome:
    if not may(actor, Action.AUTHORITY_CREATE, authorities.place_under(superior)):
        raise ItemRefused("row-not-yours")
    foreign = superior.authority_role != AuthorityRole.COMMISSION and superior.country != cells["country"]
    if foreign or not fits_under(role, superior.authority_role):
        raise ItemRefused("row-superior-unfit", {"column": "superior_code"})
    row = Organisation(
        kind=OrganisationKind.AUTHORITY.value, state=OrganisationState.VALID.value, country=cells["country"],
        authority_role=role.value, superior_id=superior.id, origin="portal", created_by=actor.account_id,
        competences=list(competences), code="",
    )  # fmt: skip
    put_record(row, record_of(cells, cells["code"]))
    db.session.add(row)
    db.session.flush()
    tree.hang(row.id, superior.id)
    posts.put_designations(row, _designations(cells))
    trail.record(events.AuthorityCreated(row.id, superior.id, role.value), actor)
    return Outcome("row-created", row.id)


def record_of(cells: Cells, code: str) -> RecordText:
    """The details of a record as the row gives them."""
    return RecordText(
        **{column.name: cells[column.name] for column in RECORD if column.name != "country"}, code=code
    )


def _change(
    actor: Actor, row: Organisation, cells: Cells, role: AuthorityRole, competences: Collection[str]
) -> Outcome:
    """What differs is written; its role and its place in the tree are changed on its page only."""
    if not may(actor, Action.AUTHORITY_EDIT, authorities.target_of(row)):
        raise ItemRefused("row-kept-elsewhere", {"name": row.name})
    if row.authority_role != role:
        raise ItemRefused("row-other-role", {"column": "role"})
    superior = _by_code(cells["country"], cells["superior_code"]) if cells["superior_code"] else None
    if cells["superior_code"] and (superior is None or superior.id != row.superior_id):
        raise ItemRefused("row-moves", {"column": "superior_code"})
    changed = put_record(row, record_of(cells, cells["code"]))
    if set(competences) != set(row.competences):
        row.competences = list(competences)
        changed.append("competences")
    if "designations" in cells and posts.put_designations(row, _designations(cells)):
        changed.append("designations")
    if changed:
        trail.record(events.AuthorityEdited(row.id, ",".join(sorted(changed))), actor)
    return Outcome("row-updated" if changed else "row-unchanged", row.id)
