"""A software security key: makes the answers that a browser sends, every part of which a test can change."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from portal.crypto import as_address_part
from portal.database import db
from portal.identity import security_keys
from portal.identity.factor_models import SecurityKey
from portal.identity.models import Account
from portal.identity.security_keys import WishedKey
from tests.makers.identity import a_sign_in, an_actor

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class SoftKey:
    """One key on one host; `flags` are those of every answer, `count` grows with each."""

    host: str = "localhost"
    origin: str = "http://localhost:5000"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    steps: int = 1
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    aaguid: bytes = bytes(15) + b"\x07"
    algorithm: int = -7
    handle: str = ""
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        self.handle = options["user"]["id"]
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: self.algorithm, -1: 1,
                  -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}  # fmt: skip
        inner = self.aaguid + len(self.credential).to_bytes(2) + self.credential + cbor2.dumps(public)
        data = self._data(changed, ATTESTED) + inner
        attestation = {"fmt": "none", "attStmt": changed.pop("statement", {}), "authData": data}
        response = {
            "clientDataJSON": self._client("webauthn.create", options, changed),
            "attestationObject": as_address_part(cbor2.dumps(attestation)),
            "transports": ["usb"],
        }
        return self._answer(response, changed)

    def show(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.count += self.steps
        data = self._data(changed, 0)
        client = self._client("webauthn.get", options, changed)
        signed = data + hashlib.sha256(_bytes(client)).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": as_address_part(data),
            "signature": as_address_part(changed.pop("signature", signature)),
            "userHandle": changed.pop("handle", self.handle),
        }
        return self._answer(response, changed)

    def _data(self, changed: dict[str, Any], more: int) -> bytes:
        host = hashlib.sha256(changed.pop("host", self.host).encode()).digest()
        flags = changed.pop("flags", self.flags) | more
        return host + bytes([flags]) + changed.pop("count", self.count).to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any], changed: dict[str, Any]) -> str:
        data = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        data |= changed.pop("client", {})
        return as_address_part(json.dumps(data).encode())

    def _answer(self, response: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
        name = as_address_part(self.credential)
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response,
                  "clientExtensionResults": {}, "authenticatorAttachment": "cross-platform"}  # fmt: skip
        return answer | changed


def _bytes(text: str) -> bytes:
    from portal.crypto import from_address_part

    return from_address_part(text) or b""


def a_key(
    account: Account, key: SoftKey | None = None, name: str = "blue key"
) -> tuple[SecurityKey, SoftKey]:
    """A key on the account, through its whole registration."""
    soft = key or SoftKey()
    row, _token = a_sign_in(account)
    actor = an_actor(account.id, session_id=row.id)
    security_keys.finish(WishedKey(name, soft.register(security_keys.begin(actor))), actor)
    kept = (
        db.session.query(SecurityKey).filter_by(account_id=account.id).order_by(SecurityKey.id.desc()).first()
    )
    assert kept is not None
    return kept, soft
