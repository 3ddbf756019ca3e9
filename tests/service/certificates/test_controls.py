"""What is added after the signature: by whom, to which boxes, and that nothing is ever overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from portal.access.actor import Actor
from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.certificates import controls, definitions, drafting, submitting
from portal.certificates.changing import CertificateMoved
from portal.certificates.filling import BoxesRefused
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.states import CancelReason
from portal.certificates.submitting import Incomplete
from portal.database import db
from portal.messages.models import OutgoingMessage
from tests.makers.certificates import (
    OrganicJourney,
    a_journey,
    a_submitted,
    an_officer,
    an_organic_journey,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member

pytestmark = pytest.mark.usefixtures("production")


def an_issued_coi(journey: OrganicJourney) -> Certificate:
    """A COI that the control body began and issued."""
    officer = an_officer(journey.body)
    wish = drafting.CertificateWish("COI", "COI", None, "en", "AR", "BE")
    certificate = fill(drafting.begin(wish, officer), journey.boxes(), officer)
    return now_valid(certificate, officer)


def offered(certificate: Certificate, part: str, actor: Actor) -> list[str]:
    """The boxes that this person completes."""
    definition = definitions.kept(certificate.definition_sha256)
    return [box.box for box in controls.completed_by(certificate, definition, part, actor)]


def first_options(certificate: Certificate, box: str) -> dict[str, str]:
    """The first answer of every choice in a table."""
    found = definitions.kept(certificate.definition_sha256).box(box)
    assert found is not None
    return {column.column: column.options[0].option for column in found.columns if column.options}


def test_the_border_post_the_authority_and_the_importer_each_complete_their_boxes() -> None:
    journey = an_organic_journey()
    certificate = an_issued_coi(journey)
    post, importer, body = (somebody_of(one) for one in (journey.post, journey.importer, journey.body))
    assert offered(certificate, "III", post) == ["25", "26", "27", "28", "29", "30"]
    assert offered(certificate, "entry", importer) == ["19", "20", "21", "22", "23", "24"]
    assert offered(certificate, "III", importer) == offered(certificate, "III", body) == []
    assert offered(certificate, "I", post) == offered(certificate, "I", importer) == []
    definition = definitions.kept(certificate.definition_sha256)
    assert controls.parts_for(certificate, definition, importer) == ["entry"]


def test_a_control_is_a_row_of_its_own_and_the_issuer_is_told() -> None:
    journey = an_organic_journey()
    colleague = a_member(journey.body)
    certificate = an_issued_coi(journey)
    post = somebody_of(journey.post)
    checks = [first_options(certificate, "25")]
    first = submitting.add_control(certificate.id, "III", {"25": checks}, post)
    second = submitting.add_control(certificate.id, "III", {"25": checks, "28": "Lorry"}, post)
    rows = controls.controls_of(certificate.id)
    assert [row.id for row in rows] == [first.id, second.id]
    assert controls.values_of(rows[0]) == {"25": checks}
    assert (first.organisation_id, first.account_id) == (journey.post.id, post.account_id)
    assert certificate.state == "valid"
    told = {
        row.account_id
        for row in db.session.query(OutgoingMessage).filter_by(name="certificate_controlled_notice")
    }
    assert colleague.id in told
    assert post.account_id not in told
    events = db.session.query(AuditEvent).filter_by(name="CertificateControlled")
    assert {event.organisation_id for event in events} == {journey.post.id}


def test_whoever_the_importer_names_becomes_a_party_and_declares_as_first_consignee() -> None:
    journey = an_organic_journey()
    certificate = an_issued_coi(journey)
    consignee = an_operator("First consignee", responsible=journey.centre)
    with pytest.raises(Hidden):
        submitting.add_control(certificate.id, "III", {"31": []}, somebody_of(consignee))
    submitting.add_control(certificate.id, "entry", {"24": consignee.id}, somebody_of(journey.importer))
    rows = db.session.query(CertificateParty).filter_by(organisation_id=consignee.id)
    assert [row.part for row in rows] == ["consignee"]
    declared = {"31": [first_options(certificate, "31")]}
    submitting.add_control(certificate.id, "III", declared, somebody_of(consignee))
    assert len(controls.controls_of(certificate.id)) == 2


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, Incomplete),
        ({"28": ""}, Incomplete),
        ({"25": [{"documents": "satisfactory"}]}, Incomplete),
        ({"12": "x"}, BoxesRefused),
        ({"30": [{"decision": "whatever"}]}, BoxesRefused),
    ],
)
def test_nothing_empty_half_or_foreign_is_added(typed: dict[str, Any], error: type[Exception]) -> None:
    journey = an_organic_journey()
    certificate = an_issued_coi(journey)
    with pytest.raises(error):
        submitting.add_control(certificate.id, "III", typed, somebody_of(journey.post))
    assert not controls.controls_of(certificate.id)


def test_only_those_it_names_and_only_while_it_is_valid() -> None:
    journey = an_organic_journey()
    certificate = an_issued_coi(journey)
    post, body = somebody_of(journey.post), an_officer(journey.body)
    with pytest.raises(Hidden):
        submitting.add_control(certificate.id, "III", {"28": "x"}, somebody_of(an_authority("Other")))
    with pytest.raises(Refused):
        submitting.add_control(certificate.id, "III", {"28": "x"}, body)
    with pytest.raises(Refused):
        submitting.add_control(certificate.id, "I", {"8": "FR"}, post)
    submitting.cancel(certificate.id, CancelReason.OTHER, "x", body)
    with pytest.raises(CertificateMoved):
        submitting.add_control(certificate.id, "III", {"28": "x"}, post)


def test_part_three_of_an_intra_is_the_authority_of_destinations_or_of_one_above_it() -> None:
    journey = a_journey()
    certificate = now_valid(a_submitted(journey, somebody_of(journey.sender)), an_officer(journey.origin))
    for organisation in (journey.destination, journey.destination_centre):
        assert "III.1" in offered(certificate, "III", somebody_of(organisation))
    submitting.add_control(certificate.id, "III", {"III.1": "2026-11-25"}, somebody_of(journey.destination))
    for organisation in (journey.origin_centre, journey.sender, journey.receiver):
        with pytest.raises(Refused):
            submitting.add_control(certificate.id, "III", {"III.1": "2026-11-25"}, somebody_of(organisation))
