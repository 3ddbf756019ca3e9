"""Making the rows of operators, checking what they say, and the proof of a search before. Commits nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from portal import clock, crypto
from portal.adapters import identifier_numbers
from portal.database import db
from portal.environments import environment
from portal.organisations import responsible
from portal.organisations.folding import search_text, sort_key
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState, OrganisationState
from portal.reference import queries as reference
from portal.vocabulary import OrganisationKind

PROOF_GOOD_FOR = timedelta(hours=1)
CONTACTS = ("telephone", "fax", "email", "website")
"""One of these four is needed (S3)."""


@dataclass(frozen=True)
class Details:
    """«Operator Details»: what the page of an operator shows of it, the country apart."""

    name: str
    street: str
    postcode: str
    city: str
    eori: str = ""
    vat: str = ""
    telephone: str = ""
    fax: str = ""
    email: str = ""
    website: str = ""


DETAILS = tuple(one.name for one in fields(Details))
WEIGHTY = ("name", "street", "postcode", "city", "eori", "vat")
"""When the operator's own people change one of these, every activity is validated again."""


@dataclass(frozen=True)
class NewActivity:
    """An activity to begin; without `responsible_id` the authority is found by the address."""

    section: str
    activity: str
    responsible_id: int | None = None
    address_id: int | None = None


class Unacceptable(Exception):
    """What was typed cannot stand: a word for the reason, by field."""

    def __init__(self, **problems: str) -> None:
        super().__init__(problems)
        self.problems = problems


class SearchFirst(Exception):
    """No search for that country was made in the last hour by this person (OP1)."""


def proof_of_search(account_id: int, country: str) -> str:
    """What the address of the page «Create a new operator» needs; made once a search was run."""
    parts = (str(account_id), environment.current().value, country, clock.now().isoformat())
    return crypto.seal("operator-search", "|".join(parts))


def searched_country(proof: str, account_id: int) -> str:
    """The country that was searched; raises SearchFirst for a proof that is old, changed or somebody else's."""
    try:
        account, where, country, searched_at = crypto.unseal("operator-search", proof).split("|")
    except (crypto.CannotUnseal, ValueError):
        raise SearchFirst from None
    fresh = clock.now() - datetime.fromisoformat(searched_at) <= PROOF_GOOD_FOR
    if not fresh or account != str(account_id) or where != environment.current().value:
        raise SearchFirst
    return country


def checked_details(details: Details, country: str) -> Details:
    """Numbers in their plain form; raises Unacceptable with every field that cannot stand."""
    problems: dict[str, str] = {}
    eori = vat = ""
    try:
        eori = identifier_numbers.eori_number(details.eori) if details.eori else ""
    except identifier_numbers.NotANumber as refused:
        problems["eori"] = f"eori-{refused.reason}"
    try:
        vat = identifier_numbers.vat_number(details.vat, country) if details.vat else ""
    except identifier_numbers.NotANumber as refused:
        problems["vat"] = f"vat-{refused.reason}"
    if not any(getattr(details, name) for name in CONTACTS):
        problems["telephone"] = "contact-missing"
    if problems:
        raise Unacceptable(**problems)
    return replace(details, eori=eori, vat=vat)


def check_identifiers(details: Details, activities: list[tuple[str, str]]) -> None:
    """Raise Unacceptable where an activity needs a number that is missing (OP3)."""
    needed = {
        n for section, activity in activities for n in reference.required_identifiers(section, activity)
    }
    missing = {number: f"{number}-required" for number in sorted(needed) if not getattr(details, number)}
    if missing:
        raise Unacceptable(**missing)


def check_may_register(section: str) -> None:
    """Raise Unacceptable for a section whose list authorities keep: operators do not enter themselves (OPER-029)."""
    if reference.is_listed(section):
        raise Unacceptable(activity="section-listed")


def responsible_for(wanted: NewActivity, place: responsible.Place) -> Organisation | None:
    """Who will answer for the activity; raises Unacceptable. None where nobody is registered for that country."""
    if not reference.is_offered(wanted.section, wanted.activity):
        raise Unacceptable(activity="activity-unknown")
    if not responsible.is_chosen(wanted.section):
        return responsible.found_for(wanted.section, place)
    choices = {row.id: row for row in responsible.offered(wanted.section, place.country)}
    if choices and wanted.responsible_id is None:
        raise Unacceptable(responsible="responsible-missing")
    if wanted.responsible_id is not None and wanted.responsible_id not in choices:
        raise Unacceptable(responsible="responsible-unknown")
    return choices.get(wanted.responsible_id or 0)


def new_operator(
    details: Details, country: str, created_by: int, source_key: str | None = None
) -> Organisation:
    """The row of an operator whose activities nobody has validated yet; `source_key` finds one from a file again."""
    row = Organisation(
        kind=OrganisationKind.OPERATOR.value, state=OrganisationState.NEW.value, country=country,
        origin="portal", created_by=created_by, code="", name="", name_sort="", search_text="",
        source_key=source_key,
    )  # fmt: skip
    put_details(row, details)
    db.session.add(row)
    db.session.flush()
    return row


def put_details(row: Organisation, details: Details) -> tuple[str, ...]:
    """Write the details and what searches need; returns the names of those that changed."""
    changed = tuple(name for name in DETAILS if getattr(row, name) != getattr(details, name))
    for name in changed:
        setattr(row, name, getattr(details, name))
    row.name_sort = sort_key(row.name)
    row.search_text = search_text(row.name, row.code, row.eori)
    return changed


def details_of(row: Organisation) -> Details:
    """The details as they stand."""
    return Details(**{name: getattr(row, name) for name in DETAILS})


def new_activity(
    operator: Organisation, wanted: NewActivity, responsible_id: int | None, created_by: int
) -> OperatorActivity:
    """The row of an activity that waits for validation; one that was rejected or deleted begins anew."""
    row = next((one for one in operator.activities if _same(one, wanted)), None)
    if row is None:
        row = OperatorActivity(
            organisation_id=operator.id, section_code=wanted.section, activity_code=wanted.activity
        )
        db.session.add(row)
    elif row.state not in (ActivityState.REJECTED, ActivityState.DELETED):
        raise Unacceptable(activity="activity-twice")
    row.state, row.responsible_id, row.address_id = ActivityState.NEW.value, responsible_id, wanted.address_id
    row.created_by, row.decided_by, row.decided_at, row.reason_code, row.reason_text = (
        created_by,
        None,
        None,
        None,
        "",
    )
    db.session.flush()
    return row


def _same(one: OperatorActivity, wanted: NewActivity) -> bool:
    return (one.section_code, one.activity_code) == (wanted.section, wanted.activity)
