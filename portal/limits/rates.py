"""Every limit: its name, how many in which time; the ledger counts them (`limits.ledger`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rate:
    """At most `count` in `window` for one key."""

    name: str
    count: int
    window: timedelta


@dataclass(frozen=True)
class Delay:
    """After failures a key waits, longer each time: seconds by number of failures so far; never for good."""

    name: str
    window: timedelta
    seconds: tuple[int, ...]


REGISTRATIONS_PER_ADDRESS = Rate("registration-address", 5, timedelta(hours=1))
REGISTRATIONS_PER_NETWORK = Rate("registration-network", 60, timedelta(hours=1))
LINKS_PER_ADDRESS = Rate("link-address", 5, timedelta(hours=1))
LINKS_PER_ACCOUNT = Rate("link-account", 5, timedelta(hours=1))
LINKS_PER_NETWORK = Rate("link-network", 60, timedelta(hours=1))
CAPTCHAS_PER_NETWORK = Rate("captcha-network", 300, timedelta(hours=1))
SMS_PER_ACCOUNT = Rate("sms-account", 10, timedelta(hours=1))
SMS_PER_ACCOUNT_DAY = Rate("sms-account-day", 30, timedelta(days=1))
SMS_PER_NUMBER = Rate("sms-number", 40, timedelta(hours=1))
SMS_PER_DUTY_NUMBER = Rate("sms-duty-number", 200, timedelta(hours=1))
"""A shift of ten people on one duty phone signs in within minutes (S0)."""
SMS_PER_PREFIX = Rate("sms-prefix", 60, timedelta(hours=1))
SMS_PER_NETWORK = Rate("sms-network", 100, timedelta(hours=1))
CODES_PER_ACCOUNT = Rate("code-account", 10, timedelta(hours=1))
PHONE_ENROLMENTS_PER_NETWORK = Rate("phone-enrolment-network", 120, timedelta(hours=1))
PHONE_ANSWERS_PER_NETWORK = Rate("phone-answer-network", 300, timedelta(hours=1))
KEY_ANSWERS_PER_NETWORK = Rate("key-answer-network", 600, timedelta(hours=1))
EID_ANSWERS_PER_NETWORK = Rate("eid-answer-network", 300, timedelta(hours=1))
REQUESTS_PER_ACCOUNT = Rate("role-request-account", 60, timedelta(hours=1))
OPERATORS_PER_ACCOUNT = Rate("operator-account", 60, timedelta(hours=1))
IMPORTS_PER_ACCOUNT = Rate("import-account", 30, timedelta(hours=1))
EXPORTS_PER_ACCOUNT = Rate("export-account", 30, timedelta(hours=1))
TRAIL_EXPORTS_PER_ACCOUNT = Rate("trail-export-account", 10, timedelta(hours=1))
QUESTIONS_PER_ACCOUNT = Rate("role-question-account", 120, timedelta(hours=1))
VERIFIED_FILES_PER_NETWORK = Rate("verified-file-network", 120, timedelta(hours=1))
"""Files that somebody without an account had checked: each costs a good part of a second."""

PASSWORD_DELAY = Delay(
    "password-account-network", timedelta(hours=24), (0, 0, 1, 1, 2, 4, 8, 15, 30, 60, 120, 300)
)
"""For one account from one network: who guesses waits, the owner elsewhere does not."""
PASSWORD_ACCOUNT_DELAY = Delay("password-account", timedelta(hours=24), (0,) * 20 + (1, 2, 4, 8, 15, 30))
"""For one account from everywhere: at most half a minute, so that strangers cannot lock an owner out."""
PASSWORD_NETWORK_DELAY = Delay("password-network", timedelta(hours=1), (0,) * 60 + (1, 2, 4, 8, 15, 30, 60))
"""Sixty failures an hour from one network are an office in the morning; more is a list being tried."""
VERIFICATION_DELAY = Delay("verification-network", timedelta(hours=1), (0,) * 20 + (1, 2, 4, 8, 15, 30, 60))
"""Numbers and codes that did not fit, from one network: after twenty slips in an hour each makes it wait longer."""
HEAVY_FILE_DELAY = Delay("heavy-file-network", timedelta(hours=1), (0, 0, 0, 60, 120, 300))
"""Files that took a whole examination's time or memory and told nothing, from one network: built so, after a few."""
