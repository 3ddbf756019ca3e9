"""What reaches beyond the own account when a person changes the name, leaves, or asks for the own data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import aliased

from portal import clock
from portal.access.actor import Actor
from portal.audit import events, trail
from portal.database import db
from portal.identity import deletion, personal_data
from portal.identity.models import Account
from portal.messages import outbox, security_notices
from portal.organisations.models import Organisation
from portal.roles import queries, questions
from portal.roles.changes import release_kind
from portal.roles.models import Role
from portal.roles.states import HOLDING, RoleState
from portal.vocabulary import OrganisationKind

EVERYWHERE = (
    "one person has one name and one account in all environments; only addresses of administrators leave here"
)


def change_name(first_name: str, last_name: str, actor: Actor) -> None:
    """The person's own change, and a mail to each administrator of the person's organisations."""
    change = personal_data.change_name(first_name, last_name, actor)
    if change is None:
        db.session.rollback()
        return
    account = db.session.get_one(Account, actor.account_id)
    old = f"{change.old_first_name} {change.old_last_name}"
    for chief in _administrators_of(actor.account_id):
        notice = security_notices.NameChangedForAdministrator(
            chief.first_name, chief.last_name, old, account.full_name, account.username
        )
        outbox.put(notice, outbox.Recipient(chief.email, chief.language, chief.id))
    db.session.commit()


def _administrators_of(account_id: int) -> Sequence[Account]:
    """Other people who administer an organisation in which that person holds a role, in any environment."""
    own, theirs = aliased(Role), aliased(Role)
    same = and_(theirs.organisation_id == own.organisation_id, theirs.environment == own.environment)
    query = (
        select(Account)
        .where(Account.id != account_id)
        .where(
            exists()
            .where(own.account_id == account_id, own.state.in_(HOLDING), same)
            .where(theirs.account_id == Account.id, theirs.state == RoleState.VALID, theirs.is_administrator)
        )
        .execution_options(unscoped=EVERYWHERE)
    )
    return db.session.scalars(query.order_by(Account.id)).all()


def last_administrations(account_id: int) -> list[tuple[str, int, str]]:
    """Environment, id and name of each organisation whose only administrator that person is."""
    own, other = aliased(Role), aliased(Role)
    colleague = exists().where(
        other.organisation_id == own.organisation_id, other.environment == own.environment,
        other.account_id != account_id, other.state == RoleState.VALID, other.is_administrator,
    )  # fmt: skip
    query = (
        select(own.environment, Organisation.id, Organisation.name)
        .join(
            Organisation,
            and_(Organisation.id == own.organisation_id, Organisation.environment == own.environment),
        )
        .where(own.account_id == account_id, own.state == RoleState.VALID, own.is_administrator, ~colleague)
        .execution_options(unscoped=EVERYWHERE)
    )
    return [(str(place), number, name) for place, number, name in db.session.execute(query.distinct())]


def superiors_of(organisation_id: int) -> list[int]:
    """The people of this environment who may decide roles in that organisation, its own people apart."""
    query = select(Role).where(Role.organisation_id == organisation_id, Role.state == RoleState.VALID)
    role = db.session.scalar(query.limit(1))
    return queries.validators_to_notify(role) if role is not None else []


def ask_deletion(told: dict[str, list[int]], actor: Actor) -> None:
    """Ask for the own account to be deleted; `told` has, by name of organisation, the accounts that hear that its last
    administrator leaves: then it takes a month."""
    days = deletion.LAST_ADMINISTRATOR_DAYS if told else deletion.DELETION_DAYS
    account = deletion.ask(days, actor)
    if account is None:
        db.session.rollback()
        return
    due = account.deletion_due_at.isoformat(timespec="seconds") if account.deletion_due_at else ""
    for organisation, ids in told.items():
        for chief in db.session.scalars(select(Account).where(Account.id.in_(ids), Account.id != account.id)):
            notice = security_notices.DeletionOfLastAdministrator(
                chief.first_name, chief.last_name, account.full_name, organisation, due
            )
            outbox.put(notice, outbox.Recipient(chief.email, chief.language, chief.id))
    db.session.commit()


def end_roles(account_id: int) -> int:
    """End every role and request of a leaving person in the current environment; returns how many."""
    own = Role.account_id == account_id, Role.state.in_(HOLDING)
    leaving = db.session.scalars(select(Role).where(*own)).all()
    for role in leaving:
        trail.record(events.RoleEnded(role.id, account_id, role.organisation_id), account_id=account_id)
    db.session.execute(
        update(Role)
        .where(*own)
        .values(state=RoleState.REMOVED.value, decided_at=clock.now(), is_administrator=False)
    )
    told = {"message": "", "contact_email": "", "contact_telephone": ""}
    db.session.execute(update(Role).where(Role.account_id == account_id).values(**told))
    questions.forget(account_id)
    for kind in {role.kind for role in leaving}:
        release_kind(account_id, OrganisationKind(kind))
    db.session.commit()
    return len(leaving)


def roles_everywhere(account_id: int) -> list[dict[str, Any]]:
    """The person's roles of all environments, for the own data."""
    query = (
        select(Role, Organisation.name)
        .join(
            Organisation,
            and_(Organisation.id == Role.organisation_id, Organisation.environment == Role.environment),
        )
        .where(Role.account_id == account_id)
        .order_by(Role.id)
        .execution_options(unscoped="a person's own data hold the roles of all environments")
    )
    messages = questions.threads_everywhere(account_id)
    return [
        {
            "environment": str(role.environment),
            "organisation": name,
            "state": role.state,
            "administrator": role.is_administrator,
            "requested_at": role.requested_at.isoformat(),
            "decided_at": role.decided_at.isoformat() if role.decided_at else None,
            "messages": messages.get(role.id, []),
        }
        for role, name in db.session.execute(query)
    ]
