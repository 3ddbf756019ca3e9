"""The code to type at registration: made here, kept in the visitor's cookie, good for one answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from portal import clock, config, crypto
from portal.adapters import captcha_images
from portal.database import db
from portal.limits import ledger, rates

DIGITS = 6
LIFETIME = timedelta(minutes=60)


def new_captcha() -> dict[str, str]:
    """A fresh code as the cookie keeps it; the database learns of it when it is answered."""
    return {
        "nonce": secrets.token_urlsafe(16),
        "answer": f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}",
        "until": (clock.now() + LIFETIME).isoformat(timespec="seconds"),
    }


def is_right(captcha: Mapping[str, str] | None, typed: str, network: str) -> bool:
    """Whether it was typed rightly and in time; right or wrong, the code is spent with it."""
    ledger.take(rates.CAPTCHAS_PER_NETWORK, network)
    fresh = captcha is not None and ledger.spend(captcha["nonce"], LIFETIME * 2)
    db.session.commit()
    if captcha is None or not fresh or clock.now() > datetime.fromisoformat(captcha["until"]):
        return False
    return crypto.same(captcha["answer"], "".join(c for c in typed if not c.isspace()))


def picture(captcha: Mapping[str, str]) -> bytes:
    """The code as a PNG."""
    return captcha_images.picture_of(captcha["answer"])


def sound(captcha: Mapping[str, str], language: str) -> bytes:
    """The code as a WAV, in the language of the page where the installation has its voice."""
    return captcha_images.sound_of(captcha["answer"], config.current().instance / "voices" / language)
