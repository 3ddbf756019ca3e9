"""The facts beside a request: kinds of factors, duty phones, names that look like others, the operator's numbers."""

from __future__ import annotations

import pytest

from portal import clock, crypto
from portal.database import db
from portal.environments import environment
from portal.identity.factor_models import DutyPhone
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles.evidence import NumberCheck, evidence_of, facts_of
from portal.vocabulary import Method
from tests.makers.identity import NUMBER, a_telephone, a_user
from tests.makers.keys import a_key
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request

pytestmark = pytest.mark.usefixtures("production")


def a_duty_phone(operator: Organisation, number: str = NUMBER) -> None:
    """A number on the list of the operator."""
    db.session.add(
        DutyPhone(
            environment_key=environment.current().value, organisation_id=operator.id, place="Gate",
            number_sealed=crypto.seal("telephone", number), last_digits=number[-2:], added_at=clock.now(),
            number_index=crypto.blind_indexes("telephone", number)[0], added_by=a_user().id,
        )
    )  # fmt: skip
    db.session.commit()


def test_the_kinds_of_second_factor_are_named_and_nothing_more() -> None:
    person = a_user()
    assert evidence_of(a_request(an_operator(), person)).methods == ()
    a_telephone(person)
    a_key(person)
    evidence = evidence_of(a_request(an_operator(), person))
    assert evidence.methods == (Method.SMS, Method.SECURITY_KEY)
    assert NUMBER not in repr(evidence)


def test_a_number_shared_as_a_duty_phone_of_this_organisation_is_no_doubt_and_one_of_another_is() -> None:
    person, colleague, operator = a_user(), a_user(), an_operator()
    a_telephone(person)
    a_telephone(colleague)
    a_duty_phone(an_operator())
    role = a_request(operator, person)
    evidence = evidence_of(role)
    assert (evidence.shares_telephone, evidence.has_duty_phone, evidence.is_green) == (True, False, False)
    assert not evidence.proposes_administrator
    a_duty_phone(operator)
    evidence = evidence_of(role)
    assert (evidence.shares_telephone, evidence.has_duty_phone, evidence.is_green) == (True, True, True)


def test_who_created_the_operator_is_proposed_as_administrator_while_nobody_else_is_there() -> None:
    person, other = a_user(), a_user()
    for account in (person, other):
        a_telephone(account)
    operator = an_operator(created_by=person.id)
    own, foreign = evidence_of(a_request(operator, person)), evidence_of(a_request(operator, other))
    assert (own.is_green, own.proposes_administrator) == (False, True)
    assert (foreign.is_green, foreign.proposes_administrator) == (False, False)
    a_member(operator)
    assert not evidence_of(a_request(operator, a_user())).proposes_administrator


@pytest.mark.parametrize(
    ("name", "doubtful"),
    [
        ("CERTIS\u03a5S", True),
        ("P\u0430ypal Bio", True),
        ("Bio \u0421\u041e\u041e\u041f", False),
        ("Bio \u0420\u041e\u0421\u0410", True),
        ("\u0411\u0438\u043e \u041e\u041e\u0414", False),
        ("Σταύρος Παπαδόπουλος", False),
        ("Müller Łódź ß", False),
        ("Agro 3000 Ltd", False),
    ],
)
def test_letters_that_look_like_others_are_pointed_out(name: str, doubtful: bool) -> None:
    facts = facts_of(an_operator(name))
    assert facts is not None
    assert facts.name_looks_like_another is doubtful


def test_a_person_whose_name_looks_like_another_is_no_clear_evidence() -> None:
    person = a_user("R\u043ebin", "Modele")
    a_telephone(person)
    evidence = evidence_of(a_request(an_operator(), person))
    assert (evidence.name_looks_like_another, evidence.is_green) == (True, False)


def test_numbers_of_the_operator_are_checked_and_an_authority_has_none() -> None:
    right = facts_of(an_operator(eori="BE0123456789", vat="BE0403019261"))
    wrong = facts_of(an_operator(eori="0123", vat="BE0403019262"))
    none = facts_of(an_operator())
    assert right is not None
    assert wrong is not None
    assert none is not None
    assert (right.eori, right.vat) == (NumberCheck.RIGHT, NumberCheck.RIGHT)
    assert (wrong.eori, wrong.vat) == (NumberCheck.WRONG, NumberCheck.WRONG)
    assert (none.eori, none.vat) == (NumberCheck.MISSING, NumberCheck.MISSING)
    assert facts_of(a_country().local) is None


def test_a_new_operator_shows_its_likely_duplicates_and_a_valid_one_none() -> None:
    first = an_operator("Fret Exemple")
    new = an_operator("Fret Exemple S.A.S.", state=OrganisationState.NEW)
    found = facts_of(new)
    assert found is not None
    assert [one.organisation.id for one in found.duplicates] == [first.id]
    again = facts_of(first)
    assert again is not None
    assert again.duplicates == []
