"""A row of a file of operators: found again by its reference or numbers, created, changed or left alone. No commit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.access.rules_operators import OperatorTarget, keeping_organisations
from portal.audit import operator_events as events
from portal.audit import trail
from portal.database import db
from portal.exchange.formats import Cells, Column, Format, Holds, Kind
from portal.exchange.remembering import remembered
from portal.organisations import responsible
from portal.organisations.duplicates import Sought, likely_duplicates
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.registering import (
    DETAILS,
    Details,
    NewActivity,
    Unacceptable,
    check_identifiers,
    checked_details,
    new_activity,
    new_operator,
    put_details,
)
from portal.organisations.states import ActivityState, OrganisationState
from portal.reference import queries as reference
from portal.roles.operators import target_of
from portal.vocabulary import OrganisationKind
from portal.work.ledger import Facts, ItemRefused, Outcome

FORMAT = Format(
    Kind.OPERATORS,
    (
        Column("reference", 40, needed=True, holds=Holds.CODE),
        Column("name", 200, needed=True),
        Column("street", 200, needed=True),
        Column("postcode", 20),
        Column("city", 120, needed=True),
        Column("country", 2, needed=True, holds=Holds.COUNTRY),
        Column("telephone", 40, holds=Holds.TELEPHONE),
        Column("fax", 40, holds=Holds.TELEPHONE),
        Column("email", 254, holds=Holds.EMAIL),
        Column("website", 200, holds=Holds.WEBSITE),
        Column("eori", 30),
        Column("vat", 30),
        Column("section", 60, needed=True),
        Column("activity", 60, needed=True),
        Column("responsible_code", 40, holds=Holds.CODE),
        Column("not_a_duplicate", 5, holds=Holds.YES),
    ),
    ("reference", "section", "activity"),
)


def put(actor: Actor, parameters: Facts, cells: Cells) -> Outcome:
    """Do what the row says in the name of `parameters["organisation_id"]`; raises ItemRefused."""
    keeper = int(parameters["organisation_id"])
    if keeper not in keeping_organisations(actor):
        raise ItemRefused("row-not-yours")
    try:
        details = checked_details(Details(**{name: cells[name] for name in DETAILS}), cells["country"])
        pair = _pair(cells, details)
        operator = _known(keeper, cells, details)
        return (
            _create(actor, keeper, cells, details, pair)
            if operator is None
            else _change(actor, operator, cells, details, pair)
        )
    except Unacceptable as refused:
        field, word = next(iter(refused.problems.items()))
        column = {"responsible": "responsible_code"}.get(field, field)
        raise ItemRefused(f"row-{word}", {"column": column}) from None


def _pair(cells: Cells, details: Details) -> tuple[str, str]:
    pair = cells["section"], cells["activity"]
    if not remembered(("offered", *pair), lambda: reference.is_offered(*pair)):
        raise Unacceptable(activity="activity-unknown")
    needed = remembered(("identifiers", *pair), lambda: reference.required_identifiers(*pair))
    if needed:
        check_identifiers(details, [pair])
    return pair


def source_key(keeper: int, reference_text: str) -> str:
    """How a row is found again: the reference belongs to the organisation that gave it."""
    return f"import/{keeper}/{reference_text.casefold()}"


def _known(keeper: int, cells: Cells, details: Details) -> Organisation | None:
    """The operator with that reference, else with that EORI or VAT number."""
    operators = select(Organisation).where(Organisation.kind == OrganisationKind.OPERATOR)
    found = db.session.scalar(
        operators.where(Organisation.source_key == source_key(keeper, cells["reference"]))
    )
    living = (
        operators.where(Organisation.state != OrganisationState.DELETED).order_by(Organisation.id).limit(1)
    )
    if found is None and details.eori:
        found = db.session.scalar(living.where(Organisation.eori == details.eori))
    if found is None and details.vat:
        found = db.session.scalar(living.where(Organisation.vat == details.vat))
    return found


def _create(actor: Actor, keeper: int, cells: Cells, details: Details, pair: tuple[str, str]) -> Outcome:
    if not may(actor, Action.OPERATOR_CREATE):
        raise ItemRefused("row-not-yours")
    sought = Sought(
        cells["country"], details.name, details.eori, details.vat, details.street, details.postcode
    )
    likely = [] if cells["not_a_duplicate"] else likely_duplicates(sought)
    if likely:
        raise ItemRefused("row-likely-duplicate", {"name": likely[0].organisation.name})
    key = source_key(keeper, cells["reference"])
    operator = new_operator(details, cells["country"], actor.account_id, key)
    set_committed_value(operator, "activities", [])  # known, and not asked for
    activity = _add(actor, keeper, operator, cells, pair)
    trail.record(events.OperatorCreated(operator.id, activity.id, joined=False), actor)
    return Outcome("row-created", operator.id)


def _add(
    actor: Actor, keeper: int, operator: Organisation, cells: Cells, pair: tuple[str, str]
) -> OperatorActivity:
    answering = _answering(keeper, operator, cells, pair)
    activity = new_activity(operator, NewActivity(*pair, answering), answering, actor.account_id)
    if not may(actor, Action.ACTIVITY_ADD, _target(operator, answering, pair)):
        raise ItemRefused("row-not-answering", {"column": "responsible_code"})
    return activity


def _target(operator: Organisation, answering: int, pair: tuple[str, str]) -> OperatorTarget:
    if operator.activities:
        return target_of(operator)
    # A new operator with one activity is decided by those who decide every other one like it: asked once.
    question = "deciding", answering, pair, operator.country
    return OperatorTarget(operator.id, remembered(question, lambda: target_of(operator).deciding))


def _answering(keeper: int, operator: Organisation, cells: Cells, pair: tuple[str, str]) -> int:
    """Who is responsible: the one named, the one that geography finds, or where nobody is registered the keeper."""
    section, country, postcode = pair[0], operator.country, operator.postcode
    choices = remembered(
        ("answering", section, country),
        lambda: {row.code: row.id for row in responsible.offered(section, country)},
    )
    named = cells["responsible_code"]
    if named:
        if named not in choices:
            raise Unacceptable(responsible="responsible-unknown")
        return choices[named]
    if keeper in choices.values():
        return keeper
    if responsible.is_chosen(section) and choices:
        raise Unacceptable(responsible="responsible-missing")
    place = responsible.Place(country, postcode)
    found = remembered(
        ("found", section, place), lambda: getattr(responsible.found_for(section, place), "id", None)
    )
    return int(found or keeper)


def _change(
    actor: Actor, operator: Organisation, cells: Cells, details: Details, pair: tuple[str, str]
) -> Outcome:
    """What differs is written; an authority's edit sends nothing back to validation."""
    if operator.country != cells["country"]:
        raise ItemRefused("row-other-country", {"column": "country"})
    target = target_of(operator)
    if not may(actor, Action.OPERATOR_EDIT, target):
        raise ItemRefused("row-kept-elsewhere", {"name": operator.name})
    changed = put_details(operator, details)
    added = _is_new(operator, pair)
    if added:
        keeper = next(iter(sorted(keeping_organisations(actor) & target.deciding)))
        activity = _add(actor, keeper, operator, cells, pair)
        trail.record(events.ActivityAdded(operator.id, activity.id), actor)
    if changed:
        trail.record(events.OperatorEdited(operator.id, ",".join(changed), revalidation=False), actor)
    word = "row-activity-added" if added else "row-updated" if changed else "row-unchanged"
    return Outcome(word, operator.id)


def _is_new(operator: Organisation, pair: tuple[str, str]) -> bool:
    states: Any = {(one.section_code, one.activity_code): one.state for one in operator.activities}
    if states.get(pair) in (ActivityState.REJECTED, ActivityState.DELETED):
        raise ItemRefused("row-activity-ended", {"column": "activity"})
    return pair not in states
