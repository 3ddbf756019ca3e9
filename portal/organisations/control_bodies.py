"""Creating and changing control bodies and their scopes: each scope is a row that can be asked for (AU11, AU12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_registers import ControlBodyTarget
from portal.audit import register_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations import tree
from portal.organisations.folding import search_text
from portal.organisations.models import ControlBodyScope, Organisation
from portal.organisations.registers import (
    EditedMeanwhile,
    RecordText,
    StateChanged,
    change_state,
    check_name,
    held,
    put_record,
    record_by_id,
)
from portal.organisations.states import CONTROL_BODY_TRANSITIONS, OrganisationState
from portal.reference import queries as reference
from portal.vocabulary import ControlBodyOrigin, OrganisationKind
from portal.workflow import NotThere


@dataclass(frozen=True)
class ScopeText:
    """A scope as typed; without `valid_until` it goes on."""

    code: str
    country: str
    categories: str
    regime: str
    origin: ControlBodyOrigin
    supervisor_id: int | None = None
    valid_until: date | None = None


SCOPE_FIELDS = ("categories", "origin", "supervisor_id", "valid_until")
"""What may change of a scope; code, country and regulation are what it is."""


class ScopeThere(Exception):
    """The control body has that code for that country and regulation already: renew it instead."""


class Unfitting(Exception):
    """A category the regulation has not, or a supervisor that is no authority here; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def body_by_id(body_id: int) -> Organisation:
    """The control body, whatever its state; raises NotThere."""
    return record_by_id(body_id, OrganisationKind.CONTROL_BODY)


def body_to_read(body_id: int, actor: Actor) -> Organisation:
    """The control body, for its page; raises NotThere, Refused."""
    body = body_by_id(body_id)
    authorise(actor, Action.CONTROL_BODY_READ, ControlBodyTarget(body.id))
    return body


def body_to_keep(body_id: int, actor: Actor) -> Organisation:
    """The control body, for the pages that change it; raises Refused, NotThere, StateChanged."""
    authorise(actor, Action.CONTROL_BODY_KEEP)
    body = body_by_id(body_id)
    if body.state == OrganisationState.DELETED:
        raise StateChanged(body.state)
    return body


def create_body(text: RecordText, country: str, actor: Actor) -> Organisation:
    """A new control body without scopes; raises Refused, NameTaken."""
    authorise(actor, Action.CONTROL_BODY_KEEP)
    tree.hold_the_tree()
    row = Organisation(
        kind=OrganisationKind.CONTROL_BODY.value, state=OrganisationState.VALID.value, country=country,
        origin="portal", created_by=actor.account_id, code="",
    )  # fmt: skip
    put_record(row, text)
    db.session.add(row)
    db.session.flush()
    check_name(row)
    trail.record(events.ControlBodyCreated(row.id), actor)
    db.session.commit()
    return row


def edit_body(body_id: int, text: RecordText, version: int, actor: Actor) -> bool:
    """Whether anything changed; raises Refused, NotThere, StateChanged, EditedMeanwhile."""
    body = body_to_keep(body_id, actor)
    held(body.id, version)
    changed = put_record(body, text)
    if not changed:
        db.session.rollback()
        return False
    for scope in body.scopes:
        scope.name_sort, scope.search_text = body.name_sort, search_text(body.name, scope.code)
    trail.record(events.ControlBodyEdited(body.id, ",".join(sorted(changed))), actor)
    db.session.commit()
    return True


EVENTS = {
    "suspend": events.ControlBodySuspended,
    "lift": events.ControlBodyLifted,
    "delete": events.ControlBodyDeleted,
}


def change_body(body_id: int, name: str, actor: Actor) -> Organisation:
    """Suspend, lift or delete it; raises Refused, NotThere, StateChanged. Roles keep their status, without effect."""
    authorise(actor, Action.CONTROL_BODY_KEEP)
    body = body_by_id(body_id)
    change_state(body, CONTROL_BODY_TRANSITIONS[name])
    trail.record(EVENTS[name](body.id), actor)
    db.session.commit()
    return body


