"""Who is told when the Commission switches something: its own administrators at once, the people of the environment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal import config
from portal.access.actor import Actor
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.messages import outbox
from portal.messages.commission_notices import EnvironmentSwitchedNotice, PolicySetNotice
from portal.organisations.models import Organisation
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole


def administrators_of_the_commission() -> Sequence[Account]:
    """The people who may switch this environment."""
    query = (
        select(Account)
        .join(Role, Role.account_id == Account.id)
        .join(Organisation, Organisation.id == Role.organisation_id)
        .where(Role.state == RoleState.VALID, Role.is_administrator)
        .where(Organisation.authority_role == AuthorityRole.COMMISSION)
        .where(Account.state == AccountState.ACTIVE)
        .distinct()
        .order_by(Account.id)
    )
    return db.session.scalars(query).all()


def tell_administrators(actor: Actor, *, closed: bool) -> None:
    """Each of them: the environment was closed or opened, by whom. Commits nothing."""
    path, person = switches_path(), _name_of(actor)
    for chief in administrators_of_the_commission():
        notice = EnvironmentSwitchedNotice(chief.first_name, chief.last_name, person, closed, path)
        outbox.put(notice, outbox.Recipient(chief.email, chief.language, chief.id))


def tell_of_policy(actor: Actor, applies_from: date) -> None:
    """Each of them: the method policy was changed, by whom, from when. Commits nothing."""
    path, person, day = switches_path(), _name_of(actor), moment_of(applies_from)
    for chief in administrators_of_the_commission():
        notice = PolicySetNotice(chief.first_name, chief.last_name, person, day, path)
        outbox.put(notice, outbox.Recipient(chief.email, chief.language, chief.id))


def switches_path() -> str:
    """The page on which the Commission sees how the environment stands."""
    return f"/{environment.current().value}/switches"


def moment_of(day: date) -> str:
    """The beginning of that day in the portal's zone, as messages keep moments."""
    return datetime.combine(day, time(), ZoneInfo(config.current().time_zone)).isoformat()


def _name_of(actor: Actor) -> str:
    return identity.accounts_by_id([actor.account_id])[actor.account_id].full_name
