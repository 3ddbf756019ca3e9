"""From the declaration to the end: who is told, what stands in the way, who comes too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Hidden, Refused, StepUpNeeded
from portal.audit.models import AuditEvent
from portal.certificates import canonical, drafting, filling, submitting
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.models import Certificate
from portal.certificates.states import CancelReason, RefusalReason
from portal.certificates.submitting import Incomplete
from portal.database import db
from portal.environments.environment import Environment, using
from portal.messages.models import OutgoingMessage
from portal.messages.outbox import message_of
from portal.organisations.states import ActivityState
from portal.workflow import NotThere
from tests.makers.certificates import (
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    an_officer,
    an_open_intent,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.roles import a_member

pytestmark = pytest.mark.usefixtures("production")
MISTAKE, INCORRECT = CancelReason.MISTAKE, RefusalReason.INCORRECT


def told(name: str) -> set[int | None]:
    """The accounts that were told of it."""
    return {row.account_id for row in db.session.query(OutgoingMessage).filter_by(name=name)}


def facts_of(name: str) -> dict[str, object]:
    """The facts of the event of that name."""
    import json

    [event] = db.session.query(AuditEvent).filter_by(name=name)
    facts: dict[str, object] = json.loads(event.facts)
    return facts


def a_valid(journey: Journey) -> tuple[Certificate, Actor]:
    """A valid INTRA, and an officer of its issuer."""
    officer = an_officer(journey.origin)
    return now_valid(a_submitted(journey, somebody_of(journey.sender)), officer), officer


def test_a_submission_records_who_declared_what_with_which_method_and_tells_the_certifier() -> None:
    journey = a_journey()
    official, actor = a_member(journey.origin), somebody_of(journey.sender)
    certificate = submitting.submit(a_draft(journey, actor).id, actor)
    assert (certificate.state, certificate.submitted_by) == ("submitted", actor.account_id)
    assert certificate.submitted_method == "sms"
    assert certificate.submitted_at == clock.now() or certificate.submitted_at is not None
    assert facts_of("CertificateSubmitted")["data_sha256"] == certificate.submitted_hash
    assert len(certificate.submitted_hash) == 64
    assert told("certificate_submitted_notice") == {official.id}
    row = db.session.query(OutgoingMessage).filter_by(name="certificate_submitted_notice").one()
    message = message_of(row)
    assert message.path == f"/production/certificates/{certificate.id}"  # type: ignore[attr-defined]
    assert message.reference == certificate.draft_number  # type: ignore[attr-defined]


def test_what_is_declared_is_the_content_of_the_moment() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_submitted(journey, actor)
    first = certificate.submitted_hash
    submitting.take_back(certificate.id, actor)
    fill(certificate, {"I.27": "13"}, actor)
    submitting.submit(certificate.id, actor)
    assert certificate.submitted_hash != first
    submitting.take_back(certificate.id, actor)
    fill(certificate, {"I.27": "12"}, actor)
    assert submitting.submit(certificate.id, actor).submitted_hash == first
    assert first != canonical.data_hash(b"")


def test_every_box_that_is_missing_is_listed_before_the_submission() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    with pytest.raises(Incomplete) as incomplete:
        submitting.submit(certificate.id, actor)
    assert [box.box for box in incomplete.value.missing] == [
        "I.1", "I.3", "I.4", "I.5", "I.11", "I.12", "I.13", "I.14", "I.15", "I.27", "I.30",
    ]  # fmt: skip
    fill(certificate, journey.boxes(**{"I.30": [{"species": "Bos taurus"}]}), actor)
    with pytest.raises(Incomplete) as incomplete:
        submitting.submit(certificate.id, actor)
    assert [box.box for box in incomplete.value.missing] == ["I.30"]
    assert db.session.get_one(Certificate, certificate.id).state == "draft"


def test_a_place_that_lost_its_activity_since_stands_in_the_way() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    journey.receiver.activities[0].state = ActivityState.SUSPENDED.value
    db.session.commit()
    with pytest.raises(Incomplete) as incomplete:
        submitting.submit(certificate.id, actor)
    assert [(one.box, one.word) for one in incomplete.value.refusals] == [("I.12", "activity-not-valid")]


def test_an_old_factor_is_shown_again_before_the_declaration() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    clock.advance(timedelta(minutes=16))
    certificate = a_draft(journey, actor)
    with pytest.raises(StepUpNeeded):
        submitting.submit(certificate.id, actor)


def test_a_body_that_certifies_itself_submits_nothing() -> None:
    journey = a_journey()
    official = somebody_of(journey.origin)
    certificate = a_draft(journey, official)
    with pytest.raises(Refused):
        submitting.submit(certificate.id, official)


def test_a_second_submission_is_told_who_was_faster() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_submitted(journey, actor)
    with pytest.raises(CertificateMoved) as moved:
        submitting.submit(certificate.id, somebody_of(journey.sender))
    assert (moved.value.state, moved.value.by) == ("submitted", actor.account_id)


def test_it_is_taken_back_until_somebody_opened_it() -> None:
    journey = a_journey()
    actor, official = somebody_of(journey.sender), somebody_of(journey.origin)
    certificate = a_submitted(journey, actor)
    submitting.take_back(certificate.id, actor)
    assert (certificate.state, certificate.submitted_by, certificate.submitted_hash) == ("draft", None, "")
    submitting.submit(certificate.id, actor)
    submitting.open_for_certification(certificate.id, official)
    assert (certificate.state, certificate.opened_by) == ("in_progress", official.account_id)
    with pytest.raises(CertificateMoved) as moved:
        submitting.take_back(certificate.id, actor)
    assert (moved.value.state, moved.value.by) == ("in_progress", official.account_id)


@pytest.mark.parametrize("opened", [False, True])
def test_a_refusal_is_final_and_its_maker_is_told_why(opened: bool) -> None:
    journey = a_journey()
    actor, official = somebody_of(journey.sender), somebody_of(journey.origin)
    certificate = a_submitted(journey, actor)
    if opened:
        submitting.open_for_certification(certificate.id, official)
    submitting.refuse(certificate.id, INCORRECT, " The species is wrong. ", official)
    assert (certificate.state, certificate.reason_code) == ("rejected", "incorrect")
    assert certificate.reason_text == "The species is wrong."
    assert told("certificate_refused_notice") == {actor.account_id}
    assert facts_of("CertificateRefused")["reason"] == "incorrect"
    for act in (submitting.submit, submitting.take_back):
        with pytest.raises(CertificateMoved):
            act(certificate.id, actor)


def test_only_the_certifier_opens_and_refuses_and_others_do_not_know_of_it() -> None:
    journey = a_journey()
    certificate = a_submitted(journey, somebody_of(journey.sender))
    for organisation in (journey.origin_centre, journey.destination, journey.receiver, journey.sender):
        with pytest.raises(Refused):
            submitting.open_for_certification(certificate.id, somebody_of(organisation))
    stranger = somebody_of(a_journey().origin)
    with pytest.raises(Hidden):
        submitting.refuse(certificate.id, INCORRECT, "", stranger)


def test_the_officer_of_a_suspended_operators_certificate_can_only_send_it_back() -> None:
    journey = a_journey()
    certificate = a_submitted(journey, somebody_of(journey.sender))
    official = somebody_of(journey.origin)
    journey.sender.state = "suspended"
    db.session.commit()
    with pytest.raises(Frozen):
        submitting.open_for_certification(certificate.id, official)
    submitting.refuse(certificate.id, INCORRECT, "", official)
    assert certificate.state == "rejected"


def test_while_a_signature_is_made_nothing_is_taken_back_or_refused() -> None:
    journey = a_journey()
    actor, official = somebody_of(journey.sender), somebody_of(journey.origin)
    certificate = a_submitted(journey, actor)
    an_open_intent(certificate, official)
    with pytest.raises(Frozen):
        submitting.take_back(certificate.id, actor)
    with pytest.raises(Frozen):
        submitting.refuse(certificate.id, INCORRECT, "", official)


def test_an_officer_cancels_and_everybody_it_names_is_told() -> None:
    journey = a_journey()
    receiver, official = a_member(journey.receiver), a_member(journey.destination)
    certificate, officer = a_valid(journey)
    submitting.cancel(certificate.id, MISTAKE, "", officer)
    assert (certificate.state, certificate.reason_code) == ("cancelled", "mistake")
    assert {receiver.id, official.id, certificate.created_by} <= told("certificate_cancelled_notice")
    with pytest.raises(CertificateMoved):
        submitting.cancel(certificate.id, MISTAKE, "", officer)


def test_the_authority_above_cancels_and_neither_a_clerk_nor_the_operator_does() -> None:
    journey = a_journey()
    certificate, _officer = a_valid(journey)
    for organisation in (journey.origin, journey.sender, journey.destination, journey.commission):
        with pytest.raises(Refused):
            submitting.cancel(certificate.id, MISTAKE, "", somebody_of(organisation))
    submitting.cancel(certificate.id, MISTAKE, "", somebody_of(journey.origin_centre))
    assert certificate.state == "cancelled"


def test_a_copy_as_new_has_what_can_still_be_chosen_and_belongs_to_who_copies() -> None:
    journey = a_journey()
    certificate, _officer = a_valid(journey)
    journey.receiver.activities[0].state = ActivityState.SUSPENDED.value
    journey.sender.name = "Élevage Renommé"
    db.session.commit()
    copy = drafting.copy_as_new(certificate.id, somebody_of(journey.sender))
    values = filling.values_of(copy)
    assert (copy.state, copy.number, copy.replaces_id) == ("draft", None, None)
    assert copy.draft_number != certificate.draft_number
    assert copy.verification_code != certificate.verification_code
    assert values["I.11"]["name"] == "Élevage Renommé"
    assert values["I.27"] == "12"
    assert "I.12" not in values
    assert copy.issuer_id == journey.origin.id


def test_a_replacement_is_begun_once_and_by_the_issuer_alone() -> None:
    journey = a_journey()
    certificate, officer = a_valid(journey)
    with pytest.raises(Refused):
        drafting.copy_as_replacement(certificate.id, somebody_of(journey.sender))
    copy = drafting.copy_as_replacement(certificate.id, officer)
    assert copy.replaces_id == certificate.id
    assert copy.creator_id == copy.issuer_id == journey.origin.id
    assert certificate.state == "valid"
    with pytest.raises(drafting.BeingReplaced) as again:
        drafting.copy_as_replacement(certificate.id, officer)
    assert again.value.certificate_id == copy.id
    drafting.delete(copy.id, officer)
    assert drafting.copy_as_replacement(certificate.id, officer).replaces_id == certificate.id


def test_only_a_valid_certificate_is_replaced() -> None:
    journey = a_journey()
    certificate, officer = a_valid(journey)
    submitting.cancel(certificate.id, MISTAKE, "", officer)
    with pytest.raises(CertificateMoved):
        drafting.copy_as_replacement(certificate.id, officer)


def test_in_another_environment_it_does_not_exist() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate_id = a_draft(journey, actor).id
    with using(Environment.TRAINING), pytest.raises(NotThere):
        submitting.submit(certificate_id, actor)
