"""Editing operators: validated again after their own people, not after an authority; nobody overwrites anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.organisations.registering import Unacceptable, details_of
from portal.organisations.search import OperatorSearch, search_operators
from portal.roles import queries
from portal.roles.editing_operator import (
    AddressInUse,
    AddressText,
    EditedMeanwhile,
    add_address,
    choose_main_address,
    edit_address,
    edit_details,
    remove_address,
)
from portal.roles.operators import addresses_of
from tests.makers.operators import CATTLE
from tests.makers.organisations import Country, a_country, an_activity, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
YARD = AddressText("Quai Test 3", "2000", "Antwerpen", "BE", "Yard")


@pytest.fixture
def country(production: None) -> Country:
    """A whole tree."""
    return a_country()


@pytest.fixture
def operator(country: Country) -> Organisation:
    """A valid operator with two activities."""
    row = an_operator("Fret Exemple", responsible=country.local, activity=CATTLE, street="Rue 1", city="Liège",
                      postcode="4000", telephone="+32 4 555 01 02")  # fmt: skip
    an_activity(row, country.local, ("FLEGT", "timber_importer"))
    return row


def states(operator: Organisation) -> list[str]:
    """The states of the operator and of its activities."""
    db.session.expire_all()
    return [operator.state, *(one.state for one in operator.activities)]


def test_a_new_name_by_the_administrator_sends_every_activity_back(
    country: Country, operator: Organisation
) -> None:
    officer, chief = a_member(country.local), a_member(operator, administrator=True)
    changed = replace(details_of(operator), name="Fret Nouveau")
    assert edit_details(operator.id, changed, operator.version, acting(chief))
    assert states(operator) == ["new", "new", "new"]
    assert [row.account_id for row in db.session.query(OutgoingMessage)] == [officer.id]
    event = db.session.query(AuditEvent).one()
    assert (event.name, event.facts) == ("OperatorEdited", '{"fields": "name", "revalidation": true}')
    assert [row.id for row in search_operators(OperatorSearch("BE", text="nouveau")).rows] == [operator.id]


def test_its_people_keep_their_roles_while_it_is_validated_again(operator: Organisation) -> None:
    chief = a_member(operator, administrator=True)
    edit_details(operator.id, replace(details_of(operator), city="Namur"), operator.version, acting(chief))
    assert [role.organisation_id for role in queries.held_roles(chief.id)] == [operator.id]


def test_another_telephone_is_no_reason_to_validate_again(operator: Organisation) -> None:
    chief = a_member(operator, administrator=True)
    changed = replace(details_of(operator), telephone="+32 4 555 09 09")
    assert not edit_details(operator.id, changed, operator.version, acting(chief))
    assert states(operator) == ["valid", "valid", "valid"]


def test_what_an_authority_changes_stays_valid(country: Country, operator: Organisation) -> None:
    changed = replace(details_of(operator), name="Fret Nouveau", vat="BE0403170701")
    assert not edit_details(operator.id, changed, operator.version, acting(a_member(country.regional)))
    assert states(operator) == ["valid", "valid", "valid"]


def test_who_is_neither_administrator_nor_responsible_changes_nothing(
    country: Country, operator: Organisation
) -> None:
    changed = replace(details_of(operator), name="Fret Nouveau")
    for person in (a_member(operator), a_member(country.customs), a_member(country.commission)):
        with pytest.raises(Refused):
            edit_details(operator.id, changed, operator.version, acting(person))
    assert operator.name == "Fret Exemple"


def test_the_second_of_two_sees_what_the_first_wrote_and_nothing_is_lost(
    country: Country, operator: Organisation
) -> None:
    seen, first, second = operator.version, acting(a_member(country.local)), acting(a_member(country.local))
    before = details_of(operator)
    edit_details(operator.id, replace(before, city="Namur"), seen, first)
    with pytest.raises(EditedMeanwhile) as refused:
        edit_details(operator.id, replace(before, telephone="+32 4 555 09 09"), seen, second)
    assert (refused.value.theirs.city, operator.telephone) == ("Namur", "+32 4 555 01 02")
    both = replace(refused.value.theirs, telephone="+32 4 555 09 09")
    edit_details(operator.id, both, refused.value.version, second)
    assert (operator.city, operator.telephone) == ("Namur", "+32 4 555 09 09")


def test_a_number_that_an_activity_needs_cannot_be_taken_away(country: Country) -> None:
    importer = an_operator(responsible=country.local, activity=("ORGANIC IMPORTER", "organic_importer"),
                           eori="BED479168518", telephone="1234567")  # fmt: skip
    with pytest.raises(Unacceptable) as refused:
        edit_details(
            importer.id,
            replace(details_of(importer), eori=""),
            importer.version,
            acting(a_member(country.local)),
        )
    assert refused.value.problems == {"eori": "eori-required"}


def test_the_main_address_and_a_further_one_change_places(operator: Organisation) -> None:
    chief = acting(a_member(operator, administrator=True))
    yard = add_address(operator.id, YARD, chief)
    assert states(operator) == ["valid", "valid", "valid"]
    seen = operator.version
    assert choose_main_address(yard.id, seen, chief)
    with pytest.raises(EditedMeanwhile):
        choose_main_address(yard.id, seen, chief)
    assert (operator.street, operator.city) == ("Quai Test 3", "Antwerpen")
    assert [(row.street, row.city) for row in addresses_of(operator.id)] == [("Rue 1", "Liège")]
    assert states(operator) == ["new", "new", "new"]


def test_another_address_touches_only_the_activities_done_there(operator: Organisation) -> None:
    chief = acting(a_member(operator, administrator=True))
    yard = add_address(operator.id, YARD, chief)
    operator.activities[1].address_id = yard.id
    db.session.commit()
    assert edit_address(yard.id, replace(YARD, street="Quai Test 4"), chief)
    assert states(operator) == ["valid", "valid", "new"]
    assert not edit_address(yard.id, replace(YARD, street="Quai Test 4", label="Old yard"), chief)


def test_an_address_where_something_is_done_does_not_go(operator: Organisation) -> None:
    chief = acting(a_member(operator, administrator=True))
    yard = add_address(operator.id, YARD, chief)
    operator.activities[1].address_id = yard.id
    db.session.commit()
    with pytest.raises(AddressInUse):
        remove_address(yard.id, chief)
    operator.activities[1].address_id = None
    db.session.commit()
    remove_address(yard.id, chief)
    assert addresses_of(operator.id) == []
