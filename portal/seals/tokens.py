"""Signing keys in a PKCS#11 token: made there, used there, never read; one session for each process."""

from __future__ import annotations

import os
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from portal import config
from portal.config_rules import SettingError

RSA_BITS = 3072
_sessions: dict[tuple[int, str, str], Any] = {}


def session() -> Any:
    """The open session of this process; a fork gets one of its own, since the module cannot be shared across it."""
    settings = config.current()
    place = (os.getpid(), settings.seal_token, settings.seal_token_label)
    if place not in _sessions:
        _sessions.clear()
        _sessions[place] = _opened()
    return _sessions[place]


def _opened() -> Any:
    settings = config.current()
    try:
        module = pkcs11.lib(settings.seal_token)
        module.reinitialize()  # after a fork, or where the token came later than the module
        token = module.get_token(token_label=settings.seal_token_label)
        return token.open(rw=True, user_pin=settings.seal_token_pin)
    except pkcs11.exceptions.PinIncorrect:
        raise SettingError("PORTAL_SEAL_TOKEN_PIN does not open the token") from None
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise SettingError(f"PORTAL_SEAL_TOKEN cannot be used: {type(error).__name__}") from None


def make(label: str) -> RSAPublicKey:
    """Make a key pair (RSA of 3072 bits) in the token under that label; its private half cannot leave."""
    public, _private = session().generate_keypair(
        pkcs11.KeyType.RSA,
        RSA_BITS,
        label=label,
        store=True,
        private_template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
    )
    return _public(public)


def _public(key: Any) -> RSAPublicKey:
    modulus = int.from_bytes(key[pkcs11.Attribute.MODULUS])
    return RSAPublicNumbers(int.from_bytes(key[pkcs11.Attribute.PUBLIC_EXPONENT]), modulus).public_key()
