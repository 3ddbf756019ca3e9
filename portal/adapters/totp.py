"""Time-based codes of standard authenticator apps (RFC 6238): six digits, thirty seconds, SHA-1 as every app knows."""

from __future__ import annotations

import hmac
from datetime import datetime

DIGITS = 6
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""One step before and after: telephones are rarely more than half a minute wrong (NIST 800-63B allows for drift)."""
SECRET_LETTERS = 32


def new_secret() -> str:
    """A fresh secret of 160 bits, base32 as apps take it by hand."""
    import pyotp

    return pyotp.random_base32(SECRET_LETTERS)


def address(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` address that an authenticator app reads from the QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The time step whose code it is, None for none; all steps are compared, so that time tells nothing."""
    import pyotp

    totp, now = pyotp.TOTP(secret), int(moment.timestamp()) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS), code):
            found = step
    return found
