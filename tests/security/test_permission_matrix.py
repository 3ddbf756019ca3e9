"""Every action, by every kind of person, on what is their own, below them, foreign, or in another environment.

The table stands in `permission_matrix.csv`: y yes, n no, h no and not told that it is there, . nothing stands there.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.certificates.queries import by_id
from portal.environments.environment import Environment, using
from portal.roles import queries
from portal.web import guard
from tests.page import PageClient
from tests.security.matrix_certificates import CERTIFICATES, certificate_target
from tests.security.matrix_targets import ALONE, FINDERS, HIDING, NOT_THERE, SEARCH, Finder
from tests.security.matrix_world import KINDS, World, a_world, actor_of

TABLES = {"broad": "permission_matrix.csv", "strict": "permission_matrix_strict.csv"}
Matrix = dict[tuple[str, str], dict[str, str]]


def read(name: str) -> Matrix:
    """What is expected, by action and relation."""
    with (Path(__file__).parent / name).open() as lines:
        rows = list(csv.DictReader(lines))
    return {(row.pop("action"), row.pop("relation")): row for row in rows}


def answer(actor: Actor, action: Action, target: Any) -> str:
    """What that person gets to see."""
    if target is NOT_THERE:
        return "."
    if may(actor, action, target):
        return "y"
    reading = HIDING.get(action)
    return "h" if reading and not may(actor, reading, target) else "n"


def found_in(*, strict: bool) -> Matrix:
    """What the rules say on rows of the database, as the services load them."""
    found: Matrix = {}
    with using(Environment.PRODUCTION):
        world = a_world()
        actors = {kind: actor_of(world, kind, strict=strict) for kind in KINDS[1:]}
        for action, (finder, relations) in FINDERS.items():
            for relation in relations:
                found[action.value, relation] = answers(world, actors, action, finder, relation)
    with using(Environment.TRAINING):
        actors = {kind: actor_of(world, kind, strict=strict) for kind in KINDS[1:]}
        for action in ALONE | set(SEARCH):
            finder, _relations = FINDERS[action]
            found[action.value, "environment"] = answers(world, actors, action, finder, "alone")
    return found


def answers(
    world: World, actors: dict[str, Actor], action: Action, finder: Finder, relation: str
) -> dict[str, str]:
    """One row: what each kind of person gets to see in the current environment."""
    return {kind: answer(one, action, finder(world, kind, relation)) for kind, one in actors.items()}


@pytest.mark.parametrize("reading", sorted(TABLES))
def test_the_permission_matrix_holds(app: Flask, reading: str) -> None:
    found = found_in(strict=reading == "strict")
    if os.environ.get("WRITE_MATRIX"):
        with (Path(__file__).parent / TABLES[reading]).open("w", newline="") as out:
            lines = csv.writer(out, lineterminator="\n")
            lines.writerow(["action", "relation", *KINDS[1:]])
            lines.writerows([*key, *row.values()] for key, row in sorted(found.items()))
    expected = read(TABLES[reading])
    wrong = {key: row for key, row in found.items() if row != expected.get(key)}
    assert wrong == {}
    assert set(expected) == set(found)


def test_every_action_is_in_the_matrix() -> None:
    assert set(FINDERS) == set(Action)
    for name in TABLES.values():
        assert {action for action, _relation in read(name)} == {action.value for action in Action}


def test_rows_of_another_environment_are_not_there(app: Flask) -> None:
    with using(Environment.PRODUCTION):
        world = a_world()
        numbers = [one.id for rows in world.rows.values() for one in (rows.role, rows.request)]
        for name in CERTIFICATES:
            certificate_target(world, "OP", name)
        certificates = list(world.certificates.values())
    with using(Environment.TRAINING):
        assert numbers
        assert [number for number in numbers if queries.role_by_id(number)] == []
        assert len(certificates) == len(CERTIFICATES)
        assert [number for number in certificates if by_id(number)] == []


def test_visitors_are_led_to_the_sign_in_by_every_action(app: Flask, visitor: PageClient) -> None:
    asked = 0
    for rule in app.url_map.iter_rules():
        declared = guard.declaration_of(app, rule.endpoint) if rule.endpoint != "static" else None
        if declared is None or not isinstance(declared[0], Action) or "GET" not in (rule.methods or ()):
            continue
        if set(rule.arguments) - {"environment"}:
            continue
        address = str(rule).replace("<environment:environment>", "production")
        assert visitor.get(address, follow=False).status == 302, address
        asked += 1
    assert asked > 20
