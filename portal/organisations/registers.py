"""What authorities and control bodies have alike: their details, their states, who changed them. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.database import db, rows_changed
from portal.environments import environment
from portal.organisations.folding import search_text, sort_key
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.vocabulary import OrganisationKind
from portal.workflow import NotThere, Transition

HISTORY_ROWS = 25
PLAIN = ("name", "street", "postcode", "city", "telephone", "fax", "email", "website", "code")
"""The details both registers have, by the name of their column."""


@dataclass(frozen=True)
class RecordText:
    """Details of a record as typed."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    telephone: str = ""
    fax: str = ""
    email: str = ""
    website: str = ""
    code: str = ""


class EditedMeanwhile(Exception):
    """Somebody else saved in between: the record stands at `version` now. Nothing of mine was written."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class CodeTaken(Exception):
    """Another authority of that country has this code."""


class NameTaken(Exception):
    """A record of that name stands in the same place already: perhaps the form was sent twice."""


class StateChanged(Exception):
    """The record is in a state in which that is not possible: perhaps somebody was faster. Nothing was changed."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def record_by_id(organisation_id: int, kind: OrganisationKind) -> Organisation:
    """The record of that kind in this environment, whatever its state; raises NotThere."""
    row = db.session.get(Organisation, organisation_id, populate_existing=True)
    if row is None or row.kind != kind:
        raise NotThere
    return row


def held(organisation_id: int, version: int) -> Organisation:
    """The record, held until the commit, if it still is what the person saw; raises NotThere, EditedMeanwhile."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotThere
    if row.version != version:
        raise EditedMeanwhile(row.version)
    return row


def put_record(row: Organisation, text: RecordText) -> list[str]:
    """Write the details and what searches need; returns the names of those that changed."""
    changed = [name for name in PLAIN if getattr(row, name) != getattr(text, name)]
    for name in changed:
        setattr(row, name, getattr(text, name))
    row.name_sort, row.search_text = sort_key(row.name), search_text(row.name, row.code)
    return changed


def flush_code(code: str) -> None:
    """Send the record to the database, which knows whether the code is free; raises CodeTaken after a rollback."""
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise CodeTaken(code) from None


def check_name(row: Organisation) -> None:
    """Raise NameTaken, after a rollback, where another record of that kind, role and place has the name."""
    twin = select(Organisation.id).where(
        Organisation.kind == row.kind,
        Organisation.country == row.country,
        Organisation.name_sort == row.name_sort,
        Organisation.authority_role.is_not_distinct_from(row.authority_role),
        Organisation.superior_id.is_not_distinct_from(row.superior_id),
        Organisation.state != OrganisationState.DELETED,
        Organisation.id != row.id,
    )
    if db.session.scalar(twin.limit(1)) is not None:
        db.session.rollback()
        raise NameTaken


def change_state(row: Organisation, transition: Transition) -> None:
    """One conditional UPDATE: of two people who decide at once one changes it. Raises StateChanged."""
    changed = db.session.execute(
        update(Organisation)
        .where(Organisation.id == row.id, Organisation.state.in_(transition.sources))
        .values(state=transition.target.value, version=Organisation.version + 1)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        db.session.rollback()
        db.session.refresh(row)
        raise StateChanged(row.state)
    db.session.refresh(row)


def history_of(organisation_id: int, names: Iterable[str]) -> list[AuditEvent]:
    """What happened to the record, newest first, as far as its page has words for it."""
    query = select(AuditEvent).where(
        AuditEvent.subject_kind == "organisation",
        AuditEvent.subject_id == organisation_id,
        AuditEvent.environment == environment.current().value,
        AuditEvent.name.in_(list(names)),
    )
    return list(db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(HISTORY_ROWS)))
