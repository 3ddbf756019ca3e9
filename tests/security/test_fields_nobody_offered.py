"""Every form sent with thirty fields more than its page offers has the effect it has without them (Z-03)."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import Base, db
from portal.organisations.models import Organisation
from tests.databases import ENGINES, PostgresServer, SqliteFiles
from tests.long.scene import Scene
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member
from tests.security.staging import STAGED, Stage, played, stage, token_of

Database = SqliteFiles | PostgresServer
SMUGGLED = "smuggled-in"
WORDS = {
    "state": "valid", "status": "valid", "role_state": "valid", "is_administrator": "y", "administrator": "y",
    "admin": "1", "is_admin": "true", "superuser": "1", "environment": "training", "environment_key": "training",
    "authority_role": "COMMISSION", "assurance": "second-factor", "second_factor_at": "2030-01-01",
    "requested_at": "2001-01-01", "decided_at": "2001-01-01", "valid_from": "2001-01-01", "locked": "n",
    "origin": "list", "source_key": SMUGGLED, "permissions": "all", "scope_key": "0", "password_hash": SMUGGLED,
    "email_checked": SMUGGLED, "lost_at": "", "used_at": "", "is_active": "y", "awaits_since": "",
}  # fmt: skip
NUMBERS = (
    "id", "user_id", "account_id", "actor_account_id", "organisation_id", "role_id", "scope_id", "superior_id",
    "supervisor_id", "responsible_id", "decided_by", "validator_id", "deputy_id", "sign_in_id",
)  # fmt: skip
GUARDED = (
    "state", "kind", "is_administrator", "environment", "environment_key", "country", "origin", "assurance",
    "authority_role", "purpose", "method", "language", "is_active", "name", "active",
)  # fmt: skip
"""Columns that decide who may do what; those that hold codes, times and numbers differ from one run to the next."""
NUMBERED = re.compile(r"\w*\d\w*")
EACH_ONCE = list(zip(itertools.cycle(ENGINES), STAGED))
"""Which fields a form takes is settled before any database is asked: each form is sent on one of the two."""
COUNTERS = {"counters", "sign_ins", "rate_counters"}


def extra(account_id: int, organisation_id: int) -> dict[str, Any]:
    """The fields, naming somebody else wherever a number is meant."""
    numbers = {
        name: organisation_id if "organisation" in name or name.startswith("s") else account_id
        for name in NUMBERS
    }
    return {**WORDS, **numbers}


def standing() -> Counter[tuple[Any, ...]]:
    """How many rows of each table hold the same words in the columns that decide."""
    found: Counter[tuple[Any, ...]] = Counter()
    reason = {"unscoped": "comparing all rows in a test"}
    for name, table in Base.metadata.tables.items():
        if name in COUNTERS:
            continue
        columns = [column for column in table.columns if column.name in GUARDED]
        rows = db.session.execute(select(*columns or [table.c[0]]), execution_options=reason)
        found.update((name, *map(plain, row)) if columns else (name,) for row in rows)
    return found


def plain(value: Any) -> Any:
    """The value without words that hold a figure: makers number the names they give."""
    return NUMBERED.sub("#", value) if isinstance(value, str) else value


def change_by(
    place: Stage, scene: Scene, more: Callable[[], dict[str, Any]], known: set[str]
) -> Counter[tuple[Any, ...]]:
    """What sending the form of the scene adds and takes away."""
    with place.inside():
        wished = more()
    fields = {name: value for name, value in wished.items() if name not in known}
    token = token_of(scene.browser)
    before = read(place)
    scene.browser.post(scene.path, {**fields, **scene.fields, "csrf_token": token})
    after = read(place)
    gone = Counter({("gone", *row): count for row, count in (before - after).items()})
    return (after - before) + gone


def offered(scene: Scene) -> set[str]:
    """The names of the fields on the page of the form, and of those the scene sends."""
    page = scene.browser.get(scene.form_on or scene.path)
    names = page.tree.xpath("//main//*[@name]/@name") if page.body else []
    return {str(name) for name in names} | set(scene.fields)


def read(place: Stage) -> Counter[tuple[Any, ...]]:
    """All that stands, in a transaction of its own."""
    with place.inside():
        return standing()


def somebody_else() -> dict[str, Any]:
    """The fields with a stranger's numbers."""
    operator: Organisation = an_operator("Fret lointain", country="FR")
    return extra(a_member(operator).id, operator.id)


def nothing_more() -> dict[str, Any]:
    """The form as it is, beside the same strangers."""
    somebody_else()
    return {}


@pytest.mark.parametrize(("app", "endpoint"), EACH_ONCE, indirect=["app"])
def test_fields_that_no_form_offers_change_nothing(
    app: Flask, servers: dict[str, Database], endpoint: str
) -> None:
    place = stage(app)
    scene = played(place, endpoint)
    known = offered(scene)
    as_offered = change_by(place, scene, nothing_more, known)
    db.session.remove()
    db.engine.dispose()
    servers[db.engine.dialect.name].renew()
    assert change_by(place, played(place, endpoint), somebody_else, known) == as_offered
