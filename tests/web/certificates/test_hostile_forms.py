"""Forms of certificates as nobody's browser sends them: each has an answer, and nothing was changed."""

from __future__ import annotations

import json

import pytest

from portal.certificates import filling
from portal.certificates.models import Certificate, SigningIntent
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.certificates import Journey, a_draft, a_journey, a_submitted, may_sign, somebody_of
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.makers.seals import a_key
from tests.page import PageClient

LIST = "/production/certificates"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


@pytest.mark.parametrize("sent", ["é" * 64, "\0", "", "0" * 10_000])
def test_a_hash_that_is_none_signs_nothing(visitor: PageClient, journey: Journey, sent: str) -> None:
    a_key("production")
    account = a_member(journey.origin)
    may_sign(account)
    with using(Environment.PRODUCTION):
        number = a_submitted(journey, somebody_of(journey.sender)).id
    path = f"{LIST}/sign?certificate={number}"
    answer = sign_in_browser(visitor, account).post_with_token(path, {f"hash:{number}": sent})
    assert answer.status == 409
    with using(Environment.PRODUCTION):
        assert db.session.query(SigningIntent).count() == 0


NASTY = {
    "depth": "[" * 12_000,
    "id zero": json.dumps({"id": 0, "name": "Nobody", "address": "", "country": "FR", "code": ""}),
    "surrogate": json.dumps({"id": None, "name": "a\ud800b"}),
    "number": "1" * 5000,
    "large id": json.dumps({"id": 2**70}),
    "list": json.dumps([["x"] * 10] * 10),
    "nan": '{"id": NaN}',
    "true": '{"id": true}',
    "nul": json.dumps({"id": None, "name": "a\0b"}),
}


@pytest.mark.parametrize("box", ["I.11", "I.12", "I.5", "I.8", "I.30", "I.3"])
@pytest.mark.parametrize("nasty", NASTY)
def test_a_choice_between_two_versions_takes_nothing_that_the_boxes_would_not(
    visitor: PageClient, journey: Journey, nasty: str, box: str
) -> None:
    account = a_member(journey.sender)
    with using(Environment.PRODUCTION):
        certificate = a_draft(journey, somebody_of(journey.sender))
        number, before, version = (
            certificate.id,
            filling.values_of(certificate),
            filling.versions_of(certificate),
        )
    fields = {f"mine:{box}": NASTY[nasty], f"version:{box}": str(version.get(box, 0))}
    answer = sign_in_browser(visitor, account).post_with_token(f"{LIST}/{number}/boxes/settle", fields)
    assert answer.status < 500
    with using(Environment.PRODUCTION):
        after = filling.values_of(db.session.get_one(Certificate, number))
        assert after == before, nasty


@pytest.mark.parametrize("typed", ["F\0", "\0", "XX", "F" * 5000, "\u202e"])
def test_a_search_in_a_box_takes_any_country_and_any_words(
    visitor: PageClient, journey: Journey, typed: str
) -> None:
    with using(Environment.PRODUCTION):
        number = a_draft(journey, somebody_of(journey.sender)).id
    browser = sign_in_browser(visitor, a_member(journey.sender))
    for fields in ({"box-I.12-in": typed}, {"box-I.12-in": "DE", "box-I.12-text": typed}):
        answer = browser.post_with_token(f"{LIST}/{number}/boxes/places", fields | {"find": "I.12"})
        assert answer.status in (200, 422)
    for fields in ({"rows-I.15": typed}, {"version-I.12": typed}, {"add": typed, "rows-I.15": "9" * 9}):
        assert browser.post_with_token(f"{LIST}/{number}/boxes/places", fields).status in (200, 422, 302, 409)


@pytest.mark.parametrize(
    "path",
    [
        "/production/certificates/sign/%00", "/production/certificates/sign/%00/state",
        "/production/models/INTRA/%00", "/production/models/INTRA/BOV%00",
        "/production/certificates?after=%00&before=%ff", "/production/certificates?text=%00&state=%00&only=%00",
        "/production/certificates/new?document=%00&group=%00", "/production/certificates/99999999999999999999",
        "/production/certificates/sign?certificate=99999999999999999999&certificate=%00",
        "/production/seals/keys/%00.pem", "/production/verify/%00?code=%00", "/blanks/%00",
        "/production/verify/A?code=aaaaaaaaaaaaaaa%00", "/production/verify/%ED%A0%80?code=%ED%A0%80",
        "/production/verify/%F0%9F%98%80?code=" + "%F0%9F%98%80" * 16,
    ],
)  # fmt: skip
def test_an_address_with_anything_in_it_has_an_answer(
    visitor: PageClient, journey: Journey, path: str
) -> None:
    browser = sign_in_browser(visitor, a_member(journey.sender))
    assert browser.get(path).status < 500
