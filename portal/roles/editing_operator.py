"""Changing an operator's details and addresses; two who do it at once each see what the other wrote (OP4, OP11)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_operators import OperatorTarget, decides
from portal.audit import operator_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations.activities import follow, locked, send_back
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.operator_models import OperatorAddress
from portal.organisations.registering import (
    WEIGHTY,
    Details,
    check_identifiers,
    checked_details,
    details_of,
    put_details,
)
from portal.organisations.search import ENDED_ACTIVITIES
from portal.organisations.states import OrganisationState
from portal.roles.changes import NotThere
from portal.roles.operator_mails import tell_deciders
from portal.roles.operators import addresses_of, operator_by_id, target_of

PLACES = ("street", "postcode", "city")


@dataclass(frozen=True)
class AddressText:
    """A further address as typed."""

    street: str
    postcode: str
    city: str
    country: str
    label: str = ""


class EditedMeanwhile(Exception):
    """Somebody else saved in between; `theirs` is what stands now. Nothing of mine was written."""

    def __init__(self, theirs: Details, version: int) -> None:
        super().__init__(version)
        self.theirs, self.version = theirs, version


class AddressInUse(Exception):
    """An activity is done there: the address cannot go before the activity has another one."""


def operator_to_edit(operator_id: int, actor: Actor) -> tuple[Organisation, OperatorTarget]:
    """The operator, for the page that changes it; raises NotThere, Refused."""
    operator = operator_by_id(operator_id)
    target = target_of(operator)
    authorise(actor, Action.OPERATOR_EDIT, target)
    if operator.state == OrganisationState.DELETED:
        raise NotThere
    return operator, target


def edit_details(operator_id: int, details: Details, version: int, actor: Actor) -> bool:
    """Whether activities are validated again by it; raises NotThere, Refused, Unacceptable, EditedMeanwhile."""
    operator, target = operator_to_edit(operator_id, actor)
    locked(operator.id)
    if operator.version != version:
        raise EditedMeanwhile(details_of(operator), operator.version)
    checked = checked_details(details, operator.country)
    living = [one for one in operator.activities if one.state not in ENDED_ACTIVITIES]
    check_identifiers(checked, [(one.section_code, one.activity_code) for one in living])
    changed = put_details(operator, checked)
    again = bool(set(changed) & set(WEIGHTY)) and _is_validated_again(actor, target)
    if changed:
        _follow_up(operator, ",".join(changed), None, again, actor)
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        now = operator_by_id(operator_id)
        raise EditedMeanwhile(details_of(now), now.version) from None
    return again


def _is_validated_again(actor: Actor, target: OperatorTarget) -> bool:
    # «operator admin edits -> needs validation again; edit by authority or control body -> not» (OP11)
    return not decides(actor, target)


def _follow_up(
    operator: Organisation, fields: str, activities: list[int] | None, again: bool, actor: Actor
) -> None:
    """Send activities back where that is due, record it, and tell those who decide them."""
    sent = send_back(operator.id, activities) if again else 0
    trail.record(events.OperatorEdited(operator.id, fields, again), actor)
    if sent:
        db.session.refresh(operator, ["activities"])
        for activity in operator.activities:
            db.session.refresh(activity)
        follow(operator)
        tell_deciders(operator, actor)


def add_address(operator_id: int, text: AddressText, actor: Actor) -> OperatorAddress:
    """A further address, once; nothing is done there yet. Raises NotThere, Refused."""
    operator, _target = operator_to_edit(operator_id, actor)
    locked(operator.id)
    same = next((one for one in addresses_of(operator.id) if text_of(one) == text), None)
    if same is not None:
        return same
    row = OperatorAddress(organisation_id=operator.id, **vars(text))
    db.session.add(row)
    db.session.flush()
    trail.record(events.OperatorAddressAdded(operator.id, row.id), actor)
    db.session.commit()
    return row


def text_of(row: OperatorAddress) -> AddressText:
    """The address as it would be typed."""
    return AddressText(row.street, row.postcode, row.city, row.country, row.label)


def _locked_address(row: OperatorAddress) -> None:
    # Whoever waited for the operator sees what became of the address meanwhile.
    locked(row.organisation_id)
    if db.session.get(OperatorAddress, row.id, populate_existing=True) is None:
        raise NotThere


def address_to_edit(address_id: int, actor: Actor) -> tuple[OperatorAddress, Organisation, OperatorTarget]:
    """The further address with its operator; raises NotThere, Refused."""
    row = db.session.get(OperatorAddress, address_id)
    if row is None:
        raise NotThere
    operator, target = operator_to_edit(row.organisation_id, actor)
    return row, operator, target


def edit_address(address_id: int, text: AddressText, actor: Actor) -> bool:
    """Whether the activities done there are validated again; raises NotThere, Refused."""
    row, operator, target = address_to_edit(address_id, actor)
    _locked_address(row)
    if text_of(row) == text:
        return False
    changed = replace(text_of(row), label="") != replace(text, label="")
    for name, value in vars(text).items():
        setattr(row, name, value)
    done_here = _done_at(row.id)
    again = changed and bool(done_here) and _is_validated_again(actor, target)
    trail.record(events.OperatorAddressChanged(operator.id, row.id), actor)
    if again:
        _follow_up(operator, "address", done_here, again, actor)
    db.session.commit()
    return again


def remove_address(address_id: int, actor: Actor) -> int:
    """Returns the operator's id; raises NotThere, Refused, AddressInUse."""
    row, operator, _target = address_to_edit(address_id, actor)
    _locked_address(row)
    if _done_at(row.id):
        raise AddressInUse
    for activity in operator.activities:
        if activity.address_id == row.id:
            activity.address_id = None
    db.session.flush()
    db.session.delete(row)
    trail.record(events.OperatorAddressRemoved(operator.id, row.id), actor)
    db.session.commit()
    return operator.id


def choose_main_address(address_id: int, version: int, actor: Actor) -> bool:
    """The further address and the main one change places; whether activities are validated again by it.

    Raises NotThere, Refused, and EditedMeanwhile: done twice it would undo itself.
    """
    row, operator, target = address_to_edit(address_id, actor)
    _locked_address(row)
    if operator.version != version:
        raise EditedMeanwhile(details_of(operator), operator.version)
    for name in PLACES:
        mine, main = getattr(row, name), getattr(operator, name)
        setattr(row, name, main)
        setattr(operator, name, mine)
    row.country, operator.country = operator.country, row.country
    again = _is_validated_again(actor, target)
    trail.record(events.MainAddressChosen(operator.id, row.id), actor)
    _follow_up(operator, ",".join(PLACES), None, again, actor)
    db.session.commit()
    return again


def _done_at(address_id: int) -> list[int]:
    """The living activities done at that address."""
    there = OperatorActivity.address_id == address_id, OperatorActivity.state.not_in(ENDED_ACTIVITIES)
    return list(db.session.scalars(select(OperatorActivity.id).where(*there)))
