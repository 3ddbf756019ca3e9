"""Merging two records: everything that pointed at the one points at the other, and what is there twice is settled."""

from __future__ import annotations

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.factor_models import DutyPhone
from portal.messages.models import OutgoingMessage
from portal.organisations import merging
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.operator_models import OperatorAddress
from portal.roles.merging_operators import (
    AlreadyMerged,
    SameRecord,
    merge_operators,
    merge_plan,
    moved_by,
)
from portal.roles.models import Role
from portal.roles.operators import addresses_of, survivor_of
from portal.roles.states import RoleState
from tests.makers.operators import CATTLE, TIMBER
from tests.makers.organisations import Country, a_country, an_activity, an_authority, an_operator
from tests.makers.roles import a_member, a_person, a_request, a_role, acting
from tests.makers.rows import a_row

pytestmark = pytest.mark.usefixtures("production")


@pytest.fixture
def country(production: None) -> Country:
    """A whole tree."""
    return a_country()


@pytest.fixture
def survivor(country: Country) -> Organisation:
    """The record that remains."""
    return an_operator(
        "Fret Exemple", responsible=country.local, activity=CATTLE, street="Rue 1", city="Liège"
    )


@pytest.fixture
def loser(country: Country) -> Organisation:
    """The record that goes."""
    return an_operator(
        "Fret Exemple SA", responsible=country.local, activity=TIMBER, street="Rue 2", city="Liège"
    )


def test_everything_moves_and_is_listed_before_and_after(
    country: Country, survivor: Organisation, loser: Organisation
) -> None:
    person, asking = a_member(loser, administrator=True), a_person()
    role, request = (
        a_role(asking, loser, RoleState.REQUESTED),
        db.session.query(Role).filter_by(account_id=person.id).one(),
    )
    a_row(DutyPhone, environment_key="production", organisation_id=loser.id, added_by=person.id)
    address = a_row(OperatorAddress, organisation_id=loser.id)
    db.session.commit()
    actor = acting(a_member(country.local))
    expected = {
        "duty_phones.organisation_id": 1, "operator_activities.organisation_id": 1,
        "operator_addresses.organisation_id": 1, "roles.organisation_id": 2,
    }  # fmt: skip
    assert merge_plan(survivor.id, loser.id, actor).rows == expected

    merge = merge_operators(survivor.id, loser.id, actor)

    assert moved_by(merge) == expected
    assert merging.pointing_rows(loser.id) == {}
    assert (role.organisation_id, request.organisation_id, address.organisation_id) == (survivor.id,) * 3
    assert (loser.state, survivor.state, survivor_of(loser.id)) == ("deleted", "valid", survivor.id)
    assert {one.section_code for one in survivor.activities} == {"BOV-EST", "FLEGT"}
    assert {row.street for row in addresses_of(survivor.id)} == {address.street, "Rue 2"}
    names = [event.name for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert names == ["OperatorsMerged", "OperatorMergedInto"]
    assert {row.account_id for row in db.session.query(OutgoingMessage)} == {person.id, asking.id}


def test_no_column_that_points_at_organisations_is_forgotten(
    survivor: Organisation, loser: Organisation
) -> None:
    made = []
    for pointer in merging.pointers():
        if pointer.model in (Role, OperatorActivity) or pointer.column == "id":
            continue
        made.append(pointer.name)
        a_row(pointer.model, **{pointer.column: loser.id})
    db.session.commit()
    assert {"duty_phones.organisation_id", "operator_addresses.organisation_id"} <= set(made)
    before = merging.pointing_rows(loser.id)
    assert set(made) <= set(before)
    merging.move_rows(loser.id, survivor.id)
    assert merging.pointing_rows(loser.id) == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "remains"),
    [
        ("valid", "requested", "valid"),
        ("requested", "valid", "valid"),
        ("valid", "suspended", "suspended"),
        ("valid", "valid", "valid"),
    ],
)
def test_of_two_roles_of_one_person_the_stronger_remains_and_no_suspension_is_lost(
    country: Country, survivor: Organisation, loser: Organisation, mine: str, theirs: str, remains: str
) -> None:
    person = a_person()
    a_role(person, survivor, RoleState(mine))
    a_role(person, loser, RoleState(theirs))
    actor = acting(a_member(country.local))
    assert len(merge_plan(survivor.id, loser.id, actor).roles) == 1
    merge_operators(survivor.id, loser.id, actor)
    roles = db.session.query(Role).filter_by(account_id=person.id).all()
    assert sorted(role.state for role in roles) == sorted([remains, "removed"])
    assert {role.organisation_id for role in roles} == {survivor.id}


@pytest.mark.parametrize(("mine", "theirs", "after"), [("new", "valid", "valid"), ("valid", "new", "valid")])
def test_of_the_same_activity_in_both_the_stronger_remains(
    country: Country, survivor: Organisation, loser: Organisation, mine: str, theirs: str, after: str
) -> None:
    an_activity(survivor, country.local, ("RFL", "responsible"), mine)
    an_activity(loser, country.local, ("RFL", "responsible"), theirs)
    plan = merge_plan(survivor.id, loser.id, acting(a_member(country.local)))
    assert (len(plan.activities), plan.rows["operator_activities.organisation_id"]) == (1, 1)
    merge_operators(survivor.id, loser.id, acting(a_member(country.local)))
    db.session.expire_all()
    kept = [one.state for one in survivor.activities if one.section_code == "RFL"]
    left = [(one.section_code, one.state) for one in loser.activities]
    assert (kept, left) == ([after], [("RFL", "deleted")])


def test_only_territorial_authorities_that_decide_both_merge(
    country: Country, survivor: Organisation
) -> None:
    elsewhere = an_authority("Elsewhere", above=country.regional)
    loser = an_operator("Fret Exemple SA", responsible=elsewhere, activity=("RFL", "responsible"))
    an_activity(survivor, country.local, ("RFL", "responsible"))
    for place in (country.local, elsewhere, country.post, country.customs, country.commission):
        with pytest.raises(Refused):
            merge_operators(survivor.id, loser.id, acting(a_member(place)))
        db.session.rollback()
    with pytest.raises(Refused):
        merge_operators(survivor.id, loser.id, acting(a_member(survivor, administrator=True)))
    db.session.rollback()
    merge_operators(survivor.id, loser.id, acting(a_member(country.regional)))
    assert survivor_of(loser.id) == survivor.id


def test_a_record_is_merged_once_and_never_with_itself(
    country: Country, survivor: Organisation, loser: Organisation
) -> None:
    actor = acting(a_member(country.local))
    with pytest.raises(SameRecord):
        merge_operators(survivor.id, survivor.id, actor)
    merge_operators(survivor.id, loser.id, actor)
    for pair in ((survivor.id, loser.id), (loser.id, survivor.id)):
        with pytest.raises(AlreadyMerged):
            merge_operators(*pair, actor)


def test_an_earlier_merge_leads_to_the_last_survivor(
    country: Country, survivor: Organisation, loser: Organisation
) -> None:
    actor = acting(a_member(country.local))
    last = an_operator("Fret", responsible=country.local)
    merge_operators(survivor.id, loser.id, actor)
    merge_operators(last.id, survivor.id, actor)
    assert (survivor_of(loser.id), survivor_of(survivor.id)) == (last.id, last.id)


def test_an_open_request_is_decided_where_it_moved(
    country: Country, survivor: Organisation, loser: Organisation
) -> None:
    role = a_request(loser)
    merge_operators(survivor.id, loser.id, acting(a_member(country.local)))
    assert (role.organisation_id, role.state) == (survivor.id, "requested")
