"""A provider of eIDs on loopback that can misbehave in every way a real one must not."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from portal import clock
from portal.adapters import oidc
from portal.config_providers import Provider
from tests.makers.loopback import QuietHandler, serving

CLIENT, SECRET, HIGH = "portal", "provider-and-portal-know-this", "urn:level:high"
_keys: list[RSAKey] = []


def a_key() -> RSAKey:
    """The provider's key, made once."""
    if not _keys:
        _keys.append(RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    return _keys[0]


@dataclass
class FakeProvider:
    """What it answers: `claims` over the right ones (None leaves one out), `token` instead of a signed one."""

    issuer: str = ""
    subject: str = "FR/person-1"
    claims: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    key: RSAKey = field(default_factory=a_key)
    published: RSAKey = field(default_factory=a_key)
    status: int = 200
    delay: float = 0.0
    discovery: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def settings(self) -> tuple[Provider, ...]:
        """As the portal's settings describe it."""
        return (Provider("fr", "FranceIdentité (test)", self.issuer, CLIENT, SECRET, (HIGH,)),)

    @property
    def variables(self) -> dict[str, str]:
        """The same as environment variables."""
        [one] = self.settings
        facts = {
            "ISSUER": one.issuer,
            "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": SECRET,
            "NAME": one.name,
            "ACR": HIGH,
        }
        return {
            "PORTAL_OIDC_PROVIDERS": "fr",
            **{f"PORTAL_OIDC_FR_{name}": text for name, text in facts.items()},
        }

    def comes_back(self, address: str, code: str = "good-code", **more: str) -> dict[str, str]:
        """The person identifies at that address; returns what the browser brings back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.given[code] = self.asked
        return {"code": code, "state": self.asked["state"], "iss": self.issuer, **more}

    def documents(self) -> dict[str, dict[str, Any]]:
        """What it publishes."""
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.discovery,
        }
        keys = {"keys": [self.published.as_dict(private=False)]}
        return {"/.well-known/openid-configuration": described, "/keys": keys}

    def exchange(self, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token end: a code is good once, and only with the right verifier."""
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = self.given.get(sent.get("code", ""))
        if asked is None or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        del self.given[sent["code"]]
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "acr": HIGH, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "auth_time": now, **self.claims,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.key)
        answer = {"access_token": "a", "token_type": "Bearer", "id_token": self.token or token}
        return self.status, answer


@contextlib.contextmanager
def a_provider() -> Iterator[FakeProvider]:
    """A provider for the block."""
    provider = FakeProvider()

    class Handler(QuietHandler):
        """Answers as told."""

        def do_GET(self) -> None:
            """What it publishes."""
            document = provider.documents().get(self.path)
            self._answer(provider.status if document else 404, document or {})

        def do_POST(self) -> None:
            """The token end."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            right = self.headers.get("Authorization") == f"Basic {basic}"
            status, answer = provider.exchange(sent) if right else (401, {"error": "invalid_client"})
            self._answer(status, answer)

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            provider.calls.append(self.path)
            time.sleep(provider.delay)
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(document).encode())

    with serving(Handler) as provider.issuer:
        oidc.forget()
        try:
            yield provider
        finally:
            oidc.forget()
