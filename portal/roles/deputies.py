"""Deputies for absences: named for some days by the one who is away, ended by either side, told in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, OwnOrganisation, RequestedRole
from portal.access.authorise import Refused, authorise, authorise_to_see
from portal.access.rules_queue import NamedDeputy
from portal.audit import queue_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.messages import outbox, queue_notices
from portal.organisations.models import Organisation
from portal.roles.changes import NotThere
from portal.roles.models import Role
from portal.roles.queue_models import Deputy
from portal.roles.standing_in import in_force, today
from portal.roles.states import RoleState

LONGEST = timedelta(days=92)
COLLEAGUES_OFFERED = 200


@dataclass(frozen=True)
class Absence:
    """Who stands in, where, from which day to which; both days included."""

    organisation_id: int
    deputy_id: int
    first_day: date
    last_day: date


class NotAColleague(Exception):
    """The person named holds no valid role in that organisation, or is oneself."""


class AlreadyNamed(Exception):
    """The same colleague is named from the same day on already."""


class WrongDays(Exception):
    """The last day lies before the first or in the past, or the absence is longer than a deputy may serve."""


def colleagues_of(actor: Actor) -> list[tuple[Organisation, Account]]:
    """Whom the actor may name: other people with a valid role where the actor decides by an own right."""
    deciding = actor.organisations_administered | actor.authorities
    query = (
        select(Organisation, Account)
        .join(Role, Role.organisation_id == Organisation.id)
        .join(Account, Account.id == Role.account_id)
        .where(Role.organisation_id.in_(deciding), Role.state == RoleState.VALID)
        .where(Account.id != actor.account_id, Account.state == AccountState.ACTIVE)
        .order_by(Organisation.name_sort, Account.last_name, Account.first_name, Account.id)
        .distinct()
    )
    return [(row[0], row[1]) for row in db.session.execute(query.limit(COLLEAGUES_OFFERED))]


def absences_seen_by(actor: Actor) -> Sequence[Deputy]:
    """Who stands in for whom, now and later, in the organisations of the actor."""
    own = {role.organisation_id for role in actor.roles}
    query = select(Deputy).where(
        Deputy.organisation_id.in_(own), Deputy.ended_at.is_(None), Deputy.last_day >= today()
    )
    return db.session.scalars(query.order_by(Deputy.first_day, Deputy.id)).all()


def name(absence: Absence, actor: Actor) -> Deputy:
    """Name a deputy for oneself; raises Refused, NotAColleague, WrongDays, AlreadyNamed."""
    authorise(actor, Action.DEPUTY_NAME, OwnOrganisation(absence.organisation_id))
    if not absence.first_day <= absence.last_day or absence.last_day < today():
        raise WrongDays
    if absence.last_day - absence.first_day > LONGEST:
        raise WrongDays
    deputy = _colleague(absence, actor)
    row = Deputy(
        organisation_id=absence.organisation_id, account_id=actor.account_id, deputy_id=deputy.id,
        first_day=absence.first_day, last_day=absence.last_day, named_at=clock.now(),
    )  # fmt: skip
    _put(row)
    event = queue_events.DeputyNamed(row.id, row.organisation_id, row.account_id, row.deputy_id)
    trail.record(event, actor)
    _tell(row, deputy)
    db.session.commit()
    return row


def _put(row: Deputy) -> None:
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AlreadyNamed from None


def _colleague(absence: Absence, actor: Actor) -> Account:
    held = select(Role.id).where(
        Role.account_id == absence.deputy_id,
        Role.organisation_id == absence.organisation_id,
        Role.state == RoleState.VALID,
    )
    account = identity.account_by_id(absence.deputy_id)
    if account is None or account.id == actor.account_id or db.session.scalar(held.limit(1)) is None:
        raise NotAColleague
    return account


def end(row_id: int, actor: Actor) -> bool:
    """End the days of a deputy now; False when they had been ended. Raises NotThere, Hidden."""
    authorise(actor, Action.DEPUTY_READ)
    row = db.session.scalar(select(Deputy).where(Deputy.id == row_id))
    if row is None:
        raise NotThere
    target = NamedDeputy(row.account_id, row.deputy_id, row.organisation_id)
    authorise_to_see(actor, Action.DEPUTY_END, target)
    ended = db.session.execute(
        update(Deputy)
        .where(Deputy.id == row_id, Deputy.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(ended) == 0:
        db.session.rollback()
        return False
    event = queue_events.DeputyEnded(row.id, row.organisation_id, row.account_id, row.deputy_id)
    trail.record(event, actor)
    db.session.commit()
    return True


def record_decision(role: Role, target: RequestedRole, action: Action, actor: Actor) -> None:
    """Where the right came from standing in, the trail names the absent colleague too. Commits nothing.

    Raises Refused where the absence ended after the rights of the actor were read.
    """
    inside = role.organisation_id in actor.organisations_administered
    if inside or actor.authorities & target.validating_authorities:
        return
    places = (actor.organisations_decided | actor.authorities_decided) & {
        role.organisation_id,
        *target.validating_authorities,
    }
    named = select(Deputy).where(
        Deputy.deputy_id == actor.account_id, Deputy.organisation_id.in_(places), in_force()
    )
    row = db.session.scalar(named.order_by(Deputy.id).limit(1))
    if row is None:
        raise Refused(action, target)
    trail.record(
        queue_events.DecidedForAbsent(role.id, role.account_id, role.organisation_id, row.account_id, row.id),
        actor,
    )


def _tell(row: Deputy, deputy: Account) -> None:
    people = identity.accounts_by_id([row.account_id])
    organisation = db.session.scalars(
        select(Organisation).where(Organisation.id == row.organisation_id)
    ).one()
    path = f"/{environment.current().value}/deputies"
    notice = queue_notices.DeputyNamedNotice(
        deputy.first_name, deputy.last_name, people[row.account_id].full_name, organisation.name,
        _noon(row.first_day), _noon(row.last_day), path,
    )  # fmt: skip
    outbox.put(notice, outbox.Recipient(deputy.email, deputy.language, deputy.id))


def _noon(day: date) -> str:
    # The same day in every zone of the Union.
    return datetime.combine(day, time(12), UTC).isoformat()
