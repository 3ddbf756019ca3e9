"""Loads the organisations of public lists into the current environment; can be run again.

A second run changes what the lists changed and leaves alone what people decided: states and superiors.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.clock import now
from portal.database import db
from portal.organisations.folding import search_text, sort_key
from portal.organisations.models import ControlBodyScope, Organisation
from portal.organisations.posts import put_listed
from portal.organisations.states import OrganisationState
from portal.organisations.tree import rebuild_ancestors
from portal.reference.files import Row, rows_of, source_titles
from portal.reference.loading import Counts, assign
from portal.vocabulary import COMMISSION_COUNTRY, AuthorityRole, OrganisationKind

COMMISSION_KEY = "authority/COMMISSION"
COUNTRIES = {"XI": "GB"}
"""Prefixes of the lists that are no ISO 3166 code: XI is Northern Ireland."""

Values = dict[str, Any]


def load_organisations() -> dict[str, Counts]:
    """The Commission, the authorities and the control bodies of the lists, in the current environment."""
    counts = {"authorities": _load_organisations(_authorities(), OrganisationKind.AUTHORITY)}
    _hang_under_the_commission()
    rebuild_ancestors()
    counts["designations"] = _load_designations()
    counts["control bodies"] = _load_organisations(_control_bodies(), OrganisationKind.CONTROL_BODY)
    counts["control body scopes"] = _load_scopes()
    db.session.commit()
    return counts


def commission() -> Organisation:
    """The record of the Commission in the current environment."""
    return db.session.scalars(select(Organisation).where(Organisation.source_key == COMMISSION_KEY)).one()


def organisation_values(kind: OrganisationKind, name: str, code: str = "", eori: str = "") -> Values:
    """The columns that every organisation has, with what searches need."""
    return {
        "kind": kind.value,
        "name": name,
        "code": code,
        "eori": eori,
        "name_sort": sort_key(name),
        "search_text": search_text(name, code, eori),
    }


def _load_organisations(rows: Iterator[Values], kind: OrganisationKind) -> Counts:
    there = _listed_already(kind)
    counts = Counts()
    for values in rows:
        row = there.pop(values["source_key"], None)
        state = values.pop("state")
        if row is None:
            db.session.add(Organisation(**values, state=state))
            counts.added += 1
            continue
        if row.state == OrganisationState.DELETED:
            values["state"] = state
        changed = assign(row, values)
        counts.changed += changed
        counts.unchanged += not changed
    for row in there.values():
        counts.ended += assign(row, {"state": OrganisationState.DELETED.value})
    db.session.flush()
    return counts


def _listed_already(kind: OrganisationKind) -> dict[str, Organisation]:
    query = select(Organisation).where(Organisation.origin == "reference", Organisation.kind == kind)
    return {str(row.source_key): row for row in db.session.scalars(query)}


def _listed(row: Row, kind: OrganisationKind, key: str, code: str = "") -> Values:
    return {
        **organisation_values(kind, row["name"], code),
        "source_key": key,
        "origin": "reference",
        "state": OrganisationState.VALID.value,
        "country": COUNTRIES.get(row["country"], row["country"]),
        "source": source_titles()[row["source"]],
        "as_of": row["as_of"],
    }


def _authorities() -> Iterator[Values]:
    roles = {row["code"]: row for row in rows_of("authority_roles")}
    top = {**roles[AuthorityRole.COMMISSION], "name": "European Commission", "country": COMMISSION_COUNTRY}
    values = _listed(top, OrganisationKind.AUTHORITY, COMMISSION_KEY)
    yield {**values, "authority_role": AuthorityRole.COMMISSION.value}
    guide = {row["code"]: row for row in rows_of("guide_authorities")}
    posts = {row["code"]: row for row in rows_of("border_control_posts") if row["code"] not in guide}
    for code, row in guide.items():
        address = {part: row[part] for part in ("street", "postcode", "city")}
        values = _listed(row, OrganisationKind.AUTHORITY, f"authority/{code}", code)
        yield {**values, **address, "authority_role": row["role"], "competences": row["competence"].split()}
    for code, row in posts.items():
        values = _listed(row, OrganisationKind.AUTHORITY, f"authority/{code}", code)
        yield {**values, "authority_role": AuthorityRole.BCP.value, "state": _post_state(code)}


def _post_state(code: str) -> str:
    """A post is suspended when the list marks every inspection centre of it."""
    marks = {row["suspended"] for row in rows_of("border_control_posts") if row["code"] == code}
    return (OrganisationState.SUSPENDED if marks == {"true"} else OrganisationState.VALID).value


def _load_designations() -> Counts:
    """What the lists say of posts that have no designation yet; later ones are people's."""
    there, counts = _listed_already(OrganisationKind.AUTHORITY), Counts()
    rows: dict[str, list[Row]] = {}
    for row in rows_of("border_control_posts"):
        rows.setdefault(f"authority/{row['code']}", []).append(row)
    for key, listed in rows.items():
        if key in there:
            counts.added += put_listed(there[key], listed)
    return counts


def _hang_under_the_commission() -> None:
    """Listed authorities come without a superior: the top of the tree is the only one that is sure."""
    top = commission()
    loose = select(Organisation).where(
        Organisation.kind == OrganisationKind.AUTHORITY,
        Organisation.superior_id.is_(None),
        Organisation.id != top.id,
    )
    for authority in db.session.scalars(loose):
        authority.superior_id = top.id


def _control_bodies() -> Iterator[Values]:
    for row in rows_of("control_bodies"):
        code = "" if row["key"].startswith("TC-") else row["key"]
        parts = {part: row[part] for part in ("street", "postcode", "city", "website")}
        yield {**_listed(row, OrganisationKind.CONTROL_BODY, f"control-body/{row['key']}", code), **parts}


def _load_scopes() -> Counts:
    bodies = _listed_already(OrganisationKind.CONTROL_BODY)
    query = select(ControlBodyScope).where(
        ControlBodyScope.organisation_id.in_([b.id for b in bodies.values()])
    )
    there = {_scope_key(vars(scope)): scope for scope in db.session.scalars(query)}
    counts = Counts()
    for row in rows_of("control_body_scopes"):
        values = _scope_values(row, bodies[f"control-body/{row['body']}"])
        scope = there.pop(_scope_key(values), None)
        if scope is None:
            db.session.add(ControlBodyScope(**values))
            counts.added += 1
        else:
            changed = assign(scope, values)
            counts.changed += changed
            counts.unchanged += not changed
    counts.ended = _end(list(there.values()))
    return counts


def _scope_values(row: Row, body: Organisation) -> Values:
    return {
        "organisation_id": body.id,
        "name_sort": body.name_sort,
        "search_text": search_text(body.name, row["code"]),
        "code": row["code"],
        "country": row["country"],
        "categories": row["categories"],
        "regime": row["regime"],
        "origin": row["origin"],
        "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        "source": source_titles()[row["source"]],
        "as_of": row["as_of"],
    }


def _scope_key(values: Values) -> tuple[Any, ...]:
    return values["organisation_id"], values["code"], values["country"], values["regime"]


def _end(scopes: list[ControlBodyScope]) -> int:
    """A scope that left the lists stays to be seen, as one that ended the day before."""
    yesterday = now().date() - timedelta(days=1)
    ended = [s for s in scopes if s.valid_until is None or s.valid_until > yesterday]
    for scope in ended:
        scope.valid_until = yesterday
    db.session.flush()
    return len(ended)
