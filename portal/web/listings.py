"""Every list that can leave as a file, with its columns; a list says here once what its rows hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.certificates import impact
from portal.certificates.impact import Touched
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity import standing
from portal.organisations import queries as organisations
from portal.reference import queries as reference
from portal.web import certificate_words, figure_words, impact_words, labels, trail_words
from portal.web.exporting import ROWS_OF_A_SEARCH, Column, Listing

ADDRESS = (
    Column(_l("Street and number"), lambda row, _found: row.street),
    Column(_l("Postcode"), lambda row, _found: row.postcode),
    Column(_l("City"), lambda row, _found: row.city),
    Column(_l("Country"), lambda row, _found: row.country),
)
NAME = Column(_l("Name"), lambda row, _found: row.name)
CODE = Column(_l("Code"), lambda row, _found: row.code)


def _activities(row: Any, _found: Any) -> str:
    living = (one for one in row.activities if one.state not in ("rejected", "deleted"))
    return "; ".join(f"{one.activity_code} ({reference.printed_code(one.section_code)})" for one in living)


def _states(row: Any, _found: Any) -> str:
    words = labels.ACTIVITY_STATES
    return "; ".join(f"{one.activity_code}: {words[one.state]}" for one in row.activities)


def _people(rows: Sequence[Any]) -> Any:
    return identity.accounts_by_id({row.account_id for row in rows})


def _people_with_standing(rows: Sequence[Any]) -> Any:
    ids = {row.account_id for row in rows}
    return identity.accounts_by_id(ids), standing.of_people(ids, environment.current().value)


def _names(rows: Sequence[Any]) -> Any:
    return organisations.organisations_by_id({row.organisation_id for row in rows})


# No telephone and no e-mail address in what everybody may search (Z-13).
FOUND_OPERATORS = Listing(
    "operators",
    (
        NAME,
        *ADDRESS,
        Column(_l("EORI number"), lambda row, _found: row.eori),
        Column(_l("Activities"), _activities),
    ),
    ROWS_OF_A_SEARCH,
)
FOUND_AUTHORITIES = Listing(
    "authorities",
    (NAME, *ADDRESS, Column(_l("Role"), lambda row, _found: row.authority_role), CODE),
    ROWS_OF_A_SEARCH,
)
FOUND_CONTROL_BODIES = Listing(
    "control-bodies",
    (
        Column(_l("Name"), lambda row, _found: row.organisation.name),
        CODE,
        Column(_l("Country"), lambda row, _found: row.country),
        Column(_l("Categories"), lambda row, _found: row.categories),
        Column(_l("Regulation"), lambda row, _found: row.regime),
        Column(_l("Valid until"), lambda row, _found: row.valid_until),
    ),
    ROWS_OF_A_SEARCH,
)
OWN_OPERATORS = Listing(
    "own-operators",
    (
        NAME,
        *ADDRESS,
        Column(_l("EORI number"), lambda row, _found: row.eori),
        Column(_l("VAT number"), lambda row, _found: row.vat),
        Column(_l("State"), lambda row, _found: labels.ORGANISATION_STATES[row.state]),
        Column(_l("Activities"), _states),
    ),
)
MEMBERS = Listing(
    "members",
    (
        Column(_l("Person"), lambda row, found: found[0][row.account_id].full_name),
        Column(_l("Username"), lambda row, found: found[0][row.account_id].username),
        Column(_l("Organisation"), lambda row, _found: row.organisation.name),
        Column(_l("Code"), lambda row, _found: row.scope.code if row.scope else row.organisation.code),
        Column(_l("Country"), lambda row, _found: row.organisation.country),
        Column(_l("State"), lambda row, _found: labels.ROLE_STATES[row.state]),
        Column(_l("Administrator"), lambda row, _found: _l("Yes") if row.is_administrator else _l("No")),
        Column(_l("Requested on"), lambda row, _found: row.requested_at),
        Column(_l("Second factor"), lambda row, found: _factor(found[1][row.account_id])),
    ),
    look_up=_people_with_standing,
)
QUEUE = Listing(
    "pending-requests",
    (
        Column(_l("Number"), lambda row, _found: row.id),
        Column(_l("Person"), lambda row, found: found[row.account_id].full_name),
        Column(_l("Organisation"), lambda row, _found: row.organisation.name),
        Column(_l("Code"), lambda row, _found: row.scope.code if row.scope else row.organisation.code),
        Column(_l("Type"), lambda row, _found: labels.KINDS[row.kind]),
        Column(
            _l("Country"), lambda row, _found: row.scope.country if row.scope else row.organisation.country
        ),
        Column(_l("Requested on"), lambda row, _found: row.requested_at),
        Column(_l("Told to the authority above"), lambda row, _found: row.escalated_at),
    ),
    look_up=_people,
)
DUTY_PHONES = Listing(
    "duty-phones",
    (
        Column(_l("Place"), lambda row, _found: row.place),
        Column(_l("Holder"), lambda row, _found: row.holder),
        Column(_l("Last two digits"), lambda row, _found: row.last_digits),
        Column(_l("Organisation"), lambda row, found: found[row.organisation_id].name),
    ),
    look_up=_names,
)


def _factor(standing_of_person: Any) -> Any:
    if standing_of_person.only_text_messages:
        return _l("Text messages only")
    return _l("Yes") if standing_of_person.has_factor else _l("No")


REGISTERED_AUTHORITIES = Listing(
    "registered-authorities",
    (
        NAME,
        CODE,
        *ADDRESS,
        Column(_l("Role"), lambda row, _found: labels.AUTHORITY_ROLES[row.authority_role]),
        Column(_l("Competences"), lambda row, _found: " ".join(row.competences)),
        Column(_l("State"), lambda row, _found: labels.ORGANISATION_STATES[row.state]),
    ),
)
REGISTERED_BODIES = Listing(
    "registered-control-bodies",
    (
        NAME,
        CODE,
        *ADDRESS,
        Column(
            _l("Scopes"), lambda row, _found: "; ".join(f"{one.code} ({one.country})" for one in row.scopes)
        ),
        Column(_l("State"), lambda row, _found: labels.ORGANISATION_STATES[row.state]),
    ),
)


def _concerned(rows: Sequence[Any]) -> Any:
    people = {row.actor_account_id for row in rows} | {row.account_id for row in rows}
    shown = {row.organisation_id for row in rows if row.organisation_id}
    accounts = identity.accounts_by_id(number for number in people if number)
    return accounts, organisations.organisations_by_id(shown)


def _full_name(number: int | None, found: Any) -> str:
    return found[0][number].full_name if number in found[0] else ""


TRAIL = Listing(
    "audit-trail",
    (
        Column(_l("When"), lambda row, _found: row.occurred_at),
        Column(_l("Who"), lambda row, found: _full_name(row.actor_account_id, found)),
        Column(_l("What was done"), lambda row, _found: trail_words.sentence(row.name)),
        Column(_l("Person concerned"), lambda row, found: _full_name(row.account_id, found)),
        Column(_l("Organisation"), lambda row, found: getattr(found[1].get(row.organisation_id), "name", "")),
        Column(_l("Event"), lambda row, _found: row.seal_position),
    ),
    look_up=_concerned,
)


def organisation_names(rows: Sequence[Any]) -> Any:
    """The organisations that began and that certify these certificates, by id."""
    return organisations.organisations_by_id(
        {number for row in rows for number in (row.creator_id, row.issuer_id) if number}
    )


CERTIFICATES = Listing(
    "certificates",
    (
        Column(_l("Number"), lambda row, _found: row.number or row.draft_number),
        Column(_l("Document"), lambda row, _found: row.document),
        Column(_l("Model of the certificate"), lambda row, _found: row.model_code),
        Column(_l("State"), lambda row, _found: certificate_words.STATES[row.state]),
        Column(_l("Country of origin"), lambda row, _found: row.origin_country),
        Column(_l("Country of destination"), lambda row, _found: row.destination_country),
        Column(_l("Drafted by"), lambda row, found: found[row.creator_id].name),
        Column(_l("Certified by"), lambda row, found: getattr(found.get(row.issuer_id), "name", "")),
        Column(_l("Begun on"), lambda row, _found: row.created_at),
        Column(_l("Signed on"), lambda row, _found: row.signed_at),
        Column(_l("Issued on paper during an outage"), lambda row, _found: row.outage_reference),
    ),
    look_up=organisation_names,
)


def issuers_and_parties(rows: Sequence[Touched]) -> Any:
    """The organisations that each certificate names, by its id, and all of them with the issuers, by theirs."""
    certificates = [row.certificate for row in rows]
    parties = impact.parties_of({one.id for one in certificates})
    named = {number for numbers in parties.values() for number in numbers}
    issuers = {one.issuer_id for one in certificates if one.issuer_id}
    return parties, organisations.organisations_by_id(named | issuers)


def _issuer_name(row: Touched, found: Any) -> str:
    """Of a draft nobody but its maker knows whom it is for."""
    return "" if row.is_own_only else getattr(found[1].get(row.certificate.issuer_id), "name", "")


def _party_names(row: Touched, found: Any) -> str:
    return "; ".join(found[1][number].name for number in found[0].get(row.certificate.id, ()))


IMPACT = Listing(
    "certificates-touched",
    (
        Column(_l("Number"), lambda row, _found: row.certificate.number or row.certificate.draft_number),
        Column(_l("Document"), lambda row, _found: row.certificate.document),
        Column(_l("Model of the certificate"), lambda row, _found: row.certificate.model_code),
        Column(_l("State"), lambda row, _found: certificate_words.STATES[row.certificate.state]),
        Column(_l("What was done"), lambda row, _found: impact_words.in_a_cell(row.done)),
        Column(_l("Signed on"), lambda row, _found: row.certificate.signed_at),
        Column(_l("Signatory"), lambda row, _found: row.certificate.signatory_name),
        Column(_l("Certified by"), _issuer_name),
        Column(_l("Parties"), _party_names),
    ),
    look_up=issuers_and_parties,
)
FIGURES = Listing(
    "figures",
    (
        Column(_l("Figure"), lambda row, _found: row[0]),
        Column(_l("Of"), lambda row, _found: row[1]),
        Column(_l("Count"), lambda row, _found: row[2]),
    ),
)


def figure_rows(found: Any) -> list[tuple[Any, Any, Any]]:
    """The tables of the page of figures, one below the other."""
    waiting, states = _l("Open requests by how long they wait"), _l("Roles by state")
    rows = [(waiting, figure_words.AGES[age], number) for age, number in found.waiting.items()]
    for week in found.weeks:
        rows.append((_l("Validated"), week.monday, week.validated))
        rows.append((_l("Rejected"), week.monday, week.rejected))
    rows += [(states, figure_words.STATES[state], number) for state, number in found.states.items()]
    title = _l("Organisations that have people, by number of administrators")
    return rows + [
        (title, label, number) for label, number in figure_words.administrators(found.administrators)
    ]
