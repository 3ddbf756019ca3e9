"""Creating, changing, moving, suspending and deleting authorities (AU1 to AU5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_registers import AuthorityMove, AuthorityPlace, AuthorityTarget, fits_under
from portal.audit import register_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations import posts, tree
from portal.organisations.models import ControlBodyScope, OperatorActivity, Organisation
from portal.organisations.registers import (
    RecordText,
    StateChanged,
    change_state,
    check_name,
    flush_code,
    held,
    put_record,
    record_by_id,
)
from portal.organisations.search import ENDED_ACTIVITIES
from portal.organisations.states import AUTHORITY_TRANSITIONS, OrganisationState
from portal.vocabulary import AuthorityRole, OrganisationKind


@dataclass(frozen=True)
class AuthorityText:
    """An authority as typed: the record, its role and competences, for posts what they are designated for."""

    record: RecordText
    role: AuthorityRole
    country: str
    competences: tuple[str, ...] = ()
    designations: tuple[str, ...] = ()


class WrongPlace(Exception):
    """An authority of that role cannot hang there, or one of another country cannot."""


@dataclass(frozen=True)
class Needs:
    """What still leads to an authority that is to be deleted."""

    subordinates: int
    activities: int
    scopes: int


class StillNeeded(Exception):
    """Something leads to the authority: it is moved first. Nothing was changed."""

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs)
        self.needs = needs


class Circle(Exception):
    """The new superior stands below the authority; `names` lead from it up to itself."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


def authority_by_id(authority_id: int) -> Organisation:
    """The authority, whatever its state; raises NotThere."""
    return record_by_id(authority_id, OrganisationKind.AUTHORITY)


def target_of(authority: Organisation) -> AuthorityTarget:
    """The authority as the rules see it."""
    above = frozenset(tree.line_of(authority.id)) - {authority.id}
    return AuthorityTarget(authority.id, authority.authority_role or "", above)


def place_under(superior: Organisation) -> AuthorityPlace:
    """The place directly under that authority."""
    return AuthorityPlace(frozenset(tree.line_of(superior.id)))


def superior_to_create_under(superior_id: int, actor: Actor) -> Organisation:
    """The authority under which one is to be created; raises NotThere, Refused, WrongPlace."""
    superior = authority_by_id(superior_id)
    authorise(actor, Action.AUTHORITY_CREATE, place_under(superior))
    if superior.state == OrganisationState.DELETED:
        raise WrongPlace
    return superior


def authority_to_edit(authority_id: int, actor: Actor) -> Organisation:
    """The authority, for the page that changes it; raises NotThere, Refused, StateChanged."""
    authority = authority_by_id(authority_id)
    authorise(actor, Action.AUTHORITY_EDIT, target_of(authority))
    if authority.state == OrganisationState.DELETED:
        raise StateChanged(authority.state)
    return authority


def create_authority(superior_id: int, text: AuthorityText, actor: Actor) -> Organisation:
    """A new authority under that one; raises NotThere, Refused, WrongPlace, CodeTaken, NameTaken."""
    tree.hold_the_tree()
    superior = superior_to_create_under(superior_id, actor)
    _check_place(text.role, text.country, superior)
    row = Organisation(
        kind=OrganisationKind.AUTHORITY.value, state=OrganisationState.VALID.value, country=text.country,
        authority_role=text.role.value, superior_id=superior.id, origin="portal", created_by=actor.account_id,
        competences=list(text.competences), code="",
    )  # fmt: skip
    put_record(row, text.record)
    db.session.add(row)
    flush_code(text.record.code)
    check_name(row)
    tree.hang(row.id, superior.id)
    posts.put_designations(row, text.designations)
    trail.record(events.AuthorityCreated(row.id, superior.id, text.role.value), actor)
    db.session.commit()
    return row


def _check_place(role: str | None, country: str, superior: Organisation) -> None:
    if not fits_under(role, superior.authority_role):
        raise WrongPlace
    if superior.authority_role != AuthorityRole.COMMISSION and superior.country != country:
        raise WrongPlace


