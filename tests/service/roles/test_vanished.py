"""What a decision rests on may go between its first look and its last: then it is refused, and nothing is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles import batches, deputies
from portal.roles.batches import Decision, Verdict
from portal.roles.changes import NotThere, held_organisation, read_again
from portal.roles.deputies import Absence
from portal.roles.models import Role
from portal.roles.service import Rejection, Validation, reject_role, validate_role
from portal.roles.standing_in import today
from portal.roles.states import RejectReason
from portal.work.ledger import ItemRefused
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_request, acting

pytestmark = pytest.mark.usefixtures("production")
DECISIONS = ("RoleValidated", "RoleRejected", "DecidedForAbsent")


def an_absence(operator: Organisation) -> tuple[Account, Account, int]:
    """An administrator who is away, the colleague who stands in, and the row that says so."""
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    days = today(), today() + timedelta(days=7)
    return chief, colleague, deputies.name(Absence(operator.id, colleague.id, *days), acting(chief)).id


def what_was_decided() -> list[str]:
    """The events of decisions there are."""
    return [event.name for event in db.session.query(AuditEvent) if event.name in DECISIONS]


def test_a_deputy_whose_days_were_ended_meanwhile_is_refused_and_the_request_stays_open() -> None:
    operator = an_operator()
    chief, colleague, row_id = an_absence(operator)
    role = a_request(operator)
    still_deputy = acting(colleague)
    assert deputies.end(row_id, acting(chief)) is True

    with pytest.raises(Refused):
        validate_role(Validation(role.id), still_deputy)
    db.session.rollback()
    with pytest.raises(Refused):
        reject_role(Rejection(role.id, RejectReason.UNKNOWN_PERSON), still_deputy)
    db.session.rollback()

    assert db.session.get_one(Role, role.id, populate_existing=True).state == "requested"
    assert what_was_decided() == []


def test_in_a_batch_such_a_request_is_told_as_not_theirs() -> None:
    operator = an_operator()
    chief, colleague, row_id = an_absence(operator)
    role = a_request(operator)
    still_deputy = acting(colleague)
    deputies.end(row_id, acting(chief))

    parameters = {"decision": Decision.VALIDATE.value, "administrators": False}
    with pytest.raises(ItemRefused) as refused:
        batches.decide(still_deputy, parameters, {"role": role.id})
    assert refused.value.word == Verdict.NOT_YOURS
    db.session.rollback()
    assert what_was_decided() == []


def test_a_role_that_went_while_it_was_looked_at_is_not_there() -> None:
    role = a_request(an_operator())
    db.session.execute(delete(Role).where(Role.id == role.id).execution_options(synchronize_session=False))
    with pytest.raises(NotThere):
        read_again(role)


def test_an_organisation_that_went_while_its_role_was_looked_at_is_not_there() -> None:
    role = a_request(an_operator())
    nobody = Role(organisation_id=role.organisation_id + 1_000_000)
    with pytest.raises(NotThere):
        held_organisation(nobody)
    assert held_organisation(role).id == role.organisation_id
