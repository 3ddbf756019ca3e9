"""The demo register: authorities of each Member State in their tree, bodies, operators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.database import db
from portal.demo import register
from portal.demo.register import KNOWN_BY_NAME, load_demo_register
from portal.environments.environment import Environment, using
from portal.organisations import loading
from portal.organisations.loading import commission, load_organisations
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, OperatorActivity, Organisation
from portal.reference.files import rows_of
from portal.vocabulary import MEMBER_STATES

SHORT = ("control_bodies", "control_body_scopes")
FEW = 2


@pytest.fixture(autouse=True)
def _in_training(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A few control bodies and operators say as much as thousands and take less time.
    monkeypatch.setattr(
        loading, "rows_of", lambda name: rows_of(name)[:3] if name in SHORT else rows_of(name)
    )
    monkeypatch.setattr(register, "OPERATORS_PER_COUNTRY", FEW)
    with using(Environment.TRAINING):
        load_organisations()
        yield


def by_key(key: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.source_key == key)).one()


def line_of(authority: Organisation) -> list[int]:
    query = select(AuthorityAncestor.ancestor_id).where(AuthorityAncestor.authority_id == authority.id)
    return list(db.session.scalars(query.order_by(AuthorityAncestor.depth)))


def test_each_member_state_has_its_authorities() -> None:
    load_demo_register()
    for country in MEMBER_STATES:
        for office in ("CCA", "OPL", "LAU", "BCP", "CUS"):
            assert by_key(f"demo/{country}/{office}").origin == "demo"


def test_the_tree_goes_from_the_local_unit_to_the_commission() -> None:
    load_demo_register()
    keys = ("demo/FR/LAU", "demo/FR/RCA", "demo/FR/CCA", "authority/COMMISSION")
    assert line_of(by_key("demo/FR/LAU")) == [by_key(key).id for key in keys]
    assert line_of(by_key("demo/MT/LAU"))[1:] == [by_key("demo/MT/CCA").id, commission().id]


def test_listed_authorities_come_under_the_central_authority_of_their_country() -> None:
    load_demo_register()
    assert by_key("authority/FR007").superior_id == by_key("demo/FR/CCA").id
    assert by_key("authority/BE0001").superior_id == by_key("demo/BE/OPL").id
    assert by_key("authority/XIBEL1-DAERA").superior_id == commission().id


def test_scopes_of_member_states_have_a_supervisor() -> None:
    load_demo_register()
    query = select(ControlBodyScope.supervisor_id).where(ControlBodyScope.code == "BE-BIO-03")
    assert db.session.scalars(query).one() == by_key("demo/BE/OPL").id


def test_one_invented_body_stands_on_several_rows() -> None:
    load_demo_register()
    assert [scope.code for scope in by_key("demo/BE/BODY").scopes] == ["BE-BIO-99", "ID-BIO-99"]


def test_a_scope_that_an_older_demo_had_not_yet_is_added_once() -> None:
    load_demo_register()
    body = by_key("demo/DE/BODY")
    codes = [scope.code for scope in body.scopes]
    assert codes == ["DE-BIO-99", "AR-BIO-99", "BR-BIO-99"]
    db.session.delete(body.scopes[1])
    db.session.commit()
    for _again in range(2):
        db.session.expire_all()
        load_demo_register()
        db.session.expire_all()
        assert sorted(scope.code for scope in by_key("demo/DE/BODY").scopes) == sorted(codes)


def test_each_operator_of_a_member_state_has_somebody_responsible() -> None:
    load_demo_register()
    query = (
        select(func.count()).select_from(OperatorActivity).where(OperatorActivity.responsible_id.is_(None))
    )
    assert db.session.scalars(query).one() == 0
    importer = by_key("demo/BE/named-1")
    assert importer.name == "ABC test Operator"
    assert [activity.responsible_id for activity in importer.activities] == [by_key("demo/BE/OPL").id]


def test_the_second_run_adds_nothing() -> None:
    assert load_demo_register()["operators added"] == FEW * len(MEMBER_STATES) + len(KNOWN_BY_NAME)
    assert load_demo_register()["operators added"] == 0


def test_made_up_operators_are_marked() -> None:
    load_demo_register()
    assert by_key("demo/FR/operator-1").origin == "synthetic"
