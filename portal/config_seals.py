"""What the settings of seals and time stamps have to satisfy; an installation without them starts and seals nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.config_rules import LOOPBACK, SECRET_CHARACTERS, SettingError

if TYPE_CHECKING:
    from portal.config import Settings

DIFFERENT = 10
"""Characters that a passphrase has at least: one key pressed often is not random."""


def check(settings: Settings) -> None:
    """Raise SettingError for the first of them that is missing, weak or contradictory."""
    _check_keys(settings)
    _check_token(settings)
    _check_time_stamps(settings)


def _check_keys(settings: Settings) -> None:
    if not settings.seal_folder:
        return
    if not Path(settings.seal_folder).is_absolute():
        raise SettingError("PORTAL_SEAL_FOLDER must be an absolute path")
    if len(settings.seal_passphrase) < SECRET_CHARACTERS or len(set(settings.seal_passphrase)) < DIFFERENT:
        raise SettingError(f"PORTAL_SEAL_PASSPHRASE is weak: {SECRET_CHARACTERS} random characters at least")
    folder, instance = Path(settings.seal_folder).resolve(), settings.instance.resolve()
    if not settings.is_demo and folder.is_relative_to(instance):
        raise SettingError("PORTAL_SEAL_FOLDER must be outside PORTAL_INSTANCE, whose backups hold no keys")


def _check_token(settings: Settings) -> None:
    if not settings.seal_token:
        return
    for name in ("seal_folder", "seal_token_label", "seal_token_pin"):
        if not getattr(settings, name):
            raise SettingError(f"PORTAL_{name.upper()} is required with PORTAL_SEAL_TOKEN")
    if not Path(settings.seal_token).is_absolute():
        raise SettingError("PORTAL_SEAL_TOKEN must be an absolute path")


def _check_time_stamps(settings: Settings) -> None:
    if not settings.tsa_url:
        return
    address = urlsplit(settings.tsa_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingError("PORTAL_TSA_URL must be an http or https address")
    if settings.is_demo and address.hostname not in LOOPBACK:
        raise SettingError("PORTAL_TSA_URL must be on loopback in demo mode")
    if not settings.tsa_root:
        raise SettingError("PORTAL_TSA_ROOT is required with PORTAL_TSA_URL: else nobody checks its stamps")
