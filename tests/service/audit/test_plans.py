"""Every search of the trail and every list of unsealed events is read along an index, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from portal import clock
from portal.audit.chains import IDENTITY
from portal.audit.search import Wanted, search
from portal.database import db
from portal.jobs import sealing
from portal.paging import Place
from tests.makers.audit import some_events

pytestmark = pytest.mark.usefixtures("app")
SINCE = clock.now() - timedelta(days=3)
SEARCHES = {
    "everything": (Wanted("training"), "ix_audit_events_listing"),
    "an action": (Wanted("training", name="RoleRequested"), "ix_audit_events_named"),
    "everything about accounts": (Wanted(IDENTITY), "ix_audit_events_"),
    "an action about accounts": (Wanted(IDENTITY, name="RoleRequested"), "named"),
    "an organisation": (Wanted(IDENTITY, list_of=1), "audit_subjects"),
    "an action in it": (Wanted(IDENTITY, list_of=1, name="RoleRequested"), "ix_audit_subjects_named"),
    "a person in it": (Wanted(IDENTITY, list_of=1, person=7), "audit_subjects"),
    "another one in it": (Wanted(IDENTITY, list_of=1, about=2), "audit_subjects"),
    "days": (Wanted(IDENTITY, list_of=1, since=SINCE, before=clock.now()), "audit_subjects"),
}


def plans_of(act: Any) -> list[str]:
    """How the database carries out each statement about the trail that the act sends."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT") and "audit_" in statement:
            seen.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        # Else the plans rest on what was there when the server last looked by itself.
        with db.engine.begin() as connection:
            connection.execute(text("ANALYZE audit_events, audit_subjects"))
    return [_explained(statement, values) for statement, values in seen]


def _explained(statement: str, values: Any) -> str:
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        if not is_sqlite:  # a few rows are read whole; what matters is that an index can serve
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values))


@pytest.mark.parametrize("name", SEARCHES)
def test_each_search_reads_one_range_of_an_index(name: str) -> None:
    some_events(30)
    sealing.seal()
    wanted, index = SEARCHES[name]
    plan = plans_of(lambda: search(wanted, Place()))[0]
    assert index in plan
    assert "SCAN audit" not in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan


def test_what_waits_for_the_seal_is_found_without_reading_what_is_sealed() -> None:
    some_events(30)
    plans = [plan for plan in plans_of(sealing.seal) if "audit_events" in plan]
    assert len(plans) == 4, "one statement for each chain"
    # SQLite finds empty positions in the index of positions, and there in the order of the numbers.
    served = ("ix_audit_events_unsealed", "uq_audit_events_position", "uq_audit_events_identity_position")
    assert all(any(index in plan for index in served) for plan in plans), plans
    assert not any("Seq Scan" in plan or "SCAN" in plan or "TEMP B-TREE" in plan for plan in plans), plans


def test_a_search_asks_the_database_the_same_number_of_times_whatever_it_finds() -> None:
    counts = []
    for number in (1, 40):
        some_events(number)
        sealing.seal()
        counts.append(len(plans_of(lambda: search(Wanted(IDENTITY, person=7), Place()))))
    assert counts == [2, 2]
