"""When two records of one operator become one, its certificates belong to the one that stays."""

from __future__ import annotations

import pytest

from portal.certificates import queries
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.queries import CertificateFilter
from portal.database import db
from portal.organisations import merging
from portal.paging import Place
from tests.makers.certificates import a_draft, a_journey, somebody_of
from tests.makers.operators import CATTLE
from tests.makers.organisations import an_operator

pytestmark = pytest.mark.usefixtures("production")


def test_the_certificates_of_a_merged_operator_are_the_survivors() -> None:
    journey = a_journey()
    survivor = an_operator("Élevage Exemple SARL", responsible=journey.origin, activity=CATTLE, country="FR")
    both = a_draft(journey, somebody_of(journey.sender), **{"I.13": survivor.id})
    merging.move_rows(journey.sender.id, survivor.id)
    db.session.commit()
    db.session.expire_all()
    certificate = db.session.get_one(Certificate, both.id)
    assert certificate.creator_id == survivor.id
    rows = db.session.query(CertificateParty).filter_by(certificate_id=both.id)
    named = {(row.organisation_id, row.part) for row in rows}
    assert (survivor.id, "loading") in named
    assert journey.sender.id not in {number for number, _part in named}
    page = queries.certificates_for(somebody_of(survivor), CertificateFilter(mine=True), Place())
    assert [row.id for row in page.rows] == [both.id]
