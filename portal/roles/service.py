"""Deciding requests: validate and reject; each function loads, authorises, checks, changes, records, tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, RequestedRole
from portal.access.authorise import authorise, may
from portal.audit import events, role_events, trail
from portal.database import db
from portal.environments import environment
from portal.identity.models import Account
from portal.messages import catalogue, outbox
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState, OrganisationState
from portal.roles import deputies, members, queries
from portal.roles.changes import (
    AlreadyDecided,
    NotThere,
    change_state,
    check_day,
    held_organisation,
    release_kind,
)
from portal.roles.deciders import activities_decided_by
from portal.roles.models import Role
from portal.roles.states import REJECT, VALIDATE, RejectReason
from portal.vocabulary import OrganisationKind


@dataclass(frozen=True)
class Validation:
    """A decision for a request; `with_operator` validates the operator and its new activities in the same step."""

    role_id: int
    administrator: bool = False
    with_operator: bool = False
    last_day: date | None = None


@dataclass(frozen=True)
class Rejection:
    """A decision against a request, with its reason."""

    role_id: int
    reason: RejectReason
    text: str = ""


class OrganisationNotValid(Exception):
    """The role alone cannot be validated: its organisation is not valid (yet)."""


class NotFirstUser(Exception):
    """Somebody else has become the first user meanwhile: the administrator flag is no longer given with this."""


class ReasonMissing(Exception):
    """«Another reason» needs words."""


def request_to_read(role_id: int, actor: Actor) -> tuple[Role, RequestedRole]:
    """The request with what the rules need; raises NotThere, and Refused for those who may not know of it."""
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None:
        raise NotThere
    target = queries.target_of(role)
    authorise(actor, Action.ROLE_READ, target)
    return role, target


def may_validate_operator(role: Role, target: RequestedRole, actor: Actor) -> bool:
    """Whether this person may validate the new operator of the request together with it: authorities only."""
    new = role.kind == OrganisationKind.OPERATOR and role.organisation.state == OrganisationState.NEW
    stranger = role.organisation.created_by != actor.account_id
    mine = new and stranger and may(actor, Action.ROLE_VALIDATE, target)
    return mine and bool(activities_decided_by(role.organisation_id, actor.authorities_decided))


def validate_role(decision: Validation, actor: Actor) -> Role:
    """Raises NotThere, Refused, AlreadyDecided, OrganisationNotValid, NotFirstUser, WrongDay; nothing changes then."""
    role, target = request_to_read(decision.role_id, actor)
    authorise(actor, Action.ROLE_VALIDATE, target)
    check_day(decision.last_day)
    if role.state not in VALIDATE.sources:
        raise AlreadyDecided(role)
    # Held until the commit: two validators cannot both make «the first user» administrator.
    organisation = held_organisation(role)
    if decision.administrator and queries.has_valid_role(organisation.id):
        raise NotFirstUser
    if organisation.state != OrganisationState.VALID:
        if not (decision.with_operator and may_validate_operator(role, target, actor)):
            raise OrganisationNotValid
        _validate_operator(organisation, actor)
    change_state(role, VALIDATE, actor, valid_until=decision.last_day, **_flag(decision, organisation, actor))
    _record_validated(role, actor)
    deputies.record_decision(role, target, Action.ROLE_VALIDATE, actor)
    _tell_validated(role)
    db.session.commit()
    return role


def _flag(decision: Validation, organisation: Organisation, actor: Actor) -> dict[str, Any]:
    """The administrator flag; where two must agree, the validator only proposes it."""
    if decision.administrator and members.naming_needs_two(organisation):
        return {"is_administrator": False, "proposed_by": actor.account_id, "proposed_at": clock.now()}
    return {"is_administrator": decision.administrator}


def _record_validated(role: Role, actor: Actor) -> None:
    facts = role.id, role.account_id, role.organisation_id
    trail.record(events.RoleValidated(*facts, role.is_administrator), actor)
    if role.proposed_by is not None:
        trail.record(role_events.AdministratorProposed(*facts), actor)


def _validate_operator(organisation: Organisation, actor: Actor) -> None:
    mine = activities_decided_by(organisation.id, actor.authorities_decided)
    db.session.execute(
        update(OperatorActivity)
        .where(OperatorActivity.id.in_(mine), OperatorActivity.state == ActivityState.NEW)
        .values(state=ActivityState.VALID, decided_by=actor.account_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    organisation.state = OrganisationState.VALID
    trail.record(events.OperatorValidated(organisation.id), actor)


def request_to_reject(role_id: int, actor: Actor) -> Role:
    """The open request, for the page that asks for the reason; raises NotThere, Refused, AlreadyDecided."""
    role, target = request_to_read(role_id, actor)
    authorise(actor, Action.ROLE_REJECT, target)
    if role.state not in REJECT.sources:
        raise AlreadyDecided(role)
    return role


def reject_role(decision: Rejection, actor: Actor) -> Role:
    """Raises NotThere, Refused, AlreadyDecided, ReasonMissing; nothing is changed then."""
    role = request_to_reject(decision.role_id, actor)
    if decision.reason is RejectReason.OTHER and not decision.text.strip():
        raise ReasonMissing
    change_state(role, REJECT, actor, reason_code=decision.reason.value, reason_text=decision.text.strip())
    release_kind(role.account_id, OrganisationKind(role.kind))
    trail.record(events.RoleRejected(role.id, role.account_id, role.organisation_id), actor)
    deputies.record_decision(role, queries.target_of(role), Action.ROLE_REJECT, actor)
    _tell_rejected(role)
    db.session.commit()
    return role


def _tell_validated(role: Role) -> None:
    account = db.session.get_one(Account, role.account_id)
    notice = catalogue.RoleValidatedNotice(
        account.first_name, account.last_name, role.organisation.name, role.is_administrator, _profile()
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def _tell_rejected(role: Role) -> None:
    account = db.session.get_one(Account, role.account_id)
    notice = catalogue.RoleRejectedNotice(
        account.first_name,
        account.last_name,
        role.organisation.name,
        role.reason_code or "",
        role.reason_text,
        _profile(),
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def _profile() -> str:
    return f"/{environment.current().value}/profile"
