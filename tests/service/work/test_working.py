"""Long work: item by item as the person who began it, never twice, whatever one item or one worker does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.jobs import working
from portal.organisations.models import Organisation
from portal.work import ledger, service
from portal.work.ledger import Facts, Handler, ItemRefused, Outcome
from portal.work.models import Work, WorkItem
from portal.work.states import ItemState, WorkState
from tests.makers.organisations import a_country
from tests.makers.roles import a_member, a_role, acting

pytestmark = pytest.mark.usefixtures("production")
RENAME, NOTE = "rename-for-tests", "note-for-tests"


def _rename(actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """A service that commits: writes a city, refuses some, breaks on others after having written."""
    row = db.session.get_one(Organisation, parameters["organisation"])
    row.city = f"{row.city}{payload['letter']}"
    if payload["letter"] == "x":
        db.session.rollback()
        raise ItemRefused("failed", {"why": "x"})
    db.session.flush()
    if payload["letter"] == "!":
        raise RuntimeError("broken")
    if payload["letter"] == "?":
        assert not actor.roles
    db.session.commit()
    return Outcome("done", row.id, {"letter": payload["letter"]})


def _note(_actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """A step that leaves the commit to the worker."""
    row = db.session.get_one(Organisation, parameters["organisation"])
    row.city = f"{row.city}{payload['letter']}"
    db.session.flush()
    if payload["letter"] == "x":
        raise ItemRefused("failed")
    return Outcome()


@pytest.fixture(autouse=True)
def _handlers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "HANDLERS", dict(working.HANDLERS))
    working.register(Handler(RENAME, _rename), Handler(NOTE, _note, together=3))


def begun(letters: str, kind: str = RENAME) -> tuple[Work, Account]:
    """Work over these letters, begun by a member of the local authority, whose city collects them."""
    country = a_country()
    person = a_member(country.local)
    items = [{"letter": letter, "label": letter} for letter in letters]
    work = service.begin(kind, acting(person), {"organisation": country.local.id}, items)
    db.session.commit()
    db.session.expunge_all()  # what the worker does is read from the database, never from these
    return work, person


def city(work: Work) -> str:
    """What was collected."""
    return db.session.get_one(
        Organisation, ledger.parameters_of(work)["organisation"], populate_existing=True
    ).city


def states(work: Work) -> list[str]:
    """The states of the items in their order."""
    return [item.state for item in ledger.every_item(work.id)]


@pytest.mark.parametrize("kind", [RENAME, NOTE])
def test_items_are_done_in_their_order_and_one_that_fails_leaves_nothing_behind(kind: str) -> None:
    work, _person = begun("abxcd", kind)
    assert working.run_due() == 5
    assert city(work) == "abcd"
    assert states(work) == ["done", "done", "refused", "done", "done"]
    ended = ledger.work_by_id(work.id)
    assert ended is not None
    assert (ended.state, ended.done, ended.refused) == (WorkState.DONE, 4, 1)
    assert ended.ended_at is not None
    assert ended.lease_until is None


def test_an_item_that_breaks_is_named_and_the_others_go_through() -> None:
    work, _person = begun("a!b")
    working.run_due()
    assert city(work) == "ab"
    outcomes = [item.outcome for item in ledger.every_item(work.id)]
    assert outcomes == ["done", "failed", "done"]


def test_work_that_ended_is_not_done_again() -> None:
    work, _person = begun("ab")
    working.run_due()
    assert working.run_due() == 0
    assert city(work) == "ab"


def test_a_worker_that_was_killed_is_followed_by_another_that_does_only_the_rest() -> None:
    work, _person = begun("abc")
    claimed = ledger.claim(work.id)
    assert claimed is not None
    working._alone(working.HANDLERS[RENAME], claimed, ledger.waiting_items(claimed, 1)[0])
    assert working.run_due() == 0  # the lease of the first holds
    clock.advance(ledger.LEASE + timedelta(seconds=1))
    assert working.run_due() == 2
    assert city(work) == "abc"


def test_only_one_of_two_workers_gets_the_work() -> None:
    work, _person = begun("a")
    assert ledger.claim(work.id) is not None
    assert ledger.claim(work.id) is None


def test_rights_are_those_of_the_moment_not_of_the_click() -> None:
    work, person = begun("?")
    from portal.roles.models import Role  # the role ends between the click and the work

    role = db.session.scalars(select(Role).where(Role.account_id == person.id)).one()
    role.state = "removed"
    db.session.commit()
    working.run_due()
    assert states(work) == [ItemState.DONE]


def test_only_the_profile_that_began_it_gives_its_rights() -> None:
    country = a_country()
    person = a_member(country.local)
    place, elsewhere = country.local.id, country.post.id
    a_role(person, country.post)
    both = acting(person)
    local = tuple(role for role in both.roles if role.organisation_id == place)
    actor = replace(both, roles=local, other_roles=tuple(role for role in both.roles if role not in local))
    seen: list[Actor] = []

    def look(actor: Actor, _parameters: Facts, _payload: Facts) -> Outcome:
        seen.append(actor)
        return Outcome()

    working.register(Handler("look-for-tests", look))
    service.begin("look-for-tests", actor, {}, [{"label": "one"}])
    db.session.commit()
    working.run_due()
    assert {role.organisation_id for role in seen[0].roles} == {place}
    assert {role.organisation_id for role in seen[0].other_roles} == {elsewhere}


def test_work_runs_in_its_own_environment() -> None:
    work, _person = begun("a")
    with using(Environment.TRAINING):
        assert ledger.due_ids() == []
        assert ledger.work_by_id(work.id) is None
    working.run_due()
    assert environment.current() is Environment.PRODUCTION
    assert city(work) == "a"


def test_stopped_work_leaves_the_rest_as_it_was() -> None:
    work, person = begun("ab")
    assert service.stop_work(work.id, acting(person))
    assert working.run_due() == 0
    assert city(work) == ""
    assert states(work) == ["waiting", "waiting"]
    assert not service.stop_work(work.id, acting(person))


def test_many_items_are_put_in_pieces_and_read_back_in_order() -> None:
    work, _person = begun("a" * 2500, NOTE)
    assert work.total == 2500
    positions = list(
        db.session.scalars(select(WorkItem.position).where(WorkItem.work_id == work.id).order_by(WorkItem.id))
    )
    assert positions == list(range(1, 2501))
    page = ledger.items_of(work.id)
    assert [item.position for item in page.rows] == list(range(1, 26))
