"""Deciding requests: who may, what is needed, what follows, and what happens to the slower of two."""

from __future__ import annotations

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.messages import outbox
from portal.messages.catalogue import RoleRejectedNotice, RoleValidatedNotice
from portal.messages.models import OutgoingMessage
from portal.organisations.models import OperatorActivity
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.changes import AlreadyDecided, NotThere
from portal.roles.service import (
    NotFirstUser,
    OrganisationNotValid,
    ReasonMissing,
    Rejection,
    Validation,
    reject_role,
    validate_role,
)
from portal.roles.states import RejectReason, RoleState
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_country, an_activity, an_authority, an_operator
from tests.makers.roles import a_member, a_request, a_role, acting

pytestmark = pytest.mark.usefixtures("production")
NEW = OrganisationState.NEW


def names_of_events() -> list[str]:
    """The audit events so far, in order."""
    return [event.name for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def the_message() -> object:
    """The only message in the outbox."""
    return outbox.message_of(db.session.query(OutgoingMessage).one())


def test_the_responsible_authority_validates_and_the_requester_is_told() -> None:
    country = a_country()
    officer = a_member(country.local)
    role = a_request(an_operator("Fret Exemple", responsible=country.local))

    validate_role(Validation(role.id, administrator=True), acting(officer))

    assert (role.state, role.is_administrator, role.decided_by) == ("valid", True, officer.id)
    assert names_of_events() == ["RoleValidated"]
    notice = the_message()
    assert isinstance(notice, RoleValidatedNotice)
    assert (notice.organisation, notice.administrator) == ("Fret Exemple", True)


def test_nobody_validates_the_own_request_not_even_through_a_second_role() -> None:
    country = a_country()
    officer = a_member(country.central)
    role = a_request(country.local, officer)

    with pytest.raises(Refused):
        validate_role(Validation(role.id), acting(officer))
    with pytest.raises(Refused):
        reject_role(Rejection(role.id, RejectReason.DUPLICATE), acting(officer))
    assert role.state == "requested"


def test_a_stranger_may_not_even_know_of_the_request() -> None:
    role = a_request(an_operator(responsible=a_country().local))
    stranger = a_member(an_authority("Elsewhere", country="FR"))

    with pytest.raises(Refused) as refused:
        validate_role(Validation(role.id), acting(stranger))

    assert refused.value.action == "role:read"


def test_the_commission_reads_an_operators_request_and_does_not_decide_it() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local))
    commissioner = a_member(country.commission, administrator=True)

    with pytest.raises(Refused) as refused:
        validate_role(Validation(role.id), acting(commissioner))

    assert refused.value.action == "role:validate"


def test_a_request_of_another_environment_is_not_there() -> None:
    country = a_country()
    officer = a_member(country.local)
    with using(Environment.TRAINING):
        foreign = a_request(an_operator())

    with pytest.raises(NotThere):
        validate_role(Validation(foreign.id), acting(officer))


def test_the_second_validator_is_told_who_was_faster_and_when() -> None:
    country = a_country()
    first, second = a_member(country.local), a_member(country.central)
    role = a_request(an_operator(responsible=country.local))
    validate_role(Validation(role.id), acting(first))

    with pytest.raises(AlreadyDecided) as told:
        reject_role(Rejection(role.id, RejectReason.UNKNOWN_PERSON), acting(second))

    assert (told.value.decided_by, told.value.state) == (first.id, RoleState.VALID)
    assert told.value.decided_at == role.decided_at
    assert names_of_events() == ["RoleValidated"]


def test_a_role_in_a_new_operator_is_refused_alone() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local, state=NEW))

    with pytest.raises(OrganisationNotValid):
        validate_role(Validation(role.id), acting(a_member(country.local)))

    assert (role.state, names_of_events()) == ("requested", [])


def test_operator_and_role_are_validated_in_one_step() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local, state=NEW)
    role = a_request(operator)

    validate_role(
        Validation(role.id, administrator=True, with_operator=True), acting(a_member(country.local))
    )

    assert (operator.state, role.state, role.is_administrator) == ("valid", "valid", True)
    assert [one.state for one in db.session.query(OperatorActivity)] == ["valid"]
    assert names_of_events() == ["OperatorValidated", "RoleValidated"]


