"""Renews the revocation lists of every environment each night, and says which of its authorities and keys end soon."""

from __future__ import annotations

import structlog

from portal import config
from portal.database import db, only_reading
from portal.seals import issuing, revocation, rotation
from portal.seals.authorities import ROOT

log = structlog.get_logger()


def renew_lists() -> int:
    """Make anew the lists that are a day old; returns of how many authorities a current one is there."""
    done = 0
    for key in config.ENVIRONMENTS:
        own = issuing.names(key)
        done += sum(_renew(key, name) for name in ([*own, ROOT] if own else []))
    return done


def warn_of_ends() -> int:
    """Write to the log what ends soon, each night until something was done about it; returns how much."""
    warned = 0
    for key in config.ENVIRONMENTS:
        with only_reading():
            found = rotation.ending(key)
        for each in found:
            log.warning("seal authority or key ends", what=f"{key}/{each.what}", ends=each.ends.isoformat())
        warned += len(found)
    return warned


def _renew(environment: str, name: str) -> bool:
    try:
        with only_reading():
            revocation.crl(environment, name)
    except Exception as error:  # one authority whose key is away must not let the lists of the others end
        db.session.rollback()
        log.error("revocation list not renewed", authority=f"{environment}/{name}", exc_info=error)
        return False
    return True
