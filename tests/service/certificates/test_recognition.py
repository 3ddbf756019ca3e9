"""A control body issues while it is recognised, and for the countries it is recognised for; else it is refused."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.certificates import drafting, filling, recognition, sealing, signing, submitting
from portal.certificates.drafting import CertificateWish
from portal.certificates.filling import BoxesRefused
from portal.certificates.models import Certificate, CertificateFile
from portal.certificates.recognition import NotRecognised
from portal.certificates.submitting import Incomplete
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.jobs import signing as worker
from portal.messages.models import OutgoingMessage
from portal.organisations.models import ControlBodyScope
from portal.organisations.queries import import_scopes_in_force
from tests.makers.certificates import OrganicJourney, an_officer, an_organic_journey, fill, somebody_of
from tests.makers.organisations import a_scope
from tests.makers.seals import a_key
from tests.makers.signing import confirmed, now, the_intent

pytestmark = pytest.mark.usefixtures("production")


WISH = CertificateWish("COI", "COI", None, "en", "AR", "BE")


def a_filled_one(journey: OrganicJourney, **boxes: Any) -> Certificate:
    """Begun by the importer, for the control body to certify."""
    importer = somebody_of(journey.importer)
    certificate = drafting.begin(replace(WISH, issuer_id=journey.body.id), importer)
    return fill(certificate, journey.boxes(**boxes), importer)


def problems(certificate: Certificate, journey: OrganicJourney) -> list[tuple[str, ...]]:
    """What stands in the way of the importer's declaration: box, word, and the countries where they matter."""
    try:
        submitting.submit(certificate.id, somebody_of(journey.importer))
    except Incomplete as found:
        return [(box.box, "missing") for box in found.missing] + [
            (one.box, one.word, *getattr(one, "countries", ())) for one in found.refusals
        ]
    return []


def begun_by_the_body(journey: OrganicJourney, officer: Actor) -> Certificate:
    """What it can sign at once, in an environment that has a key."""
    a_key("production")
    return fill(drafting.begin(WISH, officer), journey.boxes(), officer)


def end_all(journey: OrganicJourney) -> None:
    """Every row of the control body ended yesterday."""
    for scope in db.session.scalars(
        select(ControlBodyScope).where(ControlBodyScope.organisation_id == journey.body.id)
    ):
        scope.valid_until = clock.now().date() - timedelta(days=1)
    db.session.commit()


def test_a_recognition_that_ended_since_stands_in_the_way_of_the_declaration() -> None:
    journey = an_organic_journey()
    certificate = a_filled_one(journey)
    end_all(journey)
    with pytest.raises(Incomplete) as incomplete:
        submitting.submit(certificate.id, somebody_of(journey.importer))
    assert [(one.box, one.word) for one in incomplete.value.refusals] == [("1", "recognition-over")]
    assert db.session.get_one(Certificate, certificate.id).state == "draft"


def test_nothing_new_is_begun_with_a_body_that_is_not_recognised_and_one_row_is_enough() -> None:
    journey = an_organic_journey()
    end_all(journey)
    with pytest.raises(BoxesRefused) as refused:
        a_filled_one(journey)
    assert [(one.box, one.word) for one in refused.value.refusals] == [("1", "recognition-over")]
    a_scope(journey.body, country="UY", valid_until=clock.now().date())
    assert a_filled_one(journey).issuer_id == journey.body.id


def test_a_body_recognised_for_another_country_is_named_with_those_of_the_consignment() -> None:
    journey = an_organic_journey()
    certificate = a_filled_one(journey, **{"8": "PE", "9": "BR"})
    assert problems(certificate, journey) == [("1", "not-recognised", "PE", "BR")]
    assert db.session.get_one(Certificate, certificate.id).state == "draft"
    with pytest.raises(Incomplete) as found:
        submitting.submit(certificate.id, somebody_of(journey.importer))
    [refused] = found.value.refusals
    assert isinstance(refused, NotRecognised)
    assert refused.body == "Control Body of the South"


@pytest.mark.parametrize("countries", [("AR", "PE"), ("PE", "AR"), ("AR", "AR")])
def test_a_scope_for_the_country_of_origin_or_of_export_is_enough(countries: tuple[str, str]) -> None:
    journey = an_organic_journey()
    assert problems(a_filled_one(journey, **dict(zip("89", countries, strict=True))), journey) == []


def test_a_scope_that_ended_counts_for_nothing_while_another_one_is_in_force() -> None:
    journey = an_organic_journey()
    a_scope(journey.body, country="PE", valid_until=clock.now().date() - timedelta(days=1))
    certificate = a_filled_one(journey, **{"8": "PE", "9": "PE"})
    assert problems(certificate, journey) == [("1", "not-recognised", "PE")]
    a_scope(journey.body, country="PE", valid_until=clock.now().date())
    assert problems(certificate, journey) == []


def test_the_code_of_a_member_state_is_no_recognition_for_imports() -> None:
    journey = an_organic_journey()
    a_scope(journey.body, country="BE", supervisor=journey.centre)
    certificate = a_filled_one(journey, **{"8": "PE", "9": "BE"})
    assert problems(certificate, journey) == [("1", "not-recognised", "PE", "BE")]


