"""National electronic identities over OpenID Connect: the way to a provider, and what its answer proves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from portal.config_providers import Provider

Result = TypeVar("Result")
TIMEOUT_SECONDS = 5
KEPT_SECONDS = 3600
KEYS_AGAIN_SECONDS = 60
LEEWAY = timedelta(seconds=60)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures made with the provider's own key; never `none`, never a secret that is shared (HS256)."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
AWAY_SECONDS = 10
"""So long a provider that did not answer is not asked for its addresses: waiting visitors would fill every process."""
_away: dict[str, float] = {}
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class ProviderAway(Exception):
    """The provider does not answer in time, or with something that is no OpenID Connect."""


class NotProved(Exception):
    """The provider answered, and the answer proves nothing: wrong code, signature or claim."""


class LevelTooLow(NotProved):
    """The person is known to the provider, but by a level of assurance that is not enough, or that it does not tell."""


@dataclass(frozen=True)
class Way:
    """One way to a provider and back: what the browser keeps meanwhile, each value random, used once."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    begun_at: datetime


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is: issuer and subject together name one person, `level` is its word (acr)."""

    issuer: str
    subject: str
    level: str


def address_of(provider: Provider, way: Way) -> str:
    """Where the browser goes: authorization code with PKCE (S256). Raises ProviderAway.

    The person identifies anew: a session left open at the provider, on a shared computer too, opens nothing here."""
    if time.monotonic() - _away.get(provider.issuer, -AWAY_SECONDS) < AWAY_SECONDS:
        raise ProviderAway("away a moment ago")
    try:
        facts = _in_time(lambda: _discovered(provider))
    except ProviderAway:
        _away[provider.issuer] = time.monotonic()
        raise
    with _session(provider, way) as client:
        address, _state = client.create_authorization_url(
            facts["authorization_endpoint"], state=way.state, code_verifier=way.verifier, nonce=way.nonce,
            acr_values=" ".join(provider.acr), prompt="login", max_age=0,
        )  # fmt: skip
    return str(address)


def identity_of(provider: Provider, way: Way, code: str, now: datetime) -> Identity:
    """Exchange the code and check every claim at that moment. Raises ProviderAway, NotProved, LevelTooLow."""
    return _in_time(lambda: _exchanged(provider, way, code, now))


def forget() -> None:
    """Ask the providers anew for their addresses and keys."""
    _kept.clear()
    _away.clear()


def _in_time(work: Callable[[], Result]) -> Result:
    """The result of talking to a provider, five seconds in all, however slowly it dribbles."""
    results: list[Result] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # handed to the thread that waits
            errors.append(error)

    worker = threading.Thread(target=run, daemon=True, name="oidc")
    worker.start()
    worker.join(TIMEOUT_SECONDS)
    if errors:
        raise errors[0]
    if not results:
        raise ProviderAway("too slow")
    return results[0]


def _session(provider: Provider, way: Way) -> Any:
    # Imported here: a web process that serves no eID starts without it.
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        provider.client_id, provider.client_secret, scope="openid", redirect_uri=way.redirect_uri,
        code_challenge_method="S256", token_endpoint_auth_method="client_secret_basic",  # noqa: S106
    )  # fmt: skip


def _fetched(address: str) -> dict[str, Any]:
    import requests

    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        found = answer.json() if answer.status_code == 200 else None
    except (requests.RequestException, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderAway(f"status {answer.status_code}")
    return found


def _cached(address: str, at_most: float, check: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    kept = _kept.get(address)
    if kept is not None and time.monotonic() - kept[0] < at_most:
        return kept[1]
    found = _fetched(address)
    check(found)
    _kept[address] = time.monotonic(), found
    return found


def _discovered(provider: Provider) -> dict[str, Any]:
    def check(found: dict[str, Any]) -> None:
        if found.get("issuer") != provider.issuer:
            raise ProviderAway("another issuer")
        for name in ENDPOINTS:
            address = urlsplit(str(found.get(name, "")))
            # As safe as the issuer, whose address the settings hold: https, or loopback in demo and tests.
            if address.scheme not in ("https", urlsplit(provider.issuer).scheme) or not address.netloc:
                raise ProviderAway(f"no {name}")

    return _cached(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_SECONDS, check)


def _exchanged(provider: Provider, way: Way, code: str, now: datetime) -> Identity:
    import requests
    from authlib.integrations.base_client import OAuthError

    facts = _discovered(provider)
    try:
        with _session(provider, way) as client:
            answer = client.fetch_token(
                facts["token_endpoint"], code=code, code_verifier=way.verifier,
                timeout=TIMEOUT_SECONDS, allow_redirects=False,
            )  # fmt: skip
    except OAuthError as error:
        raise NotProved(str(error.error)) from error
    except (requests.RequestException, ValueError) as error:
        raise ProviderAway(type(error).__name__) from error
    return _checked(_claims(provider, facts["jwks_uri"], answer.get("id_token")), provider, way, now)


def _claims(provider: Provider, keys_at: str, token: object) -> dict[str, Any]:
    if not isinstance(token, str):
        raise NotProved("no id_token")
    try:
        return _verified(keys_at, token, KEPT_SECONDS)
    except NotProved:
        # A key unknown so far: the provider may have changed its keys, asked at most once a minute.
        return _verified(keys_at, token, KEYS_AGAIN_SECONDS)


def _verified(keys_at: str, token: str, at_most: float) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    found = _cached(keys_at, at_most, lambda _found: None)
    usable = [
        key for key in found.get("keys", ()) if isinstance(key, dict) and key.get("use", "sig") == "sig"
    ]
    try:
        keys = KeySet.import_key_set({"keys": [key for key in usable if key.get("kty") != "oct"]})
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, KeyError, json.JSONDecodeError) as error:
        raise NotProved(type(error).__name__) from error


def _checked(claims: dict[str, Any], provider: Provider, way: Way, now: datetime) -> Identity:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", provider.client_id if len(audiences) == 1 else None)
    subject, level = claims.get("sub"), claims.get("acr")
    wrong = {
        "iss": claims.get("iss") != provider.issuer,
        "aud": provider.client_id not in audiences,
        "azp": party != provider.client_id,
        "nonce": claims.get("nonce") != way.nonce,
        "exp": not _is_time(claims.get("exp")) or claims["exp"] <= (now - LEEWAY).timestamp(),
        "iat": not _is_time(claims.get("iat")) or claims["iat"] > (now + LEEWAY).timestamp(),
        "auth_time": not _is_time(claims.get("auth_time"))
        or claims["auth_time"] < (way.begun_at - LEEWAY).timestamp(),
        "sub": not isinstance(subject, str) or not 0 < len(subject) <= 255,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise NotProved(name)
    # Asked for, and yet a provider may leave it out: what it does not say is not proved.
    if not isinstance(level, str) or level not in provider.acr:
        raise LevelTooLow(str(level)[:120])
    return Identity(provider.issuer, str(subject), level)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
