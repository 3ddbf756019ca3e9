"""Duty phones as the roles see them: whose organisation, which members."""

from __future__ import annotations

from sqlalchemy import select

from portal.access.actor import Actor
from portal.database import db
from portal.identity import duty_phones
from portal.identity.factor_models import DutyPhone
from portal.roles.models import Role
from portal.roles.states import HOLDING, RoleState


def report_lost(duty_phone_id: int, actor: Actor) -> int:
    """Withdraw a lost duty phone from every member of its organisation; returns how many had it."""
    row = duty_phones.kept(duty_phone_id, actor)
    query = select(Role.account_id).where(
        Role.organisation_id == row.organisation_id, Role.state.in_(HOLDING)
    )
    return duty_phones.report_lost(duty_phone_id, set(db.session.scalars(query)), actor)


def suggestions(account_id: int) -> list[tuple[DutyPhone, str]]:
    """The duty phones of the organisations in which the person holds a valid role, in any environment, with numbers."""
    held = (
        select(Role.environment, Role.organisation_id)
        .where(Role.account_id == account_id, Role.state == RoleState.VALID)
        .execution_options(
            unscoped="numbers are added to the one account; only own organisations' lists leave here"
        )
    )
    return duty_phones.suggested([(str(key), number) for key, number in db.session.execute(held)])
