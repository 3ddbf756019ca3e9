"""What a provider answers: everything that may be wrong with it, and troubles on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from portal import clock
from portal.adapters import oidc
from portal.database import db
from portal.identity.models import Account, SignIn
from tests.makers.eid_provider import CLIENT, SECRET, FakeProvider, a_provider
from tests.makers.eids import an_eid, rejected_events, signing_in
from tests.makers.identity import a_user_with_telephone
from tests.page import PageClient


@pytest.fixture
def provider(settings: Callable[..., Any]) -> Iterator[FakeProvider]:
    """A provider that the portal is configured for."""
    with a_provider() as one:
        settings(oidc_providers=one.settings)
        yield one


@pytest.fixture
def person(app: object) -> Account:
    """Somebody with a telephone."""
    return a_user_with_telephone()


def test_a_callback_acts_once(
    visitor: PageClient, provider: FakeProvider, person: Account, browser_of: Callable[[], PageClient]
) -> None:
    an_eid(person, provider)
    asked, kept = signing_in(visitor, provider), visitor.cookie
    assert asked.press("Go on").heading == "My Account"
    provider.given["good-code"] = provider.asked
    copy = browser_of()
    copy.set_cookie(kept)
    asked.client = copy
    assert asked.press("Go on").status == 410
    assert db.session.query(SignIn).count() == 1


def test_a_callback_of_another_browser_or_state_is_refused(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    assert visitor.get("/eid/callback?code=good-code&state=x").status == 410
    asked = signing_in(visitor, provider)
    assert visitor.get("/eid/callback?code=good-code&state=wrong").status == 410
    assert asked.press("Go on", state="wrong").status == 410
    assert db.session.query(SignIn).count() == 0


def test_the_answer_of_another_provider_is_refused(visitor: PageClient, provider: FakeProvider) -> None:
    assert signing_in(visitor, provider, iss="https://evil.example").status == 410


def test_an_answer_after_ten_minutes_is_refused(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    asked = signing_in(visitor, provider)
    clock.advance(timedelta(minutes=11))
    assert asked.press("Go on").status == 410


def test_whoever_cancels_at_the_provider_may_choose_another_method(
    visitor: PageClient, provider: FakeProvider
) -> None:
    page = signing_in(visitor, provider, error="access_denied")
    assert (page.status, page.heading) == (403, "The provider did not identify you")
    assert page.click("Choose another method").heading == "Sign in to continue"


WRONG_CLAIMS = {
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another-client"},
    "several audiences without party": {"aud": [CLIENT, "another"]},
    "party": {"azp": "another"},
    "issuer": {"iss": "https://evil.example"},
    "expired": {"exp": 1},
    "no end": {"exp": None},
    "from the future": {"iat": 99999999999},
    "identified long ago": {"auth_time": 1},
    "identified at no time": {"auth_time": None},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "subject that is no text": {"sub": 7},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_wrong_claim_proves_nothing(
    visitor: PageClient, provider: FakeProvider, person: Account, claims: dict[str, Any]
) -> None:
    an_eid(person, provider)
    provider.claims = claims
    assert signing_in(visitor, provider).press("Go on").status == 410
    assert db.session.query(SignIn).count() == 0


@pytest.mark.parametrize("level", [None, "urn:level:low", "", ["urn:level:high"]])
def test_a_level_that_is_missing_or_too_low_is_refused_with_the_reason(
    visitor: PageClient, provider: FakeProvider, person: Account, level: object
) -> None:
    an_eid(person, provider)
    provider.claims = {"acr": level}
    page = signing_in(visitor, provider).press("Go on")
    assert (page.status, page.heading) == (403, "The level of this eID is not enough")


def forged(kind: str) -> str:
    """An id_token that no provider signed."""
    claims = {"sub": "FR/person-1"}
    if kind == "none":
        return "eyJhbGciOiJub25lIn0.eyJzdWIiOiJGUi9wZXJzb24tMSJ9."
    if kind == "shared secret":
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
    return {"malformed": "not a token", "half": "eyJhbGciOiJSUzI1NiJ9.e30"}[kind]


@pytest.mark.parametrize("kind", ["none", "shared secret", "malformed", "half"])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    visitor: PageClient, provider: FakeProvider, person: Account, kind: str
) -> None:
    an_eid(person, provider)
    provider.token = forged(kind)
    assert signing_in(visitor, provider).press("Go on").status == 410


def test_a_token_signed_with_another_key_is_refused_and_a_new_key_is_fetched(
    visitor: PageClient, provider: FakeProvider, person: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_eid(person, provider)
    provider.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    assert signing_in(visitor, provider).press("Go on").status == 410
    provider.published = provider.key
    monkeypatch.setattr(oidc, "KEYS_AGAIN_SECONDS", 0)
    assert signing_in(visitor, provider).press("Go on").heading == "My Account"


def test_addresses_and_keys_are_asked_once(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    for _time in range(2):
        signing_in(visitor, provider).press("Go on").press("Logout")
    paths = ("/.well-known/openid-configuration", "/keys", "/token")
    assert [provider.calls.count(path) for path in paths] == [1, 1, 2]


@pytest.mark.parametrize("trouble", ["down", "slow", "wrong issuer", "no key address", "no document"])
def test_a_provider_in_trouble_is_said_within_six_seconds_and_another_method_offered(
    visitor: PageClient, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    provider.status = 500 if trouble == "down" else 200
    provider.delay = 8 if trouble == "slow" else 0
    provider.discovery = {
        "wrong issuer": {"issuer": "https://evil.example"},
        "no key address": {"jwks_uri": None},
    }.get(trouble, {})
    if trouble == "no document":
        monkeypatch.setattr(provider.__class__, "documents", lambda _self: {})
    begun = time.monotonic()
    visitor.get("/sign-in").press("Next", by_label={"E-mail or user name": "anyone@agri.example"})
    page = visitor.get("/sign-in/eid").press("Go on")
    assert time.monotonic() - begun < 6
    assert (page.status, page.heading) == (503, "The provider of the eID does not answer")
    assert page.click("Choose another method").heading == "Sign in to continue"


def test_a_provider_that_fails_at_the_exchange_is_no_wrong_answer(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    asked = signing_in(visitor, provider)
    provider.status = 500
    assert asked.press("Go on").status == 503
    assert rejected_events() == 0


def test_a_provider_that_is_down_is_not_waited_for_by_the_next_visitor(
    visitor: PageClient, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.status = 500
    for _time in range(3):
        assert visitor.get("/sign-in/eid").press("Go on").status == 503
    assert len(provider.calls) == 1
    provider.status = 200
    monkeypatch.setattr(oidc, "AWAY_SECONDS", 0)
    assert visitor.get("/sign-in/eid").press("Go on").status == 200
