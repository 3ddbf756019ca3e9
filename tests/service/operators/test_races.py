"""Several people at the same moment: one decision on an activity, one merge, no details overwritten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask

from portal.access.rules_operators import ActivityTarget
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.messages.models import OutgoingMessage
from portal.organisations.activities import ActivityDecided
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.operator_models import OperatorMerge
from portal.organisations.registering import details_of
from portal.organisations.states import ActivityReason
from portal.roles import deciding_activities
from portal.roles.deciding_activities import ActivityDecision, decide_activity
from portal.roles.editing_operator import EditedMeanwhile, edit_details
from portal.roles.merging_operators import AlreadyMerged, merge_operators
from tests.makers.operators import CATTLE
from tests.makers.organisations import a_country, an_activity, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
ROUNDS = 5


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do these in threads at the same moment; what each returned or raised."""
    fresh_session()
    return beside_this(app, *acts)


def beside_this(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """The same while this session goes on with what it has read."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context(), using(Environment.PRODUCTION):
            start.wait()
            try:
                return act()
            except Exception as refused:
                db.session.rollback()
                return type(refused)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def fresh_session() -> None:
    """Let go of the database; see later what others wrote."""
    db.session.rollback()
    db.session.expire_all()


def test_of_two_validators_of_one_activity_one_decides_with_one_event_and_one_mail(app: Flask) -> None:
    country = a_country()
    first, second = acting(a_member(country.local)), acting(a_member(country.central))
    for number in range(ROUNDS):
        operator = an_operator(responsible=country.local, state="new")
        a_member(operator, administrator=True)
        activity_id = operator.activities[0].id
        results = at_once(
            app,
            lambda activity_id=activity_id: decide_activity(ActivityDecision(activity_id, "validate"), first),
            lambda activity_id=activity_id: decide_activity(
                ActivityDecision(activity_id, "reject", ActivityReason.DUPLICATE), second
            ),
        )
        assert sum(result is ActivityDecided for result in results) == 1
        fresh_session()
        activity = db.session.get_one(OperatorActivity, activity_id)
        assert activity.organisation.state == activity.state
        assert db.session.query(AuditEvent).count() == number + 1
        assert db.session.query(OutgoingMessage).count() == number + 1


def test_who_is_slower_is_told_so_whenever_the_faster_one_rejects(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # who writes there holds the file from the beginning: nobody comes between
    country = a_country()
    slower, faster = acting(a_member(country.local)), acting(a_member(country.central))
    operator = an_operator(responsible=country.local, state="new")
    activity_id = operator.activities[0].id
    reject = ActivityDecision(activity_id, "reject", ActivityReason.DUPLICATE)
    db.session.commit()
    seen = deciding_activities.targets_of_activities

    def after_the_rejection(row: Organisation) -> dict[int, ActivityTarget]:
        monkeypatch.setattr(deciding_activities, "targets_of_activities", seen)
        beside_this(app, lambda: decide_activity(reject, faster))
        return seen(row)

    monkeypatch.setattr(deciding_activities, "targets_of_activities", after_the_rejection)
    with pytest.raises(ActivityDecided):
        decide_activity(ActivityDecision(activity_id, "validate"), slower)


def test_two_activities_decided_at_once_leave_the_operator_in_the_state_of_both(app: Flask) -> None:
    country = a_country()
    actors = [acting(a_member(country.local)) for _two in range(2)]
    operator = an_operator(responsible=country.local)
    both = [operator.activities[0].id, an_activity(operator, country.local, CATTLE).id]
    acts = [
        lambda actor=actor, number=number: decide_activity(
            ActivityDecision(number, "suspend", ActivityReason.CEASED), actor
        )
        for actor, number in zip(actors, both, strict=True)
    ]
    at_once(app, *acts)
    fresh_session()
    assert db.session.get_one(Organisation, operator.id).state == "suspended"


def test_of_two_merges_in_opposite_directions_one_happens(app: Flask) -> None:
    country = a_country()
    actors = [acting(a_member(country.local)) for _two in range(2)]
    for number in range(ROUNDS):
        one = an_operator("One", responsible=country.local, activity=CATTLE).id
        other = an_operator("Other", responsible=country.local, activity=("RFL", "responsible")).id
        results = at_once(
            app,
            lambda one=one, other=other: merge_operators(one, other, actors[0]),
            lambda one=one, other=other: merge_operators(other, one, actors[1]),
        )
        assert sum(result is AlreadyMerged for result in results) == 1
        fresh_session()
        assert db.session.query(OperatorMerge).count() == number + 1
        assert sorted(db.session.get_one(Organisation, row).state for row in (one, other)) == [
            "deleted",
            "valid",
        ]


def test_of_two_who_save_the_same_version_one_is_shown_the_other(app: Flask) -> None:
    country = a_country()
    actors = [acting(a_member(country.local)) for _two in range(2)]
    operator = an_operator(responsible=country.local, activity=CATTLE, telephone="1234567")
    version, seen, number = operator.version, details_of(operator), operator.id
    results = at_once(
        app,
        lambda: edit_details(number, replace(seen, city="Namur"), version, actors[0]),
        lambda: edit_details(number, replace(seen, street="Rue 9"), version, actors[1]),
    )
    assert sum(result is EditedMeanwhile for result in results) == 1
    fresh_session()
    row = db.session.get_one(Organisation, number)
    assert [row.city, row.street] in (["Namur", ""], ["", "Rue 9"])
