"""Lists of certificates find their rows by indexes: with thousands of them none of their tables is read to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from portal import clock, config
from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.certificates import controls, definitions, impact, queries
from portal.certificates.impact import Cause
from portal.certificates.models import (
    Certificate,
    CertificateControl,
    CertificateFile,
    CertificateParty,
    CertificateWarning,
)
from portal.certificates.queries import CertificateFilter
from portal.certificates.states import Act, ImpactReason
from portal.certificates.touching import Window
from portal.database import db, renew_statistics, writes_ahead
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.jobs import queue as jobs
from portal.organisations.models import Organisation
from portal.paging import Place
from portal.roles.models import Role
from tests.databases import ENGINES
from tests.makers.certificates import MODEL, Journey, a_journey, an_officer, somebody_of
from tests.makers.operators import CATTLE
from tests.makers.organisations import an_operator
from tests.makers.seals import a_key
from tests.service.plans.explaining import statements, whole_readings

OPERATORS, EACH = 60, 50
STATES = ("draft", "submitted", "in_progress", "valid", "valid", "valid", "rejected", "cancelled")


@dataclass(frozen=True)
class Scene:
    """Whose lists are read."""

    operator: Actor
    local: Actor
    central: Actor
    commission: Actor
    chief: Actor
    overseer: Actor
    key: Cause
    role: Cause


@pytest.fixture(scope="module", params=ENGINES)
def scene(
    request: pytest.FixtureRequest, apps: dict[str, Flask], servers: dict[str, object]
) -> Iterator[Scene]:
    """Three thousand certificates of sixty operators in Production, on one of the databases."""
    application, server = apps[request.param], servers[request.param]
    config.activate(application.extensions["settings"])
    jobs.connect(application)
    server.renew()  # type: ignore[attr-defined]
    with application.app_context():
        writes_ahead.set(True)
        with using(Environment.TRAINING):
            _filled(a_journey(), first=1)
        with using(Environment.PRODUCTION):
            yield _filled(a_journey(), first=OPERATORS * EACH + 1)
        db.session.remove()
        db.engine.dispose()
    environment.enter(None)


def _filled(journey: Journey, first: int) -> Scene:
    senders = [journey.sender]
    for number in range(OPERATORS - 1):
        senders.append(
            an_operator(f"Sender {number}", responsible=journey.origin, activity=CATTLE, country="FR")
        )
    actor = somebody_of(journey.sender)
    sha256 = definitions.keep(definitions.current("INTRA", MODEL))
    officer, colleague = an_officer(journey.origin), an_officer(journey.origin)
    rows = [
        _row(number, senders[number % OPERATORS], journey, actor, sha256)
        | {"id": first + number, **_signature(number, officer, colleague)}
        for number in range(OPERATORS * EACH)
    ]
    db.session.execute(insert(Certificate), rows)
    db.session.execute(insert(CertificateParty), [party for row in rows for party in _parties(row, journey)])
    found = {"organisation_id": journey.destination.id, "account_id": actor.account_id, "part": "III"}
    key = a_key(environment.current().value).sha256
    _seal(rows, key)
    _traces(rows, journey, officer, colleague)
    control = {"values": "{}", "made_at": clock.now(), **found}
    db.session.execute(insert(CertificateControl), [{"certificate_id": row["id"], **control} for row in rows])
    renew_statistics()
    role = db.session.query(Role).filter_by(account_id=officer.account_id).one()
    return Scene(
        actor,
        *(somebody_of(one) for one in (journey.origin, journey.origin_centre, journey.commission)),
        *(somebody_of(one, administrator=True) for one in (journey.origin, journey.commission)),
        Cause(ImpactReason.KEY_STOLEN, key),
        Cause(ImpactReason.ROLE_WRONG, str(role.id)),
    )


def _signature(place: int, officer: Actor, colleague: Actor) -> dict[str, object]:
    """Each an hour before the one after it; every tenth by that officer."""
    signatory = colleague if place % 10 else officer
    return {"signed_by": signatory.account_id, "signed_at": clock.now() - timedelta(hours=place)}


def _seal(rows: list[dict[str, object]], key: str) -> None:
    """One file each, and of every third the parties were told."""
    now = clock.now()
    file = {"size": 1, "level": "B-T", "stamp": "stamped", "seal_key": key, "made_at": now}
    files = [{"certificate_id": row["id"], "sha256": f"{row['id']:064x}", **file} for row in rows]
    db.session.execute(insert(CertificateFile), files)
    told = {"reason": ImpactReason.KEY_STOLEN.value, "subject": key, "told_at": now}
    warned = [{"certificate_id": row["id"], **told} for row in rows[::3]]
    db.session.execute(insert(CertificateWarning), warned)


def _traces(rows: list[dict[str, object]], journey: Journey, officer: Actor, colleague: Actor) -> None:
    """Four events of each certificate, most of the colleague, and as many of the officer that are of nothing of it."""
    mine = {"environment": environment.current().value, "organisation_id": journey.origin.id, "facts": "{}"}
    events = [
        {
            "occurred_at": row["signed_at"] - timedelta(minutes=place), "name": name, "correlation": "",
            "subject_kind": "certificate", "subject_id": row["id"], **mine,
            "actor_account_id": row["signed_by"] if place else colleague.account_id,
        }
        for row in rows
        for place, name in enumerate(("CertificateBegun", "CertificateFilled", "CertificateOpened"))
    ]  # fmt: skip
    other = {"name": "SignedIn", "subject_kind": "account", "subject_id": officer.account_id}
    others = [event | other | {"actor_account_id": officer.account_id} for event in events]
    db.session.execute(insert(AuditEvent), events + others)


def _row(number: int, sender: Organisation, journey: Journey, actor: Actor, sha256: str) -> dict[str, object]:
    return {
        "document": "INTRA" if number % 10 else "COI", "model_code": MODEL,
        "definition_sha256": sha256, "state": STATES[number % len(STATES)], "draft_number": f"DRAFT-{number:010}",
        "number": f"INTRA.FR.2026.{number:07}", "verification_code": "A" * 16, "languages": "fr",
        "origin_country": "FR", "destination_country": "DE" if number % 30 else "LU", "creator_id": sender.id,
        "issuer_id": journey.origin.id, "created_by": actor.account_id, "created_at": clock.now(),
    }  # fmt: skip


def _parties(row: dict[str, object], journey: Journey) -> list[dict[str, object]]:
    named = [
        (row["creator_id"], "creator"),
        (journey.origin.id, "issuer"),
        (journey.receiver.id, "consignee"),
    ]
    return [{"certificate_id": row["id"], "organisation_id": number, "part": part} for number, part in named]


def page(actor: Actor, place: Place = Place(), **wanted: object) -> object:  # noqa: B008 - frozen
    """One page of the list."""
    return queries.certificates_for(actor, CertificateFilter(**wanted), place)  # type: ignore[arg-type]


def touched(
    actor: Actor,
    cause: Cause,
    place: Place = Place(),  # noqa: B008 - frozen
    act: Act | None = None,
) -> object:
    """One page of what that cause touched in three days a month ago."""
    return impact.touched(cause, _three_days(act), actor, place)


def _three_days(act: Act | None = None) -> Window:
    month_ago = clock.now() - timedelta(days=30)
    return Window(month_ago - timedelta(days=3), month_ago, act)


def _place_a_month_ago(number: int) -> Place:
    return Place(after=f"{number}.{(clock.now() - timedelta(days=31)).isoformat()}")


READINGS: dict[str, Callable[[Scene], object]] = {
    "list of an operator": lambda s: page(s.operator),
    "list of an operator, second page": lambda s: page(s.operator, Place(after="5500.5500")),
    "what an operator began": lambda s: page(s.operator, mine=True),
    "list of a local authority": lambda s: page(s.local),
    "what waits for a local authority": lambda s: page(s.local, state="submitted"),
    "list of a central authority, by destination": lambda s: page(s.central, destination_country="LU"),
    "what was refused anywhere": lambda s: page(s.local, refused=True),
    "list of the Commission": lambda s: page(s.commission),
    "list of the Commission, far down": lambda s: page(s.commission, Place(after="3300.3300")),
    "list of the Commission, by state": lambda s: page(s.commission, state="cancelled"),
    "list of the Commission, by document": lambda s: page(s.commission, document="COI"),
    "list of the Commission, by a rare destination": lambda s: page(s.commission, destination_country="LU"),
    "list of the Commission, by origin": lambda s: page(s.commission, origin_country="FR"),
    "by number": lambda s: page(s.central, text="INTRA.FR.2026.1234"),
    "one by its number": lambda _s: queries.by_number("INTRA.FR.2026.0000007"),
    "what a key sealed, for the Commission": lambda s: touched(s.overseer, s.key),
    "what a key sealed, second page": lambda s: touched(s.overseer, s.key, _place_a_month_ago(3800)),
    "what a key sealed, for an office": lambda s: touched(s.chief, s.key),
    "what was done under a role": lambda s: touched(s.chief, s.role),
    "what was done under a role, second page": lambda s: touched(s.chief, s.role, Place(after="5300.5300")),
    "what was signed under a role": lambda s: touched(s.chief, s.role, act=Act.SIGNED),
    "what was opened under a role": lambda s: touched(s.chief, s.role, act=Act.OPENED),
    "of whose role somebody is still to be told": lambda s: impact.untold(
        s.role, _three_days(), s.chief, 5000
    ),
    "of what the parties were not told": lambda s: impact.untold(s.key, _three_days(), s.overseer, 5000),
    "whose parties were told": lambda s: impact.told_of(s.key, range(3100, 3125)),
    "the parties of a page": lambda _s: impact.parties_of(range(3100, 3125)),
    "who did something for an office": lambda s: impact.holders(s.chief),
    "one certificate": lambda s: queries.readable(3004, s.local),
    "what was added to one": lambda _s: controls.controls_of(3004),
}


@pytest.mark.parametrize("name", READINGS)
def test_no_table_of_certificates_is_read_to_its_end_for(name: str, scene: Scene) -> None:
    with statements() as sent:
        READINGS[name](scene)
    found = {statement: whole_readings(statement, values) for statement, values in sent}
    db.session.rollback()
    # The registers are small here; they have a test of their own.
    growing = ("certificate", "audit_events")
    wrong = [step for steps in found.values() for step in steps if any(word in step for word in growing)]
    assert any("FROM certificate" in statement for statement in found)
    assert not wrong


def test_what_was_done_under_a_role_is_found_by_what_its_holder_did(scene: Scene) -> None:
    with statements() as sent:
        touched(scene.chief, scene.role)
    cursor = db.session.connection().connection.cursor()
    plans = []
    for statement, values in sent:
        if "audit_events" in statement:
            way = "QUERY PLAN" if db.engine.dialect.name == "sqlite" else ""
            cursor.execute(f"EXPLAIN {way} {statement}", values)
            plans.append(str(cursor.fetchall()))
    db.session.rollback()
    assert len(plans) == 2, "which certificates, and then what was done to those of the page"
    assert "ix_audit_events_doings" in plans[0]
    assert "ix_audit_events_doings" in plans[1] or "ix_audit_events_subject" in plans[1]
