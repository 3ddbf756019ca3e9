"""Who comes second to a certificate is told so: no refusal, and no event of one, for what one might do a moment ago."""

from __future__ import annotations

import pytest

from portal.access.authorise import Hidden, Refused
from portal.certificates import drafting, submitting
from portal.certificates.changing import CertificateMoved
from portal.environments.environment import Environment
from tests.makers.certificates import a_draft, a_journey, a_submitted, somebody_of
from tests.makers.organisations import an_operator


def test_who_saves_after_a_colleague_submitted_is_told_so(production: Environment) -> None:
    journey = a_journey()
    first, second = somebody_of(journey.sender), somebody_of(journey.sender)
    number = a_draft(journey, first).id
    submitting.submit(number, first)
    with pytest.raises(CertificateMoved) as met:
        drafting.save_boxes(number, {"I.8": "Ain"}, {}, second)
    assert met.value.by == first.account_id


def test_who_deletes_after_a_colleague_submitted_is_told_so(production: Environment) -> None:
    journey = a_journey()
    first, second = somebody_of(journey.sender), somebody_of(journey.sender)
    number = a_draft(journey, first).id
    submitting.submit(number, first)
    with pytest.raises(CertificateMoved):
        drafting.delete(number, second)


def test_who_never_could_is_refused_as_before(production: Environment) -> None:
    journey = a_journey()
    number = a_submitted(journey, somebody_of(journey.sender)).id
    with pytest.raises(Refused):
        drafting.save_boxes(number, {"I.8": "Ain"}, {}, somebody_of(journey.receiver))
    stranger = somebody_of(an_operator("Stranger", responsible=journey.origin))
    with pytest.raises(Hidden):
        drafting.save_boxes(number, {"I.8": "Ain"}, {}, stranger)
