"""Files of the seal folder: whole or not there, keys encrypted and for their owner alone."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from portal import config
from portal.config_rules import SettingError

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey


class NoSealFolder(SettingError):
    """No folder of keys is configured: nothing can be sealed here."""


def folder_of(name: str) -> Path:
    """The folder of an environment's keys (or of `stamps`); made, for its owner alone, where it is missing."""
    if not config.current().seal_folder:
        raise NoSealFolder("PORTAL_SEAL_FOLDER is not set: there are no seal keys")
    folder = Path(config.current().seal_folder) / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def held(name: str) -> Iterator[None]:
    """Nobody else makes an authority or certifies a key in that folder meanwhile; who comes second waits."""
    handle = os.open(folder_of(name) / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Write the file at once and for its owner alone (0600): a reader sees the old one or the new one."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def write_key(path: Path, key: PrivateKey) -> None:
    """Keep a private key as PKCS#8, encrypted with the passphrase of the settings."""
    secret = BestAvailableEncryption(config.current().seal_passphrase.encode())
    write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))


def read_key(path: Path) -> PrivateKey:
    """The private key in that file; SettingError where the passphrase does not open it or it is missing."""
    try:
        key = load_pem_private_key(path.read_bytes(), config.current().seal_passphrase.encode())
    except FileNotFoundError:
        raise SettingError(f"the seal key {path.name} is not in PORTAL_SEAL_FOLDER") from None
    except ValueError:
        raise SettingError(f"PORTAL_SEAL_PASSPHRASE does not open the seal key {path.name}") from None
    if not isinstance(key, PrivateKey):
        raise SettingError(f"the seal key {path.name} is neither RSA nor of an elliptic curve")
    return key
