"""Who cannot sign, cannot: at the press, and again when it is carried out; nothing is created then."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Hidden, Refused, StepUpNeeded
from portal.audit.models import AuditEvent
from portal.certificates import signing
from portal.certificates.changing import Frozen
from portal.certificates.models import Certificate, CertificateFile, NumberSeries, SigningIntent
from portal.config import Settings
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import registration
from portal.identity.factor_models import NameChange, Suspension
from portal.identity.models import Account
from portal.identity.states import EndReason
from portal.jobs import signing as worker
from portal.messages.models import OutgoingMessage
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState, OrganisationState
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import Assurance, Method
from portal.workflow import NotThere
from tests.makers.certificates import an_officer, somebody_of
from tests.makers.organisations import an_authority
from tests.makers.roles import acting
from tests.makers.signing import Office, an_office, confirmed, now, the_intent

pytestmark = pytest.mark.usefixtures("production")
Change = Callable[..., Settings]


@pytest.fixture
def office() -> Office:
    """An office that could sign."""
    return an_office()


def nothing_was_begun() -> bool:
    """No intent, no number, no file."""
    return not any(
        db.session.query(table).count() for table in (SigningIntent, NumberSeries, CertificateFile)
    )


def account_of(actor: Actor) -> Account:
    """That person."""
    return db.session.get_one(Account, actor.account_id)


def press(certificate: Certificate, officer: Actor, by: Actor) -> None:
    """`by` presses the button of the page that was shown to the officer."""
    shown = signing.to_sign(certificate.id, officer)
    signing.confirm([certificate.id], {certificate.id: shown.data_hash}, by)


@pytest.mark.parametrize(
    "changes",
    [
        {"assurance": Assurance.PASSWORD, "method": Method.PASSWORD, "second_factor_at": None},
        {"assurance": Assurance.RECOVERY, "method": Method.RECOVERY_CODE, "second_factor_at": None},
        {"is_suspended": True},
        {"roles": ()},
    ],
    ids=["password alone", "recovery code", "suspended person", "no role"],
)
def test_who_did_not_pass_the_gate_signs_nothing(office: Office, changes: dict[str, object]) -> None:
    certificate = office.submitted()
    with pytest.raises(Refused):
        press(certificate, office.officer, replace(office.officer, **changes))  # type: ignore[arg-type]
    assert nothing_was_begun()
    assert now(certificate).state == "submitted"


def test_a_factor_that_aged_between_page_and_press_is_asked_again(office: Office) -> None:
    certificate = office.submitted()
    shown = signing.to_sign(certificate.id, office.officer)
    old = replace(office.officer, second_factor_at=clock.now() - timedelta(minutes=16), acted_at=clock.now())
    with pytest.raises(StepUpNeeded):
        signing.confirm([certificate.id], {certificate.id: shown.data_hash}, old)
    with pytest.raises(StepUpNeeded):
        signing.to_sign(certificate.id, old)
    assert nothing_was_begun()


def test_a_method_that_decides_nothing_here_signs_nothing(office: Office) -> None:
    certificate = office.submitted()
    policy = replace(office.officer.policy, decision_methods=frozenset({Method.SECURITY_KEY}))
    with pytest.raises(StepUpNeeded):
        press(certificate, office.officer, replace(office.officer, policy=policy))
    assert nothing_was_begun()


def test_without_the_flag_nobody_signs(office: Office) -> None:
    certificate = office.submitted()
    with pytest.raises(Refused):
        press(certificate, office.officer, somebody_of(office.journey.origin))
    assert nothing_was_begun()


def test_while_a_changed_name_waits_the_flag_rests(office: Office) -> None:
    certificate = office.submitted()
    change = NameChange(
        account_id=office.officer.account_id, old_first_name="Robin", old_last_name="Modele",
        new_first_name="Robin", new_last_name="Autre", changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(change)
    db.session.commit()
    with pytest.raises(Refused):
        press(certificate, office.officer, acting(account_of(office.officer)))
    assert nothing_was_begun()


def test_with_a_right_to_read_nobody_signs(office: Office) -> None:
    certificate = office.submitted()
    office.journey.origin.competences.clear()
    office.journey.origin.competences.append("FLEGT")
    db.session.commit()
    with pytest.raises((Refused, Hidden)):
        press(certificate, office.officer, office.officer)
    assert nothing_was_begun()


def test_a_foreign_authority_does_not_know_of_it(office: Office) -> None:
    certificate = office.submitted()
    other = an_officer(an_authority("Office IT", country="IT"))
    with pytest.raises(Hidden):
        press(certificate, office.officer, other)
    with pytest.raises(Refused):
        press(certificate, office.officer, an_officer(office.journey.destination))
    assert nothing_was_begun()


def test_in_another_environment_it_does_not_exist(office: Office) -> None:
    certificate_id = office.submitted().id
    with using(Environment.TRAINING):
        there = an_office()
        with pytest.raises(NotThere):
            signing.confirm([certificate_id], {certificate_id: "0" * 64}, there.officer)
        assert nothing_was_begun()


def test_an_unverified_model_is_not_signed_in_production_outside_the_demo(
    office: Office, settings: Change
) -> None:
    certificate = office.submitted()
    settings(mode="production")
    with pytest.raises(signing.ModelNotVerified):
        press(certificate, office.officer, office.officer)
    assert nothing_was_begun()


def test_while_its_operator_is_suspended_nothing_is_signed(office: Office) -> None:
    certificate = office.submitted()
    office.journey.sender.state = OrganisationState.SUSPENDED.value
    db.session.commit()
    with pytest.raises(Frozen):
        press(certificate, office.officer, office.officer)
    assert nothing_was_begun()


def _role_of(office: Office) -> Role:
    return db.session.query(Role).filter_by(account_id=office.officer.account_id).one()


def _suspend_role(office: Office) -> None:
    _role_of(office).state = RoleState.SUSPENDED.value


def _take_flag(office: Office) -> None:
    _role_of(office).may_sign = False


def _suspend_person(office: Office) -> None:
    row = Suspension(
        account_id=office.officer.account_id, environment_key="production", reason="panic",
        suspended_at=clock.now(), factors_removed=1, network="", browser="",
    )  # fmt: skip
    db.session.add(row)


def _disown(office: Office) -> None:
    registration.end_all_sign_ins(office.officer.account_id, EndReason.DISOWNED)


def _change_the_password(office: Office) -> None:
    registration.end_all_sign_ins(office.officer.account_id, EndReason.PASSWORD_CHANGED)


def _suspend_office(office: Office) -> None:
    db.session.get_one(Organisation, office.journey.origin.id).state = OrganisationState.SUSPENDED.value


def _suspend_operator(office: Office) -> None:
    db.session.get_one(Organisation, office.journey.sender.id).state = OrganisationState.SUSPENDED.value


def _end_activity(office: Office) -> None:
    query = db.session.query(OperatorActivity).filter_by(organisation_id=office.journey.receiver.id)
    query.one().state = ActivityState.SUSPENDED.value


def _rename_office(office: Office) -> None:
    db.session.get_one(Organisation, office.journey.origin.id).name = "Office of another name"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_suspend_role, "role"),
        (_take_flag, "role"),
        (_suspend_person, "role"),
        (_disown, "role"),
        (_change_the_password, "role"),
        (_suspend_office, "role"),
        (_suspend_operator, "suspended"),
        (_end_activity, "changed"),
        (_rename_office, "changed"),
    ],
)
def test_what_changed_between_press_and_execution_stops_the_signature(
    office: Office, change: Callable[[Office], None], reason: str
) -> None:
    certificate = office.submitted()
    certificate_id = certificate.id
    confirmed(certificate, office.officer)
    change(office)
    db.session.commit()
    worker.sign_due()
    row = db.session.get_one(Certificate, certificate_id, populate_existing=True)
    assert (row.state, row.number, row.signed_by) == ("submitted", None, None)
    assert db.session.query(CertificateFile).count() == 0
    intent = db.session.query(SigningIntent).one()
    assert (intent.state, intent.failure, bool(intent.ended_at)) == ("failed", reason, True)
    [event] = db.session.query(AuditEvent).filter_by(name="SigningFailed")
    assert json.loads(event.facts)["reason"] == reason
    told = db.session.query(OutgoingMessage).filter_by(name="certificate_not_signed_notice")
    assert [row.account_id for row in told] == [office.officer.account_id]


def test_who_signs_out_after_the_press_has_signed(office: Office) -> None:
    certificate = office.submitted()
    confirmed(certificate, office.officer)
    registration.end_all_sign_ins(office.officer.account_id, EndReason.SIGNED_OUT)
    db.session.commit()
    worker.sign_due()
    assert the_intent(certificate).state == "sealed"


def test_a_role_that_goes_while_the_paper_is_made_stops_the_signature(
    office: Office, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    certificate = office.submitted()
    confirmed(certificate, office.officer)
    seal, role_id = worker.sealed_paper, _role_of(office).id

    def sealed_meanwhile(*arguments: object) -> object:
        done = seal(*arguments)  # type: ignore[arg-type]
        db.session.commit()
        worker.db.session.query(Role).filter_by(id=role_id).update({"state": RoleState.SUSPENDED.value})
        db.session.commit()
        return done

    monkeypatch.setattr(worker, "sealed_paper", sealed_meanwhile)
    worker.sign_due()
    assert the_intent(certificate).failure == "role"
    assert db.session.query(CertificateFile).count() == 0
    assert worker.files.waiting() == []


def test_the_number_of_a_failed_signature_is_not_used_again(office: Office) -> None:
    certificate = office.submitted()
    certificate_id = certificate.id
    confirmed(certificate, office.officer)
    _take_flag(office)
    db.session.commit()
    worker.sign_due()
    _role_of(office).may_sign = True
    db.session.commit()
    confirmed(certificate, office.officer)
    worker.sign_due()
    found = signing.attempts(certificate_id)
    assert [(one.number[-1], one.state, one.failure) for one in found] == [
        ("1", "failed", "role"),
        ("2", "sealed", None),
    ]
