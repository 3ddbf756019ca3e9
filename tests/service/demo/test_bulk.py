"""The generated register: the same for one seed, the short one the beginning of the long, with users and a backlog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.database import db
from portal.demo import bulk
from portal.demo.bulk import generate_register
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.organisations import loading
from portal.organisations.loading import load_organisations
from portal.organisations.models import AuthorityAncestor, OperatorActivity, Organisation
from portal.reference.files import rows_of
from portal.roles.models import Role, RoleKind
from portal.vocabulary import OrganisationKind

SHORT = ("control_bodies", "control_body_scopes")


@pytest.fixture(autouse=True)
def _in_training(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        loading, "rows_of", lambda name: rows_of(name)[:3] if name in SHORT else rows_of(name)
    )
    with using(Environment.TRAINING):
        load_organisations()
        yield


def operators() -> list[Organisation]:
    query = select(Organisation).where(Organisation.kind == OrganisationKind.OPERATOR)
    return list(db.session.scalars(query.order_by(Organisation.id)))


def roles() -> list[tuple[str, str, str]]:
    """Organisation, address and state of every role, as no number of a row shows it."""
    query = (
        select(Organisation.source_key, Account.email, Role.state)
        .join(Role, Role.organisation_id == Organisation.id)
        .join(Account, Account.id == Role.account_id)
    )
    return sorted((str(key), email, state) for key, email, state in db.session.execute(query))


def test_a_larger_register_continues_a_smaller_one() -> None:
    assert list(generate_register(30, seed=7)) == [30]
    names, held = [row.name for row in operators()], roles()
    assert list(generate_register(90, seed=7)) == [90]
    assert [row.name for row in operators()][:30] == names
    assert [row for row in roles() if int(row[0].rpartition("/")[2]) <= 30] == held
    assert list(generate_register(90, seed=7)) == []


def test_the_register_is_the_same_whatever_the_pieces_it_was_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with using(Environment.ACCEPTANCE):
        load_organisations()
        assert list(generate_register(120, seed=7)) == [120]
        at_once = roles()
    monkeypatch.setattr(bulk, "CHUNK", 50)
    assert list(generate_register(120, seed=7)) == [50, 100, 120]
    assert roles() == at_once


def test_who_works_in_two_environments_has_one_account() -> None:
    list(generate_register(60, seed=7))
    people = db.session.scalar(select(func.count()).select_from(Account))
    with using(Environment.ACCEPTANCE):
        load_organisations()
        list(generate_register(60, seed=7))
    assert db.session.scalar(select(func.count()).select_from(Account)) == people


def test_two_seeds_make_two_registers_side_by_side() -> None:
    list(generate_register(40, seed=7))
    list(generate_register(40, seed=8))
    keys = Counter(str(row.source_key).split("/")[1] for row in operators())
    assert keys == {"7": 40, "8": 40}


def test_every_row_is_marked_and_nobody_invented_can_sign_in_or_be_written_to() -> None:
    list(generate_register(60, seed=7))
    assert {row.origin for row in operators()} == {"synthetic"}
    people = list(db.session.scalars(select(Account)))
    assert people
    assert {account.password_hash for account in people} == {None}
    assert {account.email.partition("@")[2] for account in people} == {"register.example"}


def test_who_waits_in_the_register_is_no_reason_to_remind_anybody() -> None:
    list(generate_register(400, seed=7))
    waiting = list(db.session.scalars(select(Role).where(Role.state == "requested")))
    assert waiting
    assert all(role.reminded_at and role.escalated_at for role in waiting)


def test_who_holds_a_role_holds_its_kind_once() -> None:
    list(generate_register(200, seed=7))
    held = set(db.session.scalars(select(Role.account_id).where(Role.state.in_(["requested", "valid"]))))
    kinds = Counter(db.session.scalars(select(RoleKind.account_id).where(RoleKind.active)))
    assert held <= set(kinds)
    assert set(kinds.values()) == {1}


def test_local_units_share_the_operators_of_their_country_and_hang_in_the_tree() -> None:
    list(generate_register(400, seed=7))
    units = list(
        db.session.scalars(
            select(Organisation).where(
                Organisation.source_key.startswith("synthetic/FR/LAU-"),
                Organisation.authority_role == "LAU",
            )
        )
    )
    assert len(units) > 20
    above = select(func.count()).where(AuthorityAncestor.authority_id == units[0].id)
    assert db.session.scalar(above) == 4
    answering = select(func.count(OperatorActivity.responsible_id.distinct())).where(
        OperatorActivity.responsible_id.in_([unit.id for unit in units])
    )
    assert (db.session.scalar(answering) or 0) > 10
