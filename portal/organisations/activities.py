"""The one way an activity changes its state, and how the operator follows its activities. Commits nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal import clock
from portal.access.actor import Actor
from portal.database import db, rows_changed
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import RETURNING, ActivityState, state_of_operator
from portal.workflow import Transition


class ActivityDecided(Exception):
    """Somebody was faster, or the activity is in another state by now; nothing was changed."""

    def __init__(self, activity: OperatorActivity) -> None:
        super().__init__(activity.id)
        self.organisation_id: int = activity.organisation_id
        self.decided_by: int | None = activity.decided_by
        self.decided_at: datetime | None = activity.decided_at
        self.state = ActivityState(activity.state)


def activity_by_id(activity_id: int) -> OperatorActivity | None:
    """The activity of this environment, whatever its state."""
    return db.session.get(OperatorActivity, activity_id, populate_existing=True)


def change_activity(activity: OperatorActivity, row: Transition, actor: Actor, **values: Any) -> None:
    """One conditional UPDATE: of two people who decide at once one changes it. Raises ActivityDecided."""
    changed = db.session.execute(
        update(OperatorActivity)
        .where(OperatorActivity.id == activity.id, OperatorActivity.state.in_(row.sources))
        .values(state=row.target, decided_at=clock.now(), decided_by=actor.account_id, **values)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed) == 0:
        db.session.rollback()
        db.session.refresh(activity)
        raise ActivityDecided(activity)
    db.session.refresh(activity)


def send_back(organisation_id: int, activities: Collection[int] | None = None) -> int:
    """Valid activities go back to «new», all or those named; returns how many. Their deciders are asked anew."""
    ours = [OperatorActivity.organisation_id == organisation_id, OperatorActivity.state.in_(RETURNING)]
    if activities is not None:
        ours.append(OperatorActivity.id.in_(activities))
    changed = db.session.execute(
        update(OperatorActivity)
        .where(*ours)
        .values(state=ActivityState.NEW, decided_at=None, decided_by=None)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(changed)


def locked(organisation_id: int) -> Organisation | None:
    """The operator, held until the commit: what is done to it and its activities comes one after the other."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def follow(organisation: Organisation) -> bool:
    """The operator's state is what its activities say; whether it changed."""
    db.session.flush()
    of_it = select(OperatorActivity.state).where(OperatorActivity.organisation_id == organisation.id)
    state = state_of_operator(set(db.session.scalars(of_it)))
    changed = organisation.state != state
    organisation.state = state.value
    return changed
