"""Reading the tree of authorities and the list of control bodies, page by page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from portal.access.rules_registers import HANGS_UNDER
from portal.database import db
from portal.organisations import tree
from portal.organisations.folding import folded
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, Organisation
from portal.organisations.search import is_competent_for
from portal.organisations.states import OrganisationState
from portal.paging import Page, Place, read_page
from portal.vocabulary import AuthorityRole, OrganisationKind

CHILDREN_SHOWN = 25
"""So many authorities are unfolded under each one; its own page of the tree has all."""
SUPERIORS_AT_MOST = 500

IS_AUTHORITY = Organisation.kind == OrganisationKind.AUTHORITY
STANDS = Organisation.state != OrganisationState.DELETED


def top_of_the_tree() -> Organisation | None:
    """The Commission's own record here."""
    query = select(Organisation).where(IS_AUTHORITY, Organisation.authority_role == AuthorityRole.COMMISSION)
    return db.session.scalars(query.order_by(Organisation.id)).first()


def authorities_under(superior_id: int, country: str, place: Place) -> Page[Organisation]:
    """The authorities directly under one, by name; of one country where it is given."""
    query = select(Organisation).where(IS_AUTHORITY, STANDS, Organisation.superior_id == superior_id)
    if country:
        query = query.where(Organisation.country == country)
    query = query.options(selectinload(Organisation.competence_rows))
    return read_page(query, Organisation.name_sort, Organisation.id, place)


def unfolded(superiors: Collection[int]) -> dict[int, list[Organisation]]:
    """The first authorities under each of these, by name, in one statement."""
    number = func.row_number().over(
        partition_by=Organisation.superior_id, order_by=(Organisation.name_sort, Organisation.id)
    )
    ranked = (
        select(Organisation.id, number.label("place"))
        .where(IS_AUTHORITY, STANDS, Organisation.superior_id.in_(list(superiors)))
        .subquery()
    )
    query = (
        select(Organisation)
        .join(ranked, ranked.c.id == Organisation.id)
        .where(ranked.c.place <= CHILDREN_SHOWN)
        .order_by(Organisation.name_sort, Organisation.id)
    )
    found: dict[int, list[Organisation]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.superior_id or 0, []).append(row)
    return found


def counts_below(authorities: Collection[int]) -> dict[int, int]:
    """How many authorities hang directly under each of these."""
    query = (
        select(Organisation.superior_id, func.count(Organisation.id))
        .where(IS_AUTHORITY, STANDS, Organisation.superior_id.in_(list(authorities)))
        .group_by(Organisation.superior_id)
    )
    return {superior or 0: number for superior, number in db.session.execute(query)}


def line_above(authority_id: int) -> Sequence[Organisation]:
    """The authorities strictly above one, the top first."""
    query = (
        select(Organisation)
        .join(AuthorityAncestor, AuthorityAncestor.ancestor_id == Organisation.id)
        .where(AuthorityAncestor.authority_id == authority_id, AuthorityAncestor.depth > 0)
    )
    return db.session.scalars(query.order_by(AuthorityAncestor.depth.desc())).all()


def superiors_for(authority: Organisation, below: Collection[int] | None) -> Sequence[Organisation]:
    """Where the authority may hang: in its country by role, or under the Commission.

    `below` limits them to these authorities and what stands below them; None means anywhere."""
    fitting = [
        role.value for role in HANGS_UNDER.get(AuthorityRole(authority.authority_role or "COMMISSION"), ())
    ]
    query = select(Organisation).where(
        IS_AUTHORITY,
        STANDS,
        Organisation.id != authority.id,
        ((Organisation.country == authority.country) & Organisation.authority_role.in_(fitting))
        | (Organisation.authority_role == AuthorityRole.COMMISSION),
    )
    if below is not None:
        inside = select(AuthorityAncestor.authority_id).where(AuthorityAncestor.ancestor_id.in_(list(below)))
        query = query.where(Organisation.id.in_(inside))
    query = query.order_by(Organisation.name_sort, Organisation.id).limit(SUPERIORS_AT_MOST)
    return db.session.scalars(query).all()


def is_inside(authority_id: int, above: Collection[int]) -> bool:
    """Whether the authority is one of these or stands below one."""
    return bool(set(tree.line_of(authority_id)) & set(above))


def control_bodies(country: str, text: str, place: Place) -> Page[Organisation]:
    """The control bodies of the register, by name; those that were deleted are left out."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.CONTROL_BODY, STANDS)
    if country:
        query = query.where(Organisation.country == country)
    for word in folded(text).split():
        query = query.where(Organisation.search_text.contains(word, autoescape=True))
    query = query.options(selectinload(Organisation.scopes))
    return read_page(query, Organisation.name_sort, Organisation.id, place)


def scopes_of(organisation_id: int, place: Place) -> Page[ControlBodyScope]:
    """The scopes of one control body, by code and country."""
    query = select(ControlBodyScope).where(ControlBodyScope.organisation_id == organisation_id)
    return read_page(query, ControlBodyScope.country, ControlBodyScope.id, place)


def supervisors_for(country: str) -> Sequence[Organisation]:
    """The authorities of a country that may stand above a control body's code: those for organic production first."""
    organic = is_competent_for("ORGANIC")
    query = (
        select(Organisation)
        .where(IS_AUTHORITY, Organisation.country == country, Organisation.state == OrganisationState.VALID)
        .where(Organisation.authority_role.in_([AuthorityRole.CCA, AuthorityRole.RCA, AuthorityRole.LAU]))
        .order_by(case((organic, 0), else_=1), Organisation.name_sort, Organisation.id)
    )
    return db.session.scalars(query.limit(SUPERIORS_AT_MOST)).all()
