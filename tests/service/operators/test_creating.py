"""Creating operators: after a search only, with what the activity needs, never the same one twice unseen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.organisations.registering import SearchFirst, Unacceptable, proof_of_search
from portal.roles.founding_operator import LikelyDuplicates, create_operator
from portal.roles.models import Role
from portal.vocabulary import AuthorityRole
from tests.makers.operators import CATTLE, EORI, LOAD, ORGANIC, TIMBER, a_wish
from tests.makers.organisations import a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, a_person, acting

pytestmark = pytest.mark.usefixtures("production")


def operators() -> list[Organisation]:
    """The operators there are."""
    return db.session.query(Organisation).filter_by(kind="operator").all()


def names_of_events() -> list[str]:
    """The audit events so far."""
    return [event.name for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def refusal(wish: Any, actor: Any) -> dict[str, str]:
    """The fields that cannot stand, with the reason."""
    with pytest.raises(Unacceptable) as refused:
        create_operator(wish, actor)
    db.session.rollback()
    assert operators() == []
    return refused.value.problems


def test_creation_and_own_request_are_recorded_together() -> None:
    country = a_country()
    officer = a_member(country.local)
    person = a_person()

    operator = create_operator(a_wish(acting(person), country), acting(person))

    role = db.session.query(Role).filter_by(account_id=person.id).one()
    assert (operator.state, role.state, role.organisation_id) == ("new", "requested", operator.id)
    assert [(a.state, a.responsible_id) for a in operator.activities] == [("new", country.local.id)]
    assert names_of_events() == ["OperatorCreated", "RoleRequested"]
    told = {message.account_id for message in db.session.query(OutgoingMessage)}
    assert told == {officer.id, person.id}


def test_nothing_is_created_without_a_search_of_the_same_person_in_the_last_hour() -> None:
    country, person, other = a_country(), a_person(), a_person()
    old = proof_of_search(person.id, "BE")
    for proof in ("made up", proof_of_search(other.id, "BE")):
        with pytest.raises(SearchFirst):
            create_operator(a_wish(acting(person), country, proof=proof), acting(person))
    clock.advance(timedelta(hours=1, seconds=1))
    with pytest.raises(SearchFirst):
        create_operator(a_wish(acting(person), country, proof=old), acting(person))
    assert operators() == []


def test_an_organic_importer_needs_an_eori_and_others_do_not() -> None:
    country, actor = a_country(), acting(a_person())
    organic = an_authority("Organic", AuthorityRole.CCA, above=country.commission, competences=["ORGANIC"])
    wish = a_wish(actor, country, ORGANIC, responsible_id=organic.id)
    assert refusal(wish, actor) == {"eori": "eori-required"}
    created = create_operator(a_wish(actor, country, ORGANIC, responsible_id=organic.id, eori=EORI), actor)
    assert created.eori == EORI


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("eori", "479168518", "eori-shape"),
        ("eori", "BR123456789", "eori-country"),
        ("vat", "BE0403170702", "vat-check"),
        ("telephone", "", "contact-missing"),
    ],
)
def test_a_wrong_number_or_no_contact_is_refused_at_its_field(field: str, typed: str, problem: str) -> None:
    country, actor = a_country(), acting(a_person())
    assert refusal(a_wish(actor, country, **{field: typed}), actor) == {field: problem}


def test_the_numbers_are_kept_in_their_plain_form() -> None:
    country, actor = a_country(), acting(a_person())
    created = create_operator(a_wish(actor, country, vat="0403.170.701", eori="be d479 168518"), actor)
    assert (created.vat, created.eori) == ("BE0403170701", EORI)


def test_for_animals_and_loads_the_authority_is_chosen_and_must_fit() -> None:
    country, actor = a_country(), acting(a_person())
    assert refusal(a_wish(actor, country, responsible_id=None), actor) == {
        "responsible": "responsible-missing"
    }
    customs = a_wish(actor, country, responsible_id=country.customs.id)
    assert refusal(customs, actor) == {"responsible": "responsible-unknown"}
    load = a_wish(actor, country, LOAD, responsible_id=country.local.id)
    assert refusal(load, actor) == {"responsible": "responsible-unknown"}
    created = create_operator(a_wish(actor, country, LOAD, responsible_id=country.post.id), actor)
    assert created.activities[0].responsible_id == country.post.id


def test_in_a_section_whose_list_authorities_keep_only_they_enter_operators() -> None:
    country, actor = a_country(), acting(a_person())
    assert refusal(a_wish(actor, country, CATTLE), actor) == {"activity": "section-listed"}
    officer = acting(a_member(country.local))
    assert create_operator(a_wish(officer, country, CATTLE), officer).activities[0].section_code == "BOV-EST"


def test_elsewhere_the_nearest_authority_is_found_by_the_postcode() -> None:
    country, actor = a_country(), acting(a_person())
    near = an_authority("Near", AuthorityRole.LAU, above=country.regional, postcode="4100")
    created = create_operator(a_wish(actor, country, TIMBER, responsible_id=None), actor)
    assert created.activities[0].responsible_id == near.id


def test_where_nobody_could_ever_validate_it_the_person_is_told_at_once() -> None:
    country, actor = a_country(), acting(a_person())
    wish = a_wish(actor, country, responsible_id=None, proof=proof_of_search(actor.account_id, "BR"))
    assert refusal(wish, actor) == {"activity": "responsible-nowhere"}


def test_a_control_body_can_be_named_for_organic_activities_of_its_country() -> None:
    country, actor = a_country(), acting(a_person())
    body = a_control_body("Kontrolle")
    a_scope(body, supervisor=country.central)
    created = create_operator(a_wish(actor, country, ORGANIC, responsible_id=body.id, eori=EORI), actor)
    assert created.activities[0].responsible_id == body.id


def test_likely_duplicates_stop_the_creation_until_the_person_says_it_is_none_of_them() -> None:
    country, actor = a_country(), acting(a_person())
    there = an_operator("FRET EXEMPLE", responsible=country.local)
    same_number = an_operator("Andere", responsible=country.local, eori=EORI)
    neighbour = an_operator("Nachbar", responsible=country.local, street="rue du test, 1", postcode="4120")
    an_operator("Fret Modele", responsible=country.local)
    with pytest.raises(LikelyDuplicates) as refused:
        create_operator(a_wish(actor, country, eori=EORI), actor)
    found = {one.organisation.id: [str(why) for why in one.likenesses] for one in refused.value.likely}
    assert found == {there.id: ["name"], same_number.id: ["eori"], neighbour.id: ["address"]}

    with pytest.raises(LikelyDuplicates):
        create_operator(a_wish(actor, country, eori=EORI, none_of_these=(there.id,)), actor)
    assert db.session.query(Role).filter_by(account_id=actor.account_id).all() == []

    denied = tuple(found)
    created = create_operator(a_wish(actor, country, eori=EORI, none_of_these=denied), actor)
    assert created.id not in found
    assert names_of_events().count("DuplicateDenied") == 3


def test_an_authority_creates_master_data_without_a_role_in_it() -> None:
    country = a_country()
    officer = a_member(country.local)
    created = create_operator(a_wish(acting(officer), country), acting(officer))
    assert (created.state, created.created_by) == ("new", officer.id)
    assert db.session.query(Role).filter_by(organisation_id=created.id).all() == []


def test_an_authority_answers_itself_for_an_operator_of_a_country_without_authorities() -> None:
    country = a_country()
    officer = a_member(country.local)
    proof = proof_of_search(officer.id, "BR")
    created = create_operator(
        a_wish(acting(officer), country, proof=proof, responsible_id=None), acting(officer)
    )
    assert (created.country, created.activities[0].responsible_id) == ("BR", country.local.id)


def test_customs_and_the_commission_create_no_operator() -> None:
    country = a_country()
    for place in (country.customs, country.commission):
        actor = acting(a_member(place))
        with pytest.raises(Refused):
            create_operator(a_wish(actor, country), actor)
    assert operators() == []
