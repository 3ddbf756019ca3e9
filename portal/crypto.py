"""Keys and what is made with them: sealed text (AES-GCM), keyed digests, derived tokens and codes."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal import config

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 characters without 0 O 1 I L, so that a code can be read aloud and typed from a small screen."""
NONCE_BYTES = 12


class CannotUnseal(Exception):
    """The sealed text was changed, or the key that sealed it is no longer configured."""


@functools.lru_cache(maxsize=256)
def _derived(secret: str, purpose: str) -> bytes:
    info = f"traces-portal/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())


@functools.lru_cache(maxsize=64)
def key_id(secret: str) -> str:
    """Eight hexadecimal digits that name a key without telling anything of it."""
    return _derived(secret, "key-id").hex()[:8]


def random_token() -> str:
    """256 random bits, safe in addresses."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 of a random token, hexadecimal: what is kept in the database instead of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(first: str, second: str) -> bool:
    """Whether two secrets are equal, in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


def newest_key_id() -> str:
    """The id of the key that new links and codes are made with."""
    return key_id(config.current().secret_key[0])


def derived_token(purpose: str, row_id: int, salt: str, made_with: str) -> bytes | None:
    """32 bytes by HMAC(key, purpose, row id, salt); None when the key `made_with` is no longer configured."""
    for secret in config.current().secret_key:
        if key_id(secret) == made_with:
            message = f"{purpose}|{row_id}|{salt}".encode()
            return hmac.new(_derived(secret, "tokens"), message, hashlib.sha256).digest()
    return None


def as_address_part(raw: bytes) -> str:
    """Bytes as unpadded base64 that is safe in an address."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_address_part(text: str) -> bytes | None:
    """What `as_address_part` made, back; None for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None


def as_code(raw: bytes, length: int = 8) -> str:
    """Bytes as `length` characters of CODE_ALPHABET, without bias that matters (256 bits in)."""
    number, letters = int.from_bytes(raw), []
    for _ in range(length):
        number, rest = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[rest])
    return "".join(letters)


def blind_indexes(purpose: str, text: str) -> list[str]:
    """Keyed digests of `text`, one for each data key, newest first: equal texts can be found, not read."""
    keys = config.current().data_key
    return [
        hmac.new(_derived(k, f"index/{purpose}"), text.encode(), hashlib.sha256).hexdigest() for k in keys
    ]


def seal(purpose: str, text: str) -> str:
    """Encrypt with the newest data key; the purpose is authenticated with it."""
    return _seal(config.current().data_key[0], purpose, text)


def unseal(purpose: str, sealed: str) -> str:
    """Decrypt what `seal` made; raises CannotUnseal."""
    return _unseal(config.current().data_key, purpose, sealed)


def seal_cookie(text: str) -> str:
    """Encrypt the visitor's cookie with the newest secret key."""
    return _seal(config.current().secret_key[0], "cookie", text)


def unseal_cookie(sealed: str) -> str:
    """Decrypt a cookie made with any configured secret key; raises CannotUnseal."""
    return _unseal(config.current().secret_key, "cookie", sealed)


def _seal(secret: str, purpose: str, text: str) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(_derived(secret, f"seal/{purpose}")).encrypt(nonce, text.encode(), purpose.encode())
    return f"{key_id(secret)}.{as_address_part(nonce + body)}"


def _unseal(keys: tuple[str, ...], purpose: str, sealed: str) -> str:
    name, _, body = sealed.partition(".")
    for secret in keys:
        if key_id(secret) == name:
            return _opened(secret, purpose, body)
    raise CannotUnseal("no such key")


def _opened(secret: str, purpose: str, body: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        cipher = AESGCM(_derived(secret, f"seal/{purpose}"))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as broken:
        raise CannotUnseal("the sealed text was changed") from broken


def sign(purpose: str, text: str) -> tuple[str, str]:
    """Sign with a key derived from the newest data key; returns its public half and the signature, hexadecimal."""
    key = _signing_key(config.current().data_key[0], purpose)
    return key.public_key().public_bytes_raw().hex(), key.sign(text.encode()).hex()


def is_signed(text: str, public_key: str, signature: str) -> bool:
    """Whether the signature is of that text and of that public key (Ed25519, both hexadecimal)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys(purpose: str) -> list[str]:
    """The public halves of the signing keys, one for each data key, newest first."""
    keys = (_signing_key(secret, purpose) for secret in config.current().data_key)
    return [key.public_key().public_bytes_raw().hex() for key in keys]


def _signing_key(secret: str, purpose: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_derived(secret, f"sign/{purpose}"))
