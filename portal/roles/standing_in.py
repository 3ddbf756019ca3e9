"""Who stands in for whom today, said once, as statements: what a person holds and who is told of a request ask here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, bindparam, exists, select
from sqlalchemy.orm import aliased

from portal import clock, config
from portal.database import db
from portal.roles.models import Role
from portal.roles.queue_models import Deputy
from portal.roles.states import RoleState


def today() -> date:
    """The day of the settings' zone: absences begin and end at midnight there."""
    return clock.now().astimezone(ZoneInfo(config.current().time_zone)).date()


def in_force() -> ColumnElement[bool]:
    """Whether a naming holds today."""
    now = today()
    return (Deputy.first_day <= now) & (Deputy.last_day >= now) & Deputy.ended_at.is_(None)


@cache
def is_deputy() -> ColumnElement[bool]:
    """For a query of roles: whether the person stands in for an administrator of the same organisation.

    On the day given as the parameter `on_day`. It ends with the administrator's own role or flag: nobody hands on what
    is no longer theirs. Made once: it is asked in every request.
    """
    named, chief = aliased(Deputy), aliased(Role)
    on_day = bindparam("on_day", type_=Date())
    return exists().where(
        named.deputy_id == Role.account_id,
        named.organisation_id == Role.organisation_id,
        named.first_day <= on_day,
        named.last_day >= on_day,
        named.ended_at.is_(None),
        chief.account_id == named.account_id,
        chief.organisation_id == named.organisation_id,
        chief.state == RoleState.VALID,
        chief.is_administrator,
    )


def deputies_of(accounts: Collection[int]) -> set[int]:
    """The people who stand in today for one of these, while they hold a valid role in the organisation."""
    colleague = aliased(Role)
    query = (
        select(Deputy.deputy_id)
        .join(
            colleague,
            (colleague.account_id == Deputy.deputy_id)
            & (colleague.organisation_id == Deputy.organisation_id),
        )
        .where(Deputy.account_id.in_(accounts), in_force(), colleague.state == RoleState.VALID)
    )
    return set(db.session.scalars(query))
