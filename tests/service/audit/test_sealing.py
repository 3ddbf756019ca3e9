"""The seal: every committed event gets its position once, in whatever order it committed, whoever seals."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal import clock, crypto
from portal.audit import events, trail, verifier
from portal.audit.chains import IDENTITY, PURPOSE
from portal.audit.models import AuditEvent, AuditHead, AuditRoot, AuditSubject
from portal.audit.sealing import root_fields
from portal.audit.verifying import verify_chain
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import sealing
from tests.makers.audit import sealed_days, some_events
from tests.makers.identity import an_actor
from tests.makers.organisations import a_control_body, a_country, a_scope, an_operator
from tests.makers.roles import a_member

pytestmark = pytest.mark.usefixtures("app")


def positions(environment: str | None) -> list[int | None]:
    """The positions of one chain in the order of the events' numbers."""
    query = select(AuditEvent.seal_position).where(AuditEvent.environment.is_not_distinct_from(environment))
    return list(db.session.scalars(query.order_by(AuditEvent.id)))


def test_each_chain_counts_by_itself_and_nothing_is_sealed_twice() -> None:
    for key in (Environment.TRAINING, Environment.PRODUCTION):
        with using(key):
            some_events(2)
    some_events(3)
    assert sealing.seal() == 7
    assert sealing.seal() == 0
    assert (positions("training"), positions("production"), positions(None)) == ([1, 2], [1, 2], [1, 2, 3])
    heads = {head.chain: head.position for head in db.session.scalars(select(AuditHead))}
    assert heads == {"training": 2, "production": 2, "acceptance": 0, IDENTITY: 3}


def test_an_event_that_commits_late_takes_the_next_position() -> None:
    numbers = some_events(1)
    late = AuditEvent(
        id=numbers[0] + 1, occurred_at=clock.now(), name="RoleRequested", subject_kind="role", subject_id=1,
        correlation="late", facts="{}",
    )  # fmt: skip
    db.session.add(AuditEvent(
        id=numbers[0] + 2, occurred_at=clock.now(), name="RoleRequested", subject_kind="role", subject_id=2,
        correlation="first", facts="{}",
    ))  # fmt: skip
    db.session.commit()
    sealing.seal()
    db.session.add(late)
    db.session.commit()
    sealing.seal()
    assert positions(None) == [1, 3, 2]


def test_every_seal_holds_the_one_before_and_the_event() -> None:
    some_events(3)
    sealing.seal()
    rows = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seal_position)).all()
    seals = [row.seal_hash for row in rows]
    assert len(set(seals)) == 3
    fields = {name: getattr(rows[0], name) for name in verifier.FIELDS[2:]}
    first = fields | {
        "chain": IDENTITY,
        "position": 1,
        "occurred_at": rows[0].occurred_at.isoformat("T", "microseconds"),
    }
    assert seals[0] == verifier.link_of(verifier.NOTHING, verifier.leaf_of(first))
    other = first | {"facts": json.dumps({"account_id": 8})}
    assert seals[0] != verifier.link_of(verifier.NOTHING, verifier.leaf_of(other))


def test_a_day_that_is_over_gets_a_signed_root_and_an_empty_day_none() -> None:
    day = clock.now().date()
    sealed_days(1)
    clock.advance(timedelta(days=2))
    sealing.seal()
    sealed_days(1, 2)
    first, second = db.session.scalars(select(AuditRoot).order_by(AuditRoot.id))
    assert (first.day, first.first_position, first.last_position) == (day, 1, 3)
    assert (second.day, second.first_position, second.last_position) == (day + timedelta(days=3), 4, 5)
    assert second.previous_hash == first.root_hash == verifier.root_of(root_fields(first))
    assert first.public_key in crypto.public_keys(PURPOSE)
    assert verifier.is_signed(first.root_hash, first.public_key, first.signature)
    assert not verifier.is_signed(second.root_hash, first.public_key, first.signature)


def test_a_worker_that_dies_in_between_leaves_nothing_half_sealed() -> None:
    some_events(3)

    def die(_session: Session) -> None:
        raise RuntimeError("killed")

    event.listen(Session, "before_commit", die)
    try:
        with pytest.raises(RuntimeError, match="killed"):
            sealing.seal()
    finally:
        event.remove(Session, "before_commit", die)
    db.session.rollback()
    assert positions(None) == [None, None, None]
    assert sealing.seal() == 3
    assert positions(None) == [1, 2, 3]


def lists_of(kind: str, number: int) -> list[str]:
    """The names of the events in one list."""
    query = select(AuditSubject.name).where(AuditSubject.kind == kind, AuditSubject.subject_id == number)
    return sorted(db.session.scalars(query))


def test_an_event_stands_in_the_lists_of_its_people_its_organisation_and_all_above(app: Flask) -> None:
    with using(Environment.TRAINING):
        country = a_country()
        operator = an_operator(responsible=country.local)
        trail.record(events.RoleRequested(1, 70, operator.id), an_actor(5))
        db.session.commit()
        sealing.seal()
        seeing = (operator, country.local, country.regional, country.central)
        assert [lists_of("organisation", one.id) for one in seeing] == [["RoleRequested"]] * 4
        blind = (country.commission, country.post, country.customs)
        assert [lists_of("organisation", one.id) for one in blind] == [[]] * 3
        assert lists_of("person", 70) == lists_of("person", 5) == ["RoleRequested"]


def test_a_control_body_and_the_authority_above_it_see_the_operators_it_is_named_for() -> None:
    with using(Environment.TRAINING):
        country = a_country()
        body = a_control_body()
        a_scope(body, supervisor=country.central)
        operator = an_operator(responsible=body)
        trail.record(events.OperatorValidated(operator.id), an_actor(5))
        trail.record(events.RoleValidated(1, 70, body.id, administrator=True), an_actor(5))
        db.session.commit()
        sealing.seal()
        both = ["OperatorValidated", "RoleValidated"]
        assert lists_of("organisation", body.id) == lists_of("organisation", country.central.id) == both
        assert lists_of("organisation", operator.id) == ["OperatorValidated"]


def test_what_names_a_person_alone_stands_in_the_lists_of_the_persons_organisations() -> None:
    with using(Environment.TRAINING):
        operator, other = an_operator(), an_operator()
        member = a_member(operator)
        trail.record(events.AccessDenied(member.id, "role:validate", "RequestedRole", 1), an_actor(member.id))
        db.session.commit()
        sealing.seal()
        assert lists_of("organisation", operator.id) == ["AccessDenied"]
        assert lists_of("organisation", other.id) == []


def test_two_workers_at_once_seal_every_event_once(app: Flask) -> None:
    some_events(40)
    start = Barrier(2)

    def seal() -> int:
        with app.app_context():
            start.wait()
            return sealing.seal()

    for _round in range(5):
        some_events(10)
        db.session.rollback()
        with ThreadPoolExecutor(2) as pool:
            counts = list(pool.map(lambda _number: seal(), range(2)))
        assert sum(counts) in (10, 50)
    assert sorted(number or 0 for number in positions(None)) == list(range(1, 91))
    assert verify_chain(IDENTITY).wrong == []
