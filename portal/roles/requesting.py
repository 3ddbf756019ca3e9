"""Asking for roles and taking a request back: what the requester does."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, WantedRole
from portal.access.authorise import authorise
from portal.audit import events, trail
from portal.database import db
from portal.environments import announced, environment
from portal.identity import queries as identity
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.limits import ledger, rates
from portal.messages import catalogue, outbox
from portal.organisations import queries as organisations
from portal.organisations.states import REQUESTABLE
from portal.roles import queries
from portal.roles.changes import AlreadyDecided, NotThere, change_state, release_kind
from portal.roles.models import Role, RoleKind
from portal.roles.states import WITHDRAW, RoleState
from portal.vocabulary import AuthorityRole, OrganisationKind


@dataclass(frozen=True)
class RoleWish:
    """The ticked rows of one search: organisations, or rows of control bodies; and what may help the validator."""

    kind: OrganisationKind
    rows: tuple[int, ...]
    message: str = ""
    contact_email: str = ""
    contact_telephone: str = ""


@dataclass(frozen=True)
class WantedRow:
    """A row of a search as the confirmation names it."""

    row_id: int
    organisation_id: int
    scope_id: int | None
    name: str
    code: str
    is_requestable: bool


class KindHeld(Exception):
    """The person holds another kind of role here: one kind for each person (S3)."""


class NotRequestable(Exception):
    """One of the rows cannot be asked for any more: expired, or its organisation is closed."""

    def __init__(self, row: WantedRow) -> None:
        super().__init__(row.row_id)
        self.row = row


class AlreadyRequested(Exception):
    """The person has a role or an open request for that row."""

    def __init__(self, row: WantedRow) -> None:
        super().__init__(row.row_id)
        self.row = row


def wanted_rows(kind: OrganisationKind, ids: tuple[int, ...]) -> list[WantedRow]:
    """The rows in the order given; raises NotThere for one that is not of that kind and environment."""
    if kind is OrganisationKind.CONTROL_BODY:
        found = _wanted_scopes(ids)
    else:
        found = _wanted_organisations(kind, ids)
    unique = tuple(dict.fromkeys(ids))
    if not unique or any(row_id not in found for row_id in unique):
        raise NotThere
    return [found[row_id] for row_id in unique]


def _wanted_scopes(ids: tuple[int, ...]) -> dict[int, WantedRow]:
    return {
        scope.id: WantedRow(
            scope.id,
            scope.organisation_id,
            scope.id,
            scope.organisation.name,
            scope.code,
            scope.organisation.state in REQUESTABLE and not organisations.is_expired(scope),
        )  # fmt: skip
        for scope in organisations.scopes_by_id(ids).values()
    }


def _wanted_organisations(kind: OrganisationKind, ids: tuple[int, ...]) -> dict[int, WantedRow]:
    return {
        row.id: WantedRow(
            row.id,
            row.id,
            None,
            row.name,
            row.code,
            row.state in REQUESTABLE and row.authority_role != AuthorityRole.COMMISSION,
        )  # fmt: skip
        for row in organisations.organisations_by_id(ids).values()
        if row.kind == kind
    }


def request_roles(wish: RoleWish, actor: Actor) -> list[Role]:
    """One request for each row, all or none; raises KindHeld, NotRequestable, AlreadyRequested, NotThere."""
    roles = put_requests(wish, actor)
    db.session.commit()
    return roles


def put_requests(wish: RoleWish, actor: Actor) -> list[Role]:
    """What `request_roles` does, inside a larger change: commits nothing, raises the same."""
    authorise(actor, Action.ROLE_REQUEST, WantedRole(actor.account_id, wish.kind))
    announced.check_open()
    rows = wanted_rows(wish.kind, wish.rows)
    for row in rows:
        ledger.take(rates.REQUESTS_PER_ACCOUNT, str(actor.account_id))
        if not row.is_requestable:
            raise NotRequestable(row)
    _hold_kind(actor.account_id, wish.kind)
    roles = [_ask(row, wish, actor) for row in rows]
    account = db.session.get_one(Account, actor.account_id)
    for role, row in zip(roles, rows, strict=True):
        trail.record(events.RoleRequested(role.id, actor.account_id, row.organisation_id), actor)
        _tell_validators(role, row, account, actor)
        _tell_requester(row, account)
    return roles


def _hold_kind(account_id: int, kind: OrganisationKind) -> None:
    # The row is locked until the commit: nobody lets go of the kind while a request that needs it is being written.
    own = select(RoleKind).where(RoleKind.account_id == account_id, RoleKind.kind == kind)
    held = db.session.scalar(own.with_for_update().execution_options(populate_existing=True))
    try:
        with db.session.begin_nested():
            if held is None:
                db.session.add(RoleKind(account_id=account_id, kind=kind.value, active=True))
            else:
                held.active = True
    except IntegrityError:
        held = db.session.scalar(own.with_for_update().execution_options(populate_existing=True))
        if held is None or not held.active:
            db.session.rollback()
            raise KindHeld from None


def _ask(row: WantedRow, wish: RoleWish, actor: Actor) -> Role:
    role = Role(
        account_id=actor.account_id, organisation_id=row.organisation_id, scope_id=row.scope_id,
        scope_key=row.scope_id or 0, kind=wish.kind.value, state=RoleState.REQUESTED.value, message=wish.message,
        contact_email=wish.contact_email, contact_telephone=wish.contact_telephone, requested_at=clock.now(),
    )  # fmt: skip
    db.session.add(role)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AlreadyRequested(row) from None
    return role


def _tell_validators(role: Role, row: WantedRow, requester: Account, actor: Actor) -> None:
    path = f"/{environment.current().value}/validation/{role.id}"
    ids = queries.validators_to_notify(role, administrators_only=actor.strict_validators)
    people = [one for one in identity.accounts_by_id(ids).values() if one.state == AccountState.ACTIVE]
    outbox.put_each(
        (
            catalogue.RoleRequestedNotice(one.first_name, one.last_name, requester.full_name, row.name, path),
            outbox.Recipient(one.email, one.language, one.id),
        )
        for one in people
    )


def _tell_requester(row: WantedRow, account: Account) -> None:
    path = f"/{environment.current().value}/profile"
    notice = catalogue.RoleRequestReceived(account.first_name, account.last_name, row.name, path)
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def request_to_withdraw(role_id: int, actor: Actor) -> Role:
    """The own open request, for the page that asks whether to take it back; raises NotThere, AlreadyDecided."""
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None or role.account_id != actor.account_id:
        raise NotThere
    authorise(actor, Action.ROLE_WITHDRAW, queries.target_of(role))
    if role.state not in WITHDRAW.sources:
        raise AlreadyDecided(role)
    return role


def withdraw_role(role_id: int, actor: Actor) -> Role:
    """Take the own request back; raises NotThere, AlreadyDecided."""
    role = request_to_withdraw(role_id, actor)
    change_state(role, WITHDRAW, actor)
    release_kind(role.account_id, OrganisationKind(role.kind))
    trail.record(events.RoleWithdrawn(role.id, role.account_id, role.organisation_id), actor)
    db.session.commit()
    return role
