"""Lists and searches find their rows by indexes: on a filled register nothing that grows is read from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import config
from portal.access.actor import Actor
from portal.audit.search import Wanted
from portal.audit.search import search as search_audit
from portal.database import db, renew_statistics, writes_ahead
from portal.demo.bulk import generate_register
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.jobs import queue as jobs
from portal.jobs.sealing import seal
from portal.organisations import loading
from portal.organisations.loading import load_organisations
from portal.organisations.models import Organisation
from portal.organisations.search import (
    AuthoritySearch,
    ControlBodySearch,
    OperatorSearch,
    search_authorities,
    search_control_bodies,
    search_operators,
)
from portal.paging import Place
from portal.reference.files import rows_of
from portal.roles import members, operators, queries, queue
from portal.roles.models import Role
from portal.roles.queue import Filter, Step
from tests.databases import ENGINES
from tests.makers.audit import some_events
from tests.makers.roles import a_member, a_request, acting
from tests.service.plans.explaining import statements, whole_readings

COUNT = 3000
SHORT = ("control_bodies", "control_body_scopes")
EVERYWHERE = Place()
DEEP = Place(after="0.s")


@dataclass(frozen=True)
class Scene:
    """Whose pages are read: a local authority, a central one, an administrator of an operator."""

    local: Actor
    central: Actor
    administrator: Actor


Act = Callable[[Scene], object]


@pytest.fixture(scope="module", params=ENGINES)
def scene(
    request: pytest.FixtureRequest, apps: dict[str, Flask], servers: dict[str, object]
) -> Iterator[Scene]:
    """A register of some thousand operators in Production, on one of the databases."""
    application, server = apps[request.param], servers[request.param]
    config.activate(application.extensions["settings"])
    jobs.connect(application)
    server.renew()
    with application.app_context(), pytest.MonkeyPatch.context() as patch:
        writes_ahead.set(True)
        patch.setattr(loading, "rows_of", lambda name: rows_of(name)[:3] if name in SHORT else rows_of(name))
        with using(Environment.PRODUCTION):
            yield _filled()
        db.session.remove()
        db.engine.dispose()
    environment.enter(None)


def _filled() -> Scene:
    load_organisations()
    list(generate_register(COUNT, seed=3))
    operator = db.session.scalars(
        select(Organisation).where(Organisation.source_key == "synthetic/3/5")
    ).one()
    for _number in range(3):
        a_request(operator)
    people = [
        a_member(_by_key("synthetic/FR/LAU-1"), administrator=True),
        a_member(_by_key("demo/FR/CCA"), administrator=True),
        a_member(operator, administrator=True),
    ]
    actors = [acting(person) for person in people]
    with using(Environment.TRAINING):  # of a few events any index is as good as another
        some_events(600)
    some_events(200)
    seal()
    renew_statistics()
    return Scene(*actors)


def _by_key(key: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.source_key == key)).one()


SEARCHES: dict[str, Act] = {
    "operators of a country": lambda s: search_operators(OperatorSearch("FR")),
    "operators far down the list": lambda s: search_operators(OperatorSearch("FR"), DEEP),
    "operators by the beginning of a name": lambda s: search_operators(OperatorSearch("FR", text="va")),
    "operators by a frequent word": lambda s: search_operators(OperatorSearch("FR", text="brune")),
    "operators by rare words": lambda s: search_operators(OperatorSearch("FR", text="hautfleurie lyon")),
    "operators by an unknown word": lambda s: search_operators(OperatorSearch("FR", text="qwxzkw")),
    "operators by section and activity": lambda s: search_operators(
        OperatorSearch("FR", "BOV-EST", "bovine_establishment")
    ),
    "operators by activity": lambda s: search_operators(OperatorSearch("FR", activity="organic_importer")),
    "authorities": lambda s: search_authorities(AuthoritySearch("FR", "LAU", "VETERINARY", "lo")),
    "control bodies": lambda s: search_control_bodies(ControlBodySearch("BE", "cert")),
}
LISTS: dict[str, Act] = {
    "own roles": lambda s: queries.roles_of(s.administrator.account_id),
    "what one may do": lambda s: queries.held_roles(s.central.account_id),
    "queue of a central authority": lambda s: queue.queue_for(s.central),
    "queue of a local authority": lambda s: queue.queue_for(s.local),
    "queue of an operator": lambda s: queue.queue_for(s.administrator),
    "queue, second page": lambda s: queue.queue_for(
        s.central, place=Place(after="1.2026-10-20T00:00:00+00:00")
    ),
    "queue, escalated, by name": lambda s: queue.queue_for(s.central, Filter(Step.ESCALATED, text="brune")),
    "how many wait": lambda s: queue.queue_count(s.central),
    "how many each filter shows": lambda s: queue.counts_for(s.central, Filter()),
    "members of an operator": lambda s: members.members_for(s.administrator, members.Which.ALL),
    "members below a local authority": lambda s: members.members_for(s.local, members.Which.ALL),
    "my operators, local authority": lambda s: operators.own_operators(operators.OwnOperators("FR"), s.local),
    "my operators, central authority": lambda s: operators.own_operators(
        operators.OwnOperators("FR", "valid"), s.central
    ),
}
TRAIL: dict[str, Act] = {
    "whole trail": lambda s: search_audit(Wanted("production"), EVERYWHERE),
    "trail by event": lambda s: search_audit(Wanted("production", name="RoleRequested"), EVERYWHERE),
    "trail of an organisation": lambda s: search_audit(
        Wanted("production", list_of=s.central.acting_as), EVERYWHERE
    ),
    "trail of a person": lambda s: search_audit(
        Wanted("production", list_of=s.central.acting_as, person=s.central.account_id), EVERYWHERE
    ),
}
READINGS = SEARCHES | LISTS | TRAIL


@pytest.mark.parametrize("name", READINGS)
def test_no_growing_table_is_read_to_its_end_for(name: str, scene: Scene) -> None:
    with statements() as sent:
        READINGS[name](scene)
    assert sent
    wrong = {statement: steps for statement, values in sent if (steps := whole_readings(statement, values))}
    db.session.rollback()
    assert not wrong


def test_a_search_without_index_is_noticed(scene: Scene) -> None:
    with statements() as sent:
        db.session.scalars(select(Organisation.id).where(func.lower(Organisation.city) == "lyon")).all()
        db.session.scalars(select(Role.id).where(Role.message == "x")).all()
    assert all(whole_readings(*one) for one in sent)
    db.session.rollback()
