"""Keys of the phone app: the pair of an enrolment, what follows from it, signatures of the telephone (P-256)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal import crypto

CURVE = ec.SECP256R1()
PRIVATE_BYTES = 32
TOKEN_BYTES = 16
CODE_KEY_INFO = b"traces-portal phone code v1"
TOKEN_INFO = b"traces-portal phone token v1"


class NotAKey(ValueError):
    """The text is no public key of the curve."""


def new_private_key() -> str:
    """The portal's ECDH key of one enrolment: base64url of the private number, 32 bytes."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return crypto.as_address_part(number.to_bytes(PRIVATE_BYTES))


def public_key_of(private: str) -> str:
    """Its public half: base64url of the uncompressed point, 65 bytes."""
    point = _private(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return crypto.as_address_part(point)


def token_of(private: str) -> str:
    """The one-time token of the enrolment, 128 bits, which follows from its key: one secret is kept, not two."""
    derived = HKDF(algorithm=hashes.SHA256(), length=TOKEN_BYTES, salt=None, info=TOKEN_INFO)
    return crypto.as_address_part(derived.derive(_bytes(private)))


def code_key(private: str, their_public: str, token: str) -> bytes:
    """The 32 bytes both sides answer challenges with; raises NotAKey."""
    shared = _private(private).exchange(ec.ECDH(), _public(their_public))
    salt = hashlib.sha256(token.encode()).digest()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=CODE_KEY_INFO).derive(shared)


def check_public_key(text: str) -> None:
    """Raise NotAKey unless the text is a point of the curve."""
    _public(text)


def has_signed(public: str, text: str, signature: str) -> bool:
    """Whether the signature, base64url of r and s, is by that key over the text (ECDSA with SHA-256)."""
    try:
        raw = _bytes(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        _public(public).verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return len(raw) == 2 * PRIVATE_BYTES


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_bytes(text)), CURVE)


def _public(text: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(text))
    except ValueError as wrong:
        raise NotAKey(text) from wrong
