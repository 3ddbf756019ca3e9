"""The three searches of S3: operators, authorities and control bodies of a country, by filters and folded words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, column, exists, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, load_only, selectinload

from portal.database import db
from portal.organisations.folding import folded
from portal.organisations.models import ControlBodyScope, HeldCompetence, OperatorActivity, Organisation
from portal.organisations.states import REQUESTABLE, ActivityState
from portal.paging import Page, Place, read_page
from portal.vocabulary import AuthorityRole, OrganisationKind

PREFIX_LENGTH = 2
"""One or two characters are sought at the beginning of names only; from three on, anywhere."""
RARE = 2000
"""Up to so many rows an index of the word itself is the quicker way; for more, the list in its order is.

Of a million rows 26 are found sooner among those with a word where it stands in fewer than some thousand of them.
"""
ENDED_ACTIVITIES = (ActivityState.REJECTED, ActivityState.DELETED)
NO_ROWS = {"unscoped": "a setting of the transaction reads no row of anybody"}
LAST_CHARACTER = "\U0010ffff"
LISTED = load_only(
    Organisation.name, Organisation.name_sort, Organisation.kind, Organisation.state, Organisation.country,
    Organisation.street, Organisation.postcode, Organisation.city, Organisation.code, Organisation.eori,
    Organisation.vat, Organisation.origin, Organisation.version,
)  # fmt: skip
"""What lists show; the rest of a row, a third of it made for the search alone, is read where one is opened."""
LISTED_ACTIVITIES = load_only(
    OperatorActivity.section_code, OperatorActivity.activity_code, OperatorActivity.state
)


@dataclass(frozen=True)
class OperatorSearch:
    """Filters of the operator search; the country is required."""

    country: str
    section: str = ""
    activity: str = ""
    text: str = ""


@dataclass(frozen=True)
class AuthoritySearch:
    """Filters of the authority search; the country is required."""

    country: str
    role: str = ""
    competence: str = ""
    text: str = ""


@dataclass(frozen=True)
class ControlBodySearch:
    """Filters of the control body search; the country is required."""

    country: str
    text: str = ""


def is_prefix_only(typed: str) -> bool:
    """Whether the text is so short that only beginnings of names are sought; the page says so."""
    return 0 < len(folded(typed)) <= PREFIX_LENGTH


def search_operators(wanted: OperatorSearch, place: Place = Place()) -> Page[Organisation]:  # noqa: B008 - frozen
    """Operators one can ask for, with their activities, by name."""
    query = _organisations(OrganisationKind.OPERATOR, wanted.country, wanted.text)
    if wanted.section or wanted.activity:
        query = query.where(_does(wanted.section, wanted.activity))
    query = query.options(LISTED, selectinload(Organisation.activities).options(LISTED_ACTIVITIES))
    return read_page(query, Organisation.name_sort, Organisation.id, place)


def search_authorities(wanted: AuthoritySearch, place: Place = Place()) -> Page[Organisation]:  # noqa: B008
    """Authorities one can ask for, by name; the Commission names its own people by other ways."""
    query = _organisations(OrganisationKind.AUTHORITY, wanted.country, wanted.text)
    query = query.where(Organisation.authority_role != AuthorityRole.COMMISSION)
    if wanted.role:
        query = query.where(Organisation.authority_role == wanted.role)
    if wanted.competence:
        query = query.where(is_competent_for(wanted.competence))
    query = query.options(selectinload(Organisation.competence_rows))
    return read_page(query, Organisation.name_sort, Organisation.id, place)


def is_competent_for(code: str) -> ColumnElement[bool]:
    """For a query of organisations: whether the authority of the row has that competence."""
    return exists().where(HeldCompetence.organisation_id == Organisation.id, HeldCompetence.code == code)


def search_control_bodies(wanted: ControlBodySearch, place: Place = Place()) -> Page[ControlBodyScope]:  # noqa: B008
    """Rows of control bodies seated in the country or working for it, one for each code, by name; expired ones too.

    S3 shows under Belgium a Belgian body with its code for another country.
    """
    seated = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.CONTROL_BODY, Organisation.country == wanted.country
    )
    here = or_(ControlBodyScope.country == wanted.country, ControlBodyScope.organisation_id.in_(seated))
    query = (
        select(ControlBodyScope)
        .join(Organisation, Organisation.id == ControlBodyScope.organisation_id)
        .where(here, Organisation.state.in_(REQUESTABLE))
        .where(_contains(ControlBodyScope.name_sort, ControlBodyScope.search_text, folded(wanted.text)))
        .options(contains_eager(ControlBodyScope.organisation))
    )
    return read_page(query, ControlBodyScope.name_sort, ControlBodyScope.id, place)


def _organisations(kind: OrganisationKind, country: str, typed: str) -> Select[Organisation]:
    query = select(Organisation).where(
        Organisation.kind == kind, Organisation.country == country, Organisation.state.in_(REQUESTABLE)
    )
    words = folded(typed)
    query = query.where(_contains(Organisation.name_sort, Organisation.search_text, words))
    few = _few_with(words)
    return query if few is None else query.where(_is_among(few))


def _contains(
    name: InstrumentedAttribute[str], everything: InstrumentedAttribute[str], words: str
) -> ColumnElement[bool]:
    if not words:
        return true()
    if len(words) <= PREFIX_LENGTH:
        return and_(name >= words, name.startswith(words, autoescape=True), _not_past(name, words))
    return and_(*(everything.contains(_sought(word), autoescape=True) for word in words.split()))


def _sought(word: str) -> str:
    # A word of one or two letters among others is sought at the beginning of words: anywhere it would say nothing.
    return word if len(word) > PREFIX_LENGTH else f" {word}"


def _not_past(name: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    # Bytes are compared in SQLite, so that the index can stop; elsewhere the collation may see it otherwise.
    return name < words + LAST_CHARACTER if _on_sqlite() else true()


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def _trigram_query(words: str) -> str:
    return " AND ".join(f'"{word}"' for word in words.split() if len(word) > PREFIX_LENGTH)


def _few_with(words: str) -> str | None:
    """The rows with these words where SQLite finds few; PostgreSQL chooses its way by how often it has seen them."""
    sought = _trigram_query(words)
    if not sought:
        return None
    if not _on_sqlite():
        # A plan kept for any words would be the wrong one for rare words or for frequent ones.
        db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"), execution_options=NO_ROWS)
        return None
    match = text("organisation_search MATCH :sought").bindparams(sought=sought)
    rows: Select[Any] = select(column("rowid")).select_from(text("organisation_search")).where(match)
    return _few(rows)


def _few(rows: Select[Any]) -> str | None:
    """The numbers these rows hold, as a list in JSON, unless there are too many of them."""
    some = rows.limit(RARE).subquery()
    number = some.c[0]
    listed = func.json_group_array(number) if _on_sqlite() else func.json_agg(number).cast(Text)
    count, found = db.session.execute(select(func.count(), listed).select_from(some)).one()
    return (found or "[]") if count < RARE else None


def _is_among(ids: str) -> ColumnElement[bool]:
    # One parameter, whatever their number: the statement stays the same and is put together once.
    return Organisation.id.in_(select(func.json_each(ids).table_valued("value").c.value))


def _does(section: str, activity: str) -> ColumnElement[bool]:
    named: list[ColumnElement[bool]] = []
    if section:
        named.append(OperatorActivity.section_code == section)
    if activity:
        named.append(OperatorActivity.activity_code == activity)
    # How many there are is asked of the index alone; in the few that are found the state of the activity is looked at.
    few = _few(select(OperatorActivity.organisation_id).where(*named))
    living = (*named, OperatorActivity.state.not_in(ENDED_ACTIVITIES))
    own = select(OperatorActivity.id).where(OperatorActivity.organisation_id == Organisation.id, *living)
    if few is None:
        # With an offset PostgreSQL looks row by row along the list, and stops when the page is full.
        return own.correlate(Organisation).offset(0).exists()
    does = own.correlate(Organisation).exists()
    return and_(_is_among(few), does) if _on_sqlite() else does
