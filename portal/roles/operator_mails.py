"""Who is told of what happens to an operator: its administrators, and those who decide its activities."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.access.actor import Actor
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.messages import outbox
from portal.messages.operator_notices import ActivityDecidedNotice, OperatorMergedNotice, OperatorWaitsNotice
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState
from portal.reference import queries as reference
from portal.roles.models import Role
from portal.roles.queries import TOLD_AT_MOST
from portal.roles.states import HOLDING, RoleState


def path_of(operator_id: int) -> str:
    """The address of the operator's page, for mails."""
    return f"/{environment.current().value}/operators/{operator_id}"


def tell_deciders(operator: Organisation, actor: Actor) -> None:
    """To the people of those named for its new activities: it waits for them."""
    named = {one.responsible_id for one in operator.activities if one.state == ActivityState.NEW}
    people = _people(named - {None}, administrators_only=actor.strict_validators)
    outbox.put_each(
        (OperatorWaitsNotice(one.first_name, one.last_name, operator.name, path_of(operator.id)), _to(one))
        for one in people
        if one.id != actor.account_id
    )


def tell_administrators(operator: Organisation, activity: OperatorActivity, decision: str) -> None:
    """To the operator's administrators: what became of an activity, with the reason."""
    people = _people({operator.id}, administrators_only=True)
    names = {language: _name_of(activity, language) for language in {one.language for one in people}}
    outbox.put_each(
        (ActivityDecidedNotice(
            one.first_name, one.last_name, operator.name, names[one.language], decision,
            activity.reason_code or "", activity.reason_text, path_of(operator.id),
        ), _to(one))
        for one in people
    )  # fmt: skip


def _name_of(activity: OperatorActivity, language: str) -> str:
    code, section = activity.activity_code, reference.printed_code(activity.section_code)
    return f"{reference.activity_names({code}, language).get(code, code)} ({section})"


def _to(account: Account) -> outbox.Recipient:
    return outbox.Recipient(account.email, account.language, account.id)


def tell_merged(account_ids: Collection[int], loser: str, survivor: Organisation) -> None:
    """To everybody who held or asked for a role in the record that went: where it is now."""
    outbox.put_each(
        (
            OperatorMergedNotice(one.first_name, one.last_name, loser, survivor.name, path_of(survivor.id)),
            _to(one),
        )
        for one in _active(account_ids)
    )


def people_of(operator_id: int) -> set[int]:
    """The accounts that hold or ask for a role in the operator."""
    held = select(Role.account_id).where(Role.organisation_id == operator_id, Role.state.in_(HOLDING))
    return set(db.session.scalars(held))


def _people(organisations: Collection[int | None], *, administrators_only: bool) -> list[Account]:
    query = select(Role.account_id).where(
        Role.organisation_id.in_(organisations), Role.state == RoleState.VALID
    )
    if administrators_only:
        query = query.where(Role.is_administrator.is_(True))
    found = db.session.scalars(query.distinct().order_by(Role.account_id).limit(TOLD_AT_MOST))
    return _active(list(found))


def _active(account_ids: Collection[int]) -> list[Account]:
    people = identity.accounts_by_id(account_ids)
    return [account for account in people.values() if account.state == AccountState.ACTIVE]
