"""Loading the organisations of public lists into an environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.clock import now
from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations import loading
from portal.organisations.loading import commission, load_organisations
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, Organisation
from portal.organisations.tree import CircularTree, rebuild_ancestors
from portal.reference.files import rows_of

SOME_BODIES = ("BE-BIO-01", "BE-BIO-03", "TC-102", "TC-201")


def listed(name: str, without: str = "") -> list[dict[str, str]]:
    """The lists with a few control bodies: they say as much as all, and take less time."""
    rows = [row for row in rows_of(name) if row.get("code") != without]
    if name == "control_bodies":
        return [row for row in rows if row["key"] in SOME_BODIES]
    return [row for row in rows if row.get("body", SOME_BODIES[0]) in SOME_BODIES]


@pytest.fixture(autouse=True)
def _in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loading, "rows_of", listed)
    with using(Environment.PRODUCTION):
        yield


def by_key(key: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.source_key == key)).one()


def test_the_authorities_of_the_guide_are_found_by_their_code() -> None:
    load_organisations()
    aalst = by_key("authority/BE0001")
    assert (aalst.name, aalst.country, aalst.postcode) == ("Aalst Customs Authority", "BE", "9300")
    assert (aalst.authority_role, list(aalst.competences)) == ("BCP", ["ORGANIC"])
    assert by_key("authority/BE301000").authority_role == "CUSTOMS"


def test_every_row_says_where_it_comes_from() -> None:
    load_organisations()
    assert not db.session.scalars(select(Organisation).where(Organisation.source == "")).all()
    assert by_key("authority/FRORY4").as_of == "2013"


def test_posts_that_the_list_suspends_are_suspended() -> None:
    load_organisations()
    assert by_key("authority/ESCQM4").state == "suspended"
    assert by_key("authority/ESHUV1").state == "valid"
    assert by_key("authority/ESCQM4").name == "Ciudad Real"


def test_the_second_run_changes_nothing() -> None:
    load_organisations()
    again = load_organisations()
    assert not any(count.added or count.changed or count.ended for count in again.values())


def test_what_people_decided_survives_the_second_run() -> None:
    load_organisations()
    by_key("authority/FR007").state = "suspended"
    by_key("authority/BE301000").superior_id = by_key("authority/BE0001").id
    db.session.commit()
    load_organisations()
    assert by_key("authority/FR007").state == "suspended"
    assert by_key("authority/BE301000").superior_id == by_key("authority/BE0001").id


def test_a_body_has_one_row_for_each_code_country_and_regulation() -> None:
    load_organisations()
    body = by_key("control-body/TC-102")
    albanian = {(scope.code, scope.valid_until) for scope in body.scopes if scope.country == "AL"}
    assert albanian == {("AL-BIO-102", None), ("AL-BIO-102", date(2024, 12, 31))}


def test_codes_of_member_states_and_of_third_countries_are_told_apart() -> None:
    load_organisations()
    assert [scope.origin for scope in by_key("control-body/BE-BIO-03").scopes] == ["member-state"]
    assert {scope.origin for scope in by_key("control-body/TC-102").scopes} == {"third-country"}


def test_a_scope_that_left_the_list_has_ended_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    load_organisations()
    without = partial(listed, without="BE-BIO-03")
    monkeypatch.setattr(
        loading, "rows_of", lambda name: (without if name.endswith("scopes") else listed)(name)
    )
    assert load_organisations()["control body scopes"].ended == 1
    (scope,) = by_key("control-body/BE-BIO-03").scopes
    assert scope.valid_until == now().date() - timedelta(days=1)
    monkeypatch.setattr(loading, "rows_of", listed)
    load_organisations()
    assert scope.valid_until is None


def test_an_organisation_that_left_the_list_is_deleted_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_organisations()
    monkeypatch.setattr(loading, "rows_of", partial(listed, without="FR007"))
    assert load_organisations()["authorities"].ended == 1
    assert by_key("authority/FR007").state == "deleted"
    monkeypatch.setattr(loading, "rows_of", listed)
    load_organisations()
    assert by_key("authority/FR007").state == "valid"


def test_the_commission_stands_above_every_listed_authority() -> None:
    load_organisations()
    above = select(AuthorityAncestor.depth).where(
        AuthorityAncestor.authority_id == by_key("authority/FR007").id,
        AuthorityAncestor.ancestor_id == commission().id,
    )
    assert db.session.scalars(above).one() == 1


def test_a_tree_that_turns_in_a_circle_is_refused() -> None:
    load_organisations()
    commission().superior_id = by_key("authority/FR007").id
    with pytest.raises(CircularTree):
        rebuild_ancestors()


def test_each_environment_has_its_own_rows() -> None:
    load_organisations()
    with using(Environment.TRAINING):
        assert db.session.scalars(select(func.count()).select_from(Organisation)).one() == 0
        assert load_organisations()["authorities"].added == 34


def test_all_control_bodies_are_loaded_with_all_their_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "rows_of", rows_of)
    load_organisations()
    assert db.session.scalars(select(func.count()).select_from(ControlBodyScope)).one() == 2363
