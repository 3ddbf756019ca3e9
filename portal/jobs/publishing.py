"""Renews the revocation lists of every environment each night, so that those at their addresses never end."""

from __future__ import annotations

import structlog

from portal import config
from portal.database import db, only_reading
from portal.seals import authorities, revocation

log = structlog.get_logger()


def renew_lists() -> int:
    """Make anew the lists that are a day old; returns of how many authorities a current one is there."""
    done = 0
    for key in config.ENVIRONMENTS:
        if authorities.is_made(key):
            done += sum(_renew(key, name) for name in (authorities.ISSUING, authorities.ROOT))
    return done


def _renew(environment: str, name: str) -> bool:
    try:
        with only_reading():
            revocation.crl(environment, name)
    except Exception as error:  # one authority whose key is away must not let the lists of the others end
        db.session.rollback()
        log.error("revocation list not renewed", authority=f"{environment}/{name}", exc_info=error)
        return False
    return True