def test_an_authority_validates_only_the_activities_it_answers_for() -> None:
    country = a_country()
    elsewhere = an_authority("Another local authority", above=country.central)
    operator = an_operator(responsible=country.local, state=NEW)
    an_activity(operator, elsewhere, ("OTHER", "other"), NEW)
    role = a_request(operator)

    validate_role(Validation(role.id, with_operator=True), acting(a_member(country.local)))

    states = {one.responsible_id: one.state for one in db.session.query(OperatorActivity).populate_existing()}
    assert states == {country.local.id: "valid", elsewhere.id: "new"}


def test_an_operators_own_administrator_does_not_validate_the_operator() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local, state=NEW)
    head = a_member(operator, administrator=True)
    operator.state = OrganisationState.VALID
    actor = acting(head)
    operator.state = NEW
    db.session.commit()

    with pytest.raises(OrganisationNotValid):
        validate_role(Validation(a_request(operator).id, with_operator=True), actor)


def test_whoever_made_the_operator_does_not_validate_it() -> None:
    country = a_country()
    officer = a_member(country.local)
    operator = an_operator(responsible=country.local, state=NEW, created_by=officer.id)

    with pytest.raises(OrganisationNotValid):
        validate_role(Validation(a_request(operator).id, with_operator=True), acting(officer))


def test_a_suspended_organisation_takes_no_users() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local, state=OrganisationState.SUSPENDED))

    with pytest.raises(OrganisationNotValid):
        validate_role(Validation(role.id, with_operator=True), acting(a_member(country.local)))


def test_only_the_first_user_becomes_administrator_with_the_decision() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    first, second, officer = a_request(operator), a_request(operator), acting(a_member(country.local))
    validate_role(Validation(first.id, administrator=True), officer)

    with pytest.raises(NotFirstUser):
        validate_role(Validation(second.id, administrator=True), officer)
    validate_role(Validation(second.id), officer)

    assert (first.is_administrator, second.is_administrator) == (True, False)


def test_the_first_user_validates_colleagues_and_needs_the_flag_for_it() -> None:
    country = a_country()
    operator = an_operator(responsible=country.local)
    plain, head = a_member(operator), a_member(operator, administrator=True)
    role = a_request(operator)

    with pytest.raises(Refused):
        validate_role(Validation(role.id), acting(plain))
    validate_role(Validation(role.id), acting(head))

    assert role.state == "valid"


def test_a_rejection_has_a_reason_frees_the_kind_and_is_mailed() -> None:
    country = a_country()
    person = a_user_with_telephone()
    role = a_request(an_operator("Fret Exemple", responsible=country.local), person)

    reject_role(
        Rejection(role.id, RejectReason.OTHER, "Ask your manager first."), acting(a_member(country.local))
    )

    assert (role.state, role.reason_code, role.reason_text) == (
        "rejected",
        "other",
        "Ask your manager first.",
    )
    assert queries.kind_held(person.id) is None
    assert names_of_events() == ["RoleRejected"]
    notice = the_message()
    assert isinstance(notice, RoleRejectedNotice)
    assert (notice.reason, notice.explanation) == ("other", "Ask your manager first.")


def test_another_reason_needs_words() -> None:
    country = a_country()
    role = a_request(an_operator(responsible=country.local))

    with pytest.raises(ReasonMissing):
        reject_role(Rejection(role.id, RejectReason.OTHER, "  "), acting(a_member(country.local)))

    assert role.state == "requested"


@pytest.mark.parametrize("state", [RoleState.WITHDRAWN, RoleState.REJECTED, RoleState.VALID])
def test_what_is_no_longer_open_is_not_decided(state: RoleState) -> None:
    country = a_country()
    role = a_role(a_user_with_telephone(), an_operator(responsible=country.local), state)

    with pytest.raises(AlreadyDecided):
        validate_role(Validation(role.id), acting(a_member(country.local)))


def test_audit_events_hold_no_word_of_a_person() -> None:
    country = a_country()
    role = a_request(an_operator("Fret Exemple", responsible=country.local), message="Call me")
    reject_role(Rejection(role.id, RejectReason.OTHER, "Not a colleague"), acting(a_member(country.local)))

    facts = " ".join(event.facts for event in db.session.query(AuditEvent))
    assert not any(word in facts for word in ("Fret", "Call", "colleague", "@"))
