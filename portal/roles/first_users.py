"""Who already works in an authority or control body, and who asks to: for the page of its record (AU14)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.access.actor import Actor
from portal.database import db
from portal.paging import Page, Place, read_page
from portal.roles.deciders import is_decided_by
from portal.roles.models import Role
from portal.roles.queries import WITH_ORGANISATION
from portal.roles.states import RoleState

ON_RECORDS = (RoleState.REQUESTED, RoleState.VALID, RoleState.SUSPENDED)


def people_in(organisation_id: int, actor: Actor, place: Place) -> Page[Role]:
    """The users and open requests of an organisation, the longest first, as far as the actor may know of them.

    The Commission reads all; others what they may decide; its administrators their own people."""
    query = select(Role).where(Role.organisation_id == organisation_id, Role.state.in_(ON_RECORDS))
    if not actor.is_commission and organisation_id not in actor.organisations_administered:
        query = query.where(is_decided_by(actor.authorities_decided))
    return read_page(query.options(*WITH_ORGANISATION), Role.requested_at, Role.id, place)


def without_users(organisations: Collection[int]) -> frozenset[int]:
    """Those of these organisations in which nobody holds a valid role."""
    held = select(Role.organisation_id).where(
        Role.organisation_id.in_(list(organisations)), Role.state == RoleState.VALID
    )
    return frozenset(organisations) - frozenset(db.session.scalars(held.distinct()))
