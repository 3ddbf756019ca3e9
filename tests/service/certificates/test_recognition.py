"""A control body issues while it is recognised: what is begun, declared and signed after that is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.certificates import drafting, submitting
from portal.certificates.drafting import CertificateWish
from portal.certificates.filling import BoxesRefused
from portal.certificates.models import Certificate
from portal.certificates.submitting import Incomplete
from portal.database import db
from portal.organisations.models import ControlBodyScope
from tests.makers.certificates import OrganicJourney, an_organic_journey, fill, somebody_of
from tests.makers.organisations import a_scope

pytestmark = pytest.mark.usefixtures("production")


def a_filled_one(journey: OrganicJourney) -> Certificate:
    """Begun by the importer, for the control body to certify."""
    importer = somebody_of(journey.importer)
    wish = CertificateWish("COI", "COI", journey.body.id, "en", "AR", "BE")
    certificate = drafting.begin(wish, importer)
    fill(certificate, journey.boxes(), importer)
    return certificate


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
