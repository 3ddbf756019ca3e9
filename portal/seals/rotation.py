"""The next issuing authority of an environment, made before the old one ends, and what of an environment ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import select

from portal import clock
from portal.audit import seal_events, trail
from portal.database import db
from portal.environments.environment import Environment, using
from portal.seals import authorities, issuing, keeping
from portal.seals.authorities import ISSUING, LIFE, ROOT, YEAR
from portal.seals.issuing import AuthorityEnded
from portal.seals.keys import KeyRefused
from portal.seals.models import SealKey

WARNED = {ROOT: LIFE["seal"] + YEAR, ISSUING: YEAR, "seal": timedelta(days=60)}
"""How long before its end: under a root of less than that, keys get shorter and shorter lives."""


@dataclass(frozen=True)
class Ending:
    """What ends soon or has ended: `root`, `issuing` or `seal` of an environment, and when (aware)."""

    environment: str
    what: str
    ends: datetime


def rotate_authority(environment: str) -> str:
    """Make the next issuing authority under the same root and return its name; keys made from now on are under it.

    The one before certifies no more; its certificate and list stay published, and what its keys sealed verifiable.
    Raises KeyRefused where there is none yet, where the newest has certified no key (a second call of the same moment
    ends so), or where the root leaves no time; SettingError where the key of the root is kept elsewhere.
    """
    if not authorities.is_made(environment):
        raise KeyRefused(f"{environment} has no issuing authority: make a key first")
    with using(Environment(environment)):
        trail.record(seal_events.SealAuthorityRetired(0))
        trail.record(seal_events.SealAuthorityMade(0))
        db.session.flush()  # a database that takes no writes refuses here, before there is a file
        try:
            name = _added(environment)
        except Exception:
            db.session.rollback()
            raise
        db.session.commit()
    return name


def _added(environment: str) -> str:
    with keeping.held(environment):
        newest = authorities.certificate_of(environment, issuing.current(environment))
        if not any(issuing.certified_by(key, newest) for key in _certificates()):
            raise KeyRefused(
                f"the newest issuing authority of {environment} certified no key yet: rotate the key"
            )
        try:
            return issuing.add(environment)
        except AuthorityEnded as ended:
            raise KeyRefused(str(ended)) from None


def _certificates(state: str = "") -> list[x509.Certificate]:
    query = select(SealKey.certificate)
    rows = db.session.scalars(query.where(SealKey.state == state) if state else query)
    return [x509.load_pem_x509_certificate(text.encode()) for text in rows]


def ending(environment: str) -> list[Ending]:
    """What of root, newest issuing authority and active key ends so soon that its operator has to do something."""
    if not authorities.is_made(environment):
        return []
    newest = issuing.current(environment)
    ends = {
        ROOT: [authorities.certificate_of(environment, ROOT)],
        ISSUING: [authorities.certificate_of(environment, newest)],
    }
    with using(Environment(environment)):
        ends["seal"] = _certificates("active")
    return [
        Ending(environment, what, each.not_valid_after_utc)
        for what, found in ends.items()
        for each in found
        if each.not_valid_after_utc - clock.now() < WARNED[what]
    ]
