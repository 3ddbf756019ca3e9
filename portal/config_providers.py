"""Providers of electronic identities: PORTAL_OIDC_PROVIDERS names them, PORTAL_OIDC_<NAME>_… describes each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.config_rules import LOOPBACK, SettingError

KEY = re.compile(r"[a-z][a-z0-9]{1,19}")


@dataclass(frozen=True)
class Provider:
    """One OpenID Connect provider; `acr` are the levels of assurance that are enough, as the provider words them."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    acr: tuple[str, ...] = ()


def described(keys: Iterable[str], variables: Mapping[str, str]) -> tuple[Provider, ...]:
    """The providers of that list, in its order; raises SettingError."""
    return tuple(_provider(key.lower(), variables) for key in dict.fromkeys(keys))


def _provider(key: str, variables: Mapping[str, str]) -> Provider:
    if not KEY.fullmatch(key):
        raise SettingError("PORTAL_OIDC_PROVIDERS must hold short names of letters and digits, such as fr,be")

    def value(word: str) -> str:
        name = f"PORTAL_OIDC_{key.upper()}_{word}"
        text = variables.get(name, "").strip()
        if not text:
            raise SettingError(f"{name} is required where PORTAL_OIDC_PROVIDERS names {key}")
        return text

    levels = tuple(part.strip() for part in value("ACR").split(",") if part.strip())
    return Provider(
        key, value("NAME")[:40], value("ISSUER"), value("CLIENT_ID"), value("CLIENT_SECRET"), levels
    )


def check(providers: Iterable[Provider], *, is_demo: bool) -> None:
    """Raise SettingError for an issuer that is not loopback (demo) or not https (production)."""
    for provider in providers:
        name, issuer = f"PORTAL_OIDC_{provider.key.upper()}_ISSUER", urlsplit(provider.issuer)
        if issuer.query or issuer.fragment or not issuer.hostname:
            raise SettingError(f"{name} must be an address without ? and #")
        if is_demo and issuer.hostname not in LOOPBACK:
            raise SettingError(f"{name} must be on loopback in demo mode")
        if not is_demo and issuer.scheme != "https":
            raise SettingError(f"{name} must begin with https:// in production")
