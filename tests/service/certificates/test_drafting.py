"""Drafts: begun by those with the right, filled box by box, safe in two tabs, copied and deleted."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.certificates import changing, drafting, filling
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.drafting import WishRefused
from portal.certificates.filling import BoxesChanged, BoxesRefused
from portal.certificates.models import Certificate
from portal.database import db
from portal.organisations.states import ActivityState, OrganisationState
from portal.vocabulary import Assurance, OrganisationKind
from portal.workflow import NotThere
from tests.makers.certificates import (
    a_draft,
    a_journey,
    a_submitted,
    an_open_intent,
    an_organic_journey,
    fill,
    somebody_of,
)
from tests.makers.organisations import an_activity, an_operator

pytestmark = pytest.mark.usefixtures("production")


def words(refused: BoxesRefused) -> dict[str, str]:
    """The word of each refusal, by box."""
    return {one.box: one.word for one in refused.refusals}


def test_an_operator_with_an_animal_activity_begins_a_draft_with_a_number_and_a_code() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    assert certificate.state == "draft"
    assert certificate.number is None
    assert certificate.draft_number.startswith("DEMO.DRAFT-")
    assert len(certificate.verification_code) == 16
    assert (certificate.creator_id, certificate.issuer_id) == (journey.sender.id, None)
    assert filling.values_of(certificate) == {"I.7": "FR", "I.9": "DE"}
    [event] = db.session.query(AuditEvent).filter_by(name="CertificateBegun")
    assert (event.subject_id, event.organisation_id) == (certificate.id, journey.sender.id)


def test_without_a_second_factor_or_a_valid_activity_no_certificate_is_begun() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    with pytest.raises(Refused):
        drafting.begin(journey.wish(), dataclasses.replace(actor, assurance=Assurance.PASSWORD))
    journey.sender.activities[0].state = ActivityState.SUSPENDED.value
    db.session.commit()
    with pytest.raises(Refused):
        drafting.begin(journey.wish(), actor)
    other = somebody_of(an_operator("Grain Exemple"))
    with pytest.raises(Refused):
        drafting.begin(journey.wish(), other)
    assert db.session.query(Certificate).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("model_code", "NO-SUCH-MODEL", "unknown"),
        ("languages", "fr,fr", "twice"),
        ("languages", "fr,de,it", "unknown"),
        ("origin_country", "<b>", "unknown"),
        ("outage_reference", "a\u202eb", "characters"),
    ],
)
def test_a_wish_that_cannot_be_begun_says_which_field(field: str, value: str, word: str) -> None:
    journey = a_journey()
    with pytest.raises(WishRefused) as refused:
        drafting.begin(journey.wish(**{field: value}), somebody_of(journey.sender))
    assert (refused.value.field, refused.value.word) == (field, word)


def test_the_authority_of_the_place_of_dispatch_certifies_and_stands_in_its_boxes() -> None:
    journey = a_journey()
    certificate = a_draft(journey, somebody_of(journey.sender))
    values = filling.values_of(certificate)
    assert certificate.issuer_id == journey.origin.id
    assert values["I.4"]["id"] == journey.origin.id
    assert values["I.3"]["name"] == "Centre FR"
    assert values["I.12"] == {
        "id": journey.receiver.id, "name": "Hof Beispiel", "address": "Köln", "country": "DE",
        "code": journey.receiver.code,
    }  # fmt: skip


def test_another_authority_than_that_of_the_place_cannot_be_named() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    with pytest.raises(BoxesRefused) as refused:
        fill(certificate, {"I.4": journey.destination.id}, actor)
    assert words(refused.value) == {"I.4": "not-responsible"}
    assert changing.held(certificate.id).issuer_id == journey.origin.id


def test_only_operators_with_a_valid_activity_stand_in_the_boxes_of_places() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    idle = an_operator("Without activity", state=OrganisationState.NEW, country="FR")
    gone = an_operator("Suspended", state=OrganisationState.SUSPENDED, country="FR")
    with pytest.raises(BoxesRefused) as refused:
        fill(certificate, {"I.11": idle.id, "I.12": gone.id, "I.13": 2**40, "I.1": journey.origin.id}, actor)
    assert words(refused.value) == {
        "I.11": "activity-not-valid",
        "I.12": "organisation-not-valid",
        "I.13": "organisation-unknown",
        "I.1": "wrong-register",
    }
    assert fill(certificate, {"I.1": idle.id}, actor).issuer_id is None


def test_what_stands_in_the_registers_is_written_down_whatever_was_sent() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    forged = {"id": journey.receiver.id, "name": "Somebody else", "address": "", "country": "IT", "code": ""}
    fill(certificate, {"I.5": forged}, actor)
    assert filling.values_of(certificate)["I.5"]["name"] == "Hof Beispiel"


def test_nothing_is_saved_where_one_box_is_refused_or_nobodys() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    typed: dict[str, Any] = {"I.10": "Bayern", "I.27": "many", "I.2": "X", "III.1": "2026-11-21", "IX": ""}
    with pytest.raises(BoxesRefused) as refused:
        fill(certificate, typed, actor)
    assert words(refused.value) == {
        "I.27": "not-a-number",
        "I.2": "not-yours",
        "III.1": "not-yours",
        "IX": "not-yours",
    }
    assert "I.10" not in filling.values_of(changing.held(certificate.id))


def test_a_second_tab_overwrites_nothing_and_learns_what_stands_there_now() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = drafting.begin(journey.wish(), actor)
    before = filling.versions_of(certificate)
    drafting.save_boxes(certificate.id, {"I.8": "Ain", "I.10": "Bayern"}, before, actor)
    colleague = somebody_of(journey.sender)
    with pytest.raises(BoxesChanged) as changed:
        drafting.save_boxes(
            certificate.id, {"I.8": "Rhône", "I.10": "Bayern", "I.23": "x"}, before, colleague
        )
    [clash] = changed.value.clashes
    assert (clash.box, clash.theirs, clash.by) == ("I.8", "Ain", actor.account_id)
    assert "I.23" not in filling.values_of(changing.held(certificate.id))
    fill(certificate, {"I.8": "Rhône"}, colleague)
    assert filling.versions_of(certificate)["I.8"] == 2


def test_saving_what_stands_there_already_changes_nothing_and_tells_nothing() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    version = certificate.version
    fill(certificate, journey.boxes(), actor)
    assert certificate.version == version
    assert db.session.query(AuditEvent).filter_by(name="CertificateFilled").count() == 1


def test_a_box_can_be_emptied_again() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    fill(certificate, {"I.30": [], "I.14": ""}, actor)
    assert not {"I.30", "I.14"} & set(filling.values_of(certificate))


def test_while_a_signature_is_made_or_the_operator_is_suspended_nothing_is_filled_in() -> None:
    journey = a_journey()
    certificate = a_submitted(journey, somebody_of(journey.sender))
    officer = somebody_of(journey.origin)
    journey.sender.state = OrganisationState.SUSPENDED.value
    db.session.commit()
    with pytest.raises(Frozen) as frozen:
        fill(certificate, {"I.8": "Ain"}, officer)
    assert frozen.value.word == "suspended"
    journey.sender.state = OrganisationState.VALID.value
    an_open_intent(certificate, officer)
    with pytest.raises(Frozen) as frozen:
        fill(certificate, {"I.8": "Ain"}, officer)
    assert frozen.value.word == "signing"


def test_the_people_of_a_suspended_operator_do_not_reach_its_drafts() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    journey.sender.activities[0].state = ActivityState.SUSPENDED.value
    an_activity(journey.sender, None, ("RFL", "responsible"))
    with pytest.raises(Refused):
        fill(certificate, {"I.8": "Ain"}, actor)
    with pytest.raises(Hidden):
        fill(certificate, {"I.8": "Ain"}, dataclasses.replace(actor, roles=()))


def test_nobody_but_its_makers_people_reaches_a_draft() -> None:
    journey = a_journey()
    certificate = a_draft(journey, somebody_of(journey.sender))
    for organisation in (journey.receiver, journey.origin, journey.origin_centre, journey.commission):
        with pytest.raises(Hidden):
            fill(certificate, {"I.8": "Ain"}, somebody_of(organisation))
    fill(certificate, {"I.8": "Ain"}, somebody_of(journey.sender))


def test_the_certifier_edits_a_submitted_certificate_and_its_maker_does_not() -> None:
    journey = a_journey()
    maker = somebody_of(journey.sender)
    certificate = a_submitted(journey, maker)
    fill(certificate, {"I.8": "Ain"}, somebody_of(journey.origin))
    with pytest.raises(CertificateMoved):
        fill(certificate, {"I.8": "Rhône"}, maker)
    with pytest.raises(BoxesRefused) as refused:
        fill(certificate, {"I.4": journey.destination.id}, somebody_of(journey.origin))
    assert words(refused.value) == {"I.4": "not-responsible"}


def test_an_authority_begins_for_places_under_it_and_certifies_itself() -> None:
    journey = a_journey()
    official = somebody_of(journey.origin)
    certificate = a_draft(journey, official)
    assert certificate.issuer_id == certificate.creator_id == journey.origin.id
    elsewhere = drafting.begin(journey.wish(), somebody_of(journey.destination))
    with pytest.raises(BoxesRefused) as refused:
        fill(elsewhere, {"I.11": journey.sender.id}, somebody_of(journey.destination))
    assert words(refused.value) == {"I.11": "not-responsible"}


def test_a_deleted_draft_is_gone_with_what_it_said_and_its_number_stays_taken() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    drafting.delete(certificate.id, actor)
    row = db.session.get_one(Certificate, certificate.id, populate_existing=True)
    assert (row.state, row.boxes, row.decided_by) == ("deleted", [], actor.account_id)
    with pytest.raises(NotThere):
        drafting.delete(certificate.id, actor)
    with pytest.raises(NotThere):
        fill(certificate, {"I.8": "Ain"}, actor)


def test_what_was_submitted_is_not_deleted_any_more() -> None:
    journey = a_journey()
    certificate = a_submitted(journey, somebody_of(journey.sender))
    with pytest.raises(CertificateMoved) as moved:
        drafting.delete(certificate.id, somebody_of(journey.origin))
    assert moved.value.state == "submitted"


def test_a_control_body_begins_for_itself_alone_and_an_importer_names_one() -> None:
    journey = an_organic_journey()
    wish = drafting.CertificateWish("COI", "COI", None, "en", "AR", "BE")
    own = drafting.begin(wish, somebody_of(journey.body))
    assert own.issuer_id == own.creator_id == journey.body.id
    with pytest.raises(BoxesRefused) as refused:
        drafting.begin(dataclasses.replace(wish, issuer_id=journey.centre.id), somebody_of(journey.importer))
    assert words(refused.value) == {"1": "wrong-register"}
    named = drafting.begin(
        dataclasses.replace(wish, issuer_id=journey.body.id), somebody_of(journey.importer)
    )
    assert named.issuer_id == journey.body.id
    assert named.creator.kind == OrganisationKind.OPERATOR