def edit_authority(authority_id: int, text: AuthorityText, version: int, actor: Actor) -> bool:
    """Whether anything changed; raises NotThere, Refused, EditedMeanwhile, WrongPlace, CodeTaken, StateChanged.

    The country never changes, and the role only to one that fits its place and what hangs under it."""
    tree.hold_the_tree()
    authority = authority_to_edit(authority_id, actor)
    held(authority.id, version)
    _check_role(authority, text.role)
    changed = put_record(authority, text.record)
    if text.role != authority.authority_role:
        authority.authority_role = text.role.value
        changed.append("role")
    if set(text.competences) != set(authority.competences):
        authority.competences = list(text.competences)
        changed.append("competences")
    if posts.put_designations(authority, text.designations):
        changed.append("designations")
    if not changed:
        db.session.rollback()
        return False
    authority.version = version + 1
    flush_code(text.record.code)
    trail.record(events.AuthorityEdited(authority_id, ",".join(sorted(changed))), actor)
    db.session.commit()
    return True


def _check_role(authority: Organisation, role: AuthorityRole) -> None:
    if role == authority.authority_role:
        return
    superior = authority_by_id(authority.superior_id) if authority.superior_id else None
    if superior is None or not fits_under(role, superior.authority_role):
        raise WrongPlace
    below = select(Organisation.authority_role).where(
        Organisation.superior_id == authority.id, Organisation.state != OrganisationState.DELETED
    )
    if not all(fits_under(one, role) for one in db.session.scalars(below.distinct())):
        raise WrongPlace


def authority_to_move(authority_id: int, superior_id: int, actor: Actor) -> tuple[Organisation, Organisation]:
    """The authority and its new superior; raises NotThere, Refused, StateChanged."""
    authority, superior = authority_by_id(authority_id), authority_by_id(superior_id)
    authorise(actor, Action.AUTHORITY_MOVE, AuthorityMove(target_of(authority), place_under(superior)))
    for row in (authority, superior):
        if row.state == OrganisationState.DELETED:
            raise StateChanged(row.state)
    return authority, superior


def move_authority(authority_id: int, superior_id: int, version: int, actor: Actor) -> int:
    """Hang it, with all below it, under another authority; returns how many moved.

    Raises NotThere, Refused, EditedMeanwhile, WrongPlace, StateChanged, and Circle where the new superior stands
    below it. Moves come one after the other: two that fit alone cannot make a circle together."""
    tree.hold_the_tree()
    authority, superior = authority_to_move(authority_id, superior_id, actor)
    former = authority.superior_id
    held(authority.id, version)
    try:
        moved = tree.move(authority.id, superior.id)
    except tree.CircularTree as refused:
        names = _names(refused.path)
        db.session.rollback()
        raise Circle(names) from None
    _check_place(authority.authority_role, authority.country, superior)
    authority.superior_id = superior.id
    trail.record(events.AuthorityMoved(authority.id, former or 0, superior.id, moved), actor)
    db.session.commit()
    return moved


def _names(path: tuple[int, ...]) -> list[str]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(path))
    names = dict(db.session.execute(query).all())
    return [names[number] for number in path]


def change_authority(authority_id: int, name: str, actor: Actor) -> Organisation:
    """Suspend, lift or delete it; raises NotThere, Refused, StillNeeded, StateChanged."""
    authority = authority_by_id(authority_id)
    transition = AUTHORITY_TRANSITIONS[name]
    authorise(actor, Action.AUTHORITY_SUSPEND, target_of(authority))
    if transition.target is OrganisationState.DELETED:
        tree.hold_the_tree()
        needs = needs_of(authority.id)
        if needs != Needs(0, 0, 0):
            raise StillNeeded(needs)
    change_state(authority, transition)
    trail.record(EVENTS[name](authority.id), actor)
    db.session.commit()
    return authority


EVENTS = {
    "suspend": events.AuthoritySuspended,
    "lift": events.AuthorityLifted,
    "delete": events.AuthorityDeleted,
}


def needs_of(authority_id: int) -> Needs:
    """What leads to the authority and would be left without one."""
    below = Organisation.superior_id == authority_id, Organisation.state != OrganisationState.DELETED
    named = (
        OperatorActivity.responsible_id == authority_id,
        OperatorActivity.state.not_in(ENDED_ACTIVITIES),
    )
    supervised = ControlBodyScope.supervisor_id == authority_id
    return Needs(
        db.session.scalar(select(func.count(Organisation.id)).where(*below)) or 0,
        db.session.scalar(select(func.count(OperatorActivity.id)).where(*named)) or 0,
        db.session.scalar(select(func.count(ControlBodyScope.id)).where(supervised)) or 0,
    )