def scope_to_keep(scope_id: int, actor: Actor) -> ControlBodyScope:
    """The scope, for the pages that change it; raises Refused, NotThere, StateChanged."""
    authorise(actor, Action.CONTROL_BODY_KEEP)
    scope = db.session.get(ControlBodyScope, scope_id, populate_existing=True)
    if scope is None:
        raise NotThere
    body_to_keep(scope.organisation_id, actor)
    return scope


def add_scope(body_id: int, text: ScopeText, actor: Actor) -> ControlBodyScope:
    """A code for one more country; raises Refused, NotThere, StateChanged, ScopeThere, Unfitting."""
    body = body_to_keep(body_id, actor)
    _check(text, text.regime)
    scope = ControlBodyScope(
        organisation_id=body.id, name_sort=body.name_sort, search_text=search_text(body.name, text.code),
        code=text.code, country=text.country, regime=text.regime,
    )  # fmt: skip
    _put(scope, text)
    db.session.add(scope)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise ScopeThere from None
    trail.record(events.ScopeAdded(body.id, scope.id), actor)
    db.session.commit()
    return scope


def edit_scope(scope_id: int, text: ScopeText, version: int, actor: Actor) -> bool:
    """Whether anything changed; raises Refused, NotThere, StateChanged, EditedMeanwhile, Unfitting."""
    scope = _held_scope(scope_id, version, actor)
    _check(text, scope.regime)
    before = {name: getattr(scope, name) for name in SCOPE_FIELDS}
    _put(scope, text)
    changed = [name for name in SCOPE_FIELDS if before[name] != getattr(scope, name)]
    if not changed:
        db.session.rollback()
        return False
    trail.record(events.ScopeChanged(scope.organisation_id, scope.id, ",".join(changed)), actor)
    db.session.commit()
    return True


def end_scope(scope_id: int, version: int, actor: Actor) -> ControlBodyScope:
    """It ends with yesterday: shown as ended, not to be asked for. Raises as `edit_scope` does."""
    scope = _held_scope(scope_id, version, actor)
    scope.valid_until = clock.now().date() - timedelta(days=1)
    trail.record(events.ScopeEnded(scope.organisation_id, scope.id), actor)
    db.session.commit()
    return scope


def renew_scope(scope_id: int, until: date | None, version: int, actor: Actor) -> ControlBodyScope:
    """It counts until that day, or without end; raises as `edit_scope` does, Unfitting for a day that is over."""
    scope = _held_scope(scope_id, version, actor)
    if until is not None and until < clock.now().date():
        raise Unfitting("valid_until")
    scope.valid_until = until
    trail.record(events.ScopeRenewed(scope.organisation_id, scope.id), actor)
    db.session.commit()
    return scope


def _held_scope(scope_id: int, version: int, actor: Actor) -> ControlBodyScope:
    scope = scope_to_keep(scope_id, actor)
    query = select(ControlBodyScope).where(ControlBodyScope.id == scope.id).with_for_update()
    held = db.session.scalar(query.execution_options(populate_existing=True))
    if held is None:
        raise NotThere
    if held.version != version:
        raise EditedMeanwhile(held.version)
    return held


def _put(scope: ControlBodyScope, text: ScopeText) -> None:
    scope.categories = "".join(sorted(set(text.categories)))
    scope.origin, scope.valid_until = text.origin.value, text.valid_until
    national = text.origin is ControlBodyOrigin.MEMBER_STATE
    scope.supervisor_id = text.supervisor_id if national else None


def _check(text: ScopeText, regime: str) -> None:
    if not set(text.categories) <= reference.category_names(regime, text.categories, "en").keys():
        raise Unfitting("categories")
    if text.supervisor_id is None:
        return
    supervisor = db.session.get(Organisation, text.supervisor_id)
    standing = supervisor is not None and supervisor.state == OrganisationState.VALID
    if supervisor is None or not standing or supervisor.kind != OrganisationKind.AUTHORITY:
        raise Unfitting("supervisor")