@pytest.mark.parametrize("empty", ["8", "9"])
def test_a_country_that_is_still_missing_is_the_only_complaint(empty: str) -> None:
    journey = an_organic_journey()
    certificate = a_filled_one(journey, **{"8": "PE", "9": "PE"} | {empty: ""})
    assert problems(certificate, journey) == [(empty, "missing")]


def test_a_draft_with_a_body_that_does_not_fit_is_kept_and_can_be_resumed() -> None:
    journey = an_organic_journey()
    certificate = a_filled_one(journey, **{"8": "PE", "9": "PE"})
    fill(certificate, {"1": journey.body.id, "16": "530 kg"}, somebody_of(journey.importer))
    fill(certificate, {"8": "AR"}, somebody_of(journey.importer))
    assert filling.values_of(certificate)["16"] == "530 kg"
    assert problems(certificate, journey) == []


def test_a_body_cannot_confirm_what_it_may_not_certify_neither_before_the_page_nor_after() -> None:
    journey = an_organic_journey()
    officer = an_officer(journey.body)
    certificate = begun_by_the_body(journey, officer)
    shown = signing.to_sign(certificate.id, officer)
    for scope in db.session.query(ControlBodyScope).filter_by(organisation_id=journey.body.id):
        scope.country = "UY"
    db.session.commit()
    with pytest.raises(Incomplete) as after:
        signing.confirm([certificate.id], {certificate.id: shown.data_hash}, officer)
    with pytest.raises(Incomplete) as before:
        signing.to_sign(certificate.id, officer)
    for found in (after, before):
        assert [one.word for one in found.value.refusals] == ["not-recognised"]
    assert signing.attempts(certificate.id) == []


def test_the_scopes_shown_to_who_signs_are_those_that_fit_today() -> None:
    journey = an_organic_journey()
    a_scope(journey.body, country="UY", categories="A")
    tomorrow = clock.now().date() + timedelta(days=1)
    a_scope(journey.body, country="PE", categories="ABD", valid_until=tomorrow)
    found = signing.to_sign(begun_by_the_body(journey, officer := an_officer(journey.body)).id, officer)
    assert [one.country for one in recognition.fitting(found.definition, found.values)] == ["AR"]
    both = recognition.fitting(found.definition, {**found.values, "9": "PE"})
    assert [(one.country, one.categories, one.valid_until) for one in both] == [
        ("AR", "", None),
        ("PE", "ABD", tomorrow),
    ]


@pytest.mark.parametrize("what", ["everything", "this country"])
def test_a_recognition_that_ends_between_the_click_and_the_execution_stops_the_signature(what: str) -> None:
    journey = an_organic_journey()
    officer = an_officer(journey.body)
    certificate = begun_by_the_body(journey, officer)
    confirmed(certificate, officer)
    end_all(journey)
    if what == "this country":
        a_scope(journey.body, country="UY")
    worker.sign_due()
    not_signed(certificate, officer)


def test_a_recognition_that_ends_while_the_paper_is_made_stops_the_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journey = an_organic_journey()
    officer = an_officer(journey.body)
    certificate = begun_by_the_body(journey, officer)
    confirmed(certificate, officer)
    put = worker.files.put

    def put_late(content: bytes) -> str:
        end_all(journey)
        return put(content)

    monkeypatch.setattr(worker.files, "put", put_late)
    worker.sign_due()
    not_signed(certificate, officer)
    assert worker.files.waiting() == []


def test_who_ends_a_scope_waits_for_a_signature_that_was_judged_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = an_organic_journey()
    officer = an_officer(journey.body)
    certificate = begun_by_the_body(journey, officer)
    confirmed(certificate, officer)
    body_id, waited = journey.body.id, list[bool]()

    def end_scopes() -> None:
        with app.app_context(), using(Environment.PRODUCTION):
            writes_ahead.set(True)
            for scope in (
                db.session.query(ControlBodyScope).filter_by(organisation_id=body_id).with_for_update()
            ):
                scope.valid_until = clock.now().date() - timedelta(days=1)
            db.session.commit()

    thread, add_version = threading.Thread(target=end_scopes), sealing.add_version

    def add_late(row: Certificate, file: sealing.SealedFile) -> CertificateFile:
        thread.start()
        thread.join(timeout=0.5)
        waited.append(thread.is_alive())
        return add_version(row, file)

    monkeypatch.setattr(sealing, "add_version", add_late)
    worker.sign_due()
    thread.join()
    assert waited == [True]
    assert now(certificate).state == "valid"
    assert import_scopes_in_force(body_id, ["AR"]) == []


def not_signed(certificate: Certificate, officer: Actor) -> None:
    """No number, no file; the reason stands with the intent, in the trail, and in the mail to the officer."""
    row = now(certificate)
    assert (row.state, row.number, row.signed_at) == ("draft", None, None)
    assert (the_intent(row).state, the_intent(row).failure) == ("failed", "recognition")
    assert not db.session.query(CertificateFile).count()
    [event] = db.session.query(AuditEvent).filter_by(name="SigningFailed")
    assert json.loads(event.facts)["reason"] == "recognition"
    [told] = db.session.query(OutgoingMessage).filter_by(name="certificate_not_signed_notice")
    assert told.account_id == officer.account_id
