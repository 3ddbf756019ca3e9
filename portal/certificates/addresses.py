"""Where anybody with the paper of a certificate checks it."""

from __future__ import annotations

from urllib.parse import quote

from portal import config
from portal.environments.environment import Environment


def verification_address(environment: str, number: str, code: str) -> str:
    """The full address in the QR code of the paper: `/verify/…` for Production, else under its environment."""
    place = "" if environment == Environment.PRODUCTION else f"/{environment}"
    return f"{config.current().public_url}{place}/verify/{quote(number)}?code={code}"
