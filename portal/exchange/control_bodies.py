"""A row of a file of control bodies: one code for one country, with the body it belongs to. No commit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.audit import register_events as events
from portal.audit import trail
from portal.database import db
from portal.exchange.authorities import RECORD, record_of
from portal.exchange.formats import Cells, Column, Format, Holds, Kind
from portal.organisations.folding import search_text
from portal.organisations.models import ControlBodyScope, Organisation
from portal.organisations.registers import put_record
from portal.organisations.states import OrganisationState
from portal.reference import queries as reference
from portal.vocabulary import ControlBodyOrigin, OrganisationKind
from portal.work.ledger import Facts, ItemRefused, Outcome

FORMAT = Format(
    Kind.CONTROL_BODIES,
    (
        Column("body_code", 40, needed=True, holds=Holds.CODE),
        *RECORD,
        Column("scope_code", 40, needed=True, holds=Holds.CODE),
        Column("scope_country", 2, needed=True, holds=Holds.COUNTRY),
        Column("regime", 20, needed=True, holds=Holds.CODE),
        Column("categories", 20),
        Column("origin", 14, needed=True),
        Column("supervisor_code", 40, holds=Holds.CODE),
        Column("valid_until", 10, holds=Holds.DAY),
    ),
    ("body_code", "scope_code", "scope_country", "regime"),
)
SCOPE = ("categories", "origin", "supervisor_id", "valid_until")


def put(actor: Actor, _parameters: Facts, cells: Cells) -> Outcome:
    """Do what the row says; raises ItemRefused."""
    if not may(actor, Action.CONTROL_BODY_KEEP):
        raise ItemRefused("row-not-yours")
    values = _scope_values(cells)
    body = _body(cells)
    created = body is None
    body = body or _new_body(cells, actor)
    renamed = put_record(body, record_of(cells, cells["body_code"]))
    db.session.flush()
    if created:
        trail.record(events.ControlBodyCreated(body.id), actor)
    elif renamed:
        _follow_name(body)
        trail.record(events.ControlBodyEdited(body.id, ",".join(sorted(renamed))), actor)
    word = _put_scope(body, cells, values, actor)
    if created:
        return Outcome("row-created", body.id)
    return Outcome("row-updated" if renamed and word == "row-unchanged" else word, body.id)


def _body(cells: Cells) -> Organisation | None:
    return db.session.scalar(
        select(Organisation).where(
            Organisation.kind == OrganisationKind.CONTROL_BODY,
            Organisation.country == cells["country"],
            Organisation.code == cells["body_code"],
            Organisation.state != OrganisationState.DELETED,
        )
    )


def _new_body(cells: Cells, actor: Actor) -> Organisation:
    row = Organisation(
        kind=OrganisationKind.CONTROL_BODY.value, state=OrganisationState.VALID.value, country=cells["country"],
        origin="portal", created_by=actor.account_id, code="", name="", name_sort="", search_text="",
        street="", postcode="", city="", telephone="", fax="", email="", website="",
    )  # fmt: skip
    db.session.add(row)
    return row


def _follow_name(body: Organisation) -> None:
    for scope in body.scopes:
        scope.name_sort, scope.search_text = body.name_sort, search_text(body.name, scope.code)


def _scope_values(cells: Cells) -> dict[str, object]:
    if cells["origin"] not in {member.value for member in ControlBodyOrigin}:
        raise ItemRefused("row-code-unknown", {"column": "origin"})
    letters = "".join(sorted(set(cells["categories"].upper().replace(" ", ""))))
    if not set(letters) <= reference.category_names(cells["regime"], letters, "en").keys():
        raise ItemRefused("row-code-unknown", {"column": "categories"})
    until = date.fromisoformat(cells["valid_until"]) if cells["valid_until"] else None
    supervisor = _supervisor(cells) if cells["origin"] == ControlBodyOrigin.MEMBER_STATE else None
    return dict(zip(SCOPE, (letters, cells["origin"], supervisor, until), strict=True))


def _supervisor(cells: Cells) -> int:
    if not cells["supervisor_code"]:
        raise ItemRefused("row-missing", {"column": "supervisor_code"})
    query = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.AUTHORITY,
        Organisation.country == cells["scope_country"],
        Organisation.code == cells["supervisor_code"],
        Organisation.state == OrganisationState.VALID,
    )
    found = db.session.scalar(query)
    if found is None:
        raise ItemRefused("row-superior-missing", {"column": "supervisor_code"})
    return found


def _put_scope(body: Organisation, cells: Cells, values: dict[str, object], actor: Actor) -> str:
    code, country, regime = cells["scope_code"], cells["scope_country"], cells["regime"]
    scope = db.session.scalar(
        select(ControlBodyScope).where(
            ControlBodyScope.organisation_id == body.id, ControlBodyScope.code == code,
            ControlBodyScope.country == country, ControlBodyScope.regime == regime,
        )
    )  # fmt: skip
    if scope is None:
        scope = ControlBodyScope(
            organisation_id=body.id, name_sort=body.name_sort, search_text=search_text(body.name, code),
            code=code, country=country, regime=regime, **values,
        )  # fmt: skip
        db.session.add(scope)
        db.session.flush()
        trail.record(events.ScopeAdded(body.id, scope.id), actor)
        return "row-scope-added"
    changed = [name for name in SCOPE if getattr(scope, name) != values[name]]
    for name in changed:
        setattr(scope, name, values[name])
    if changed:
        trail.record(events.ScopeChanged(body.id, scope.id, ",".join(changed)), actor)
    return "row-updated" if changed else "row-unchanged"
