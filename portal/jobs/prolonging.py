"""Gives sealed files their long-term level and renews their time stamps; erases what is past its retention date."""

from __future__ import annotations

import structlog

from portal import config
from portal.audit.trail import new_correlation
from portal.certificates import files, retention, versions
from portal.certificates.sealing import SealedFile
from portal.certificates.versions import Due
from portal.database import db, only_reading
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.seals import keys, pades, stamping
from portal.seals.stamping import NoStamp

log = structlog.get_logger()


def prolong_due() -> int:
    """Make the next version of each file whose time has come, some in a turn; returns how many.

    Without a time-stamp service they wait for one.
    """
    if not stamping.is_configured():
        return 0
    made = 0
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            for file_id in versions.due_ids():
                db.session.rollback()
                due = versions.claim(file_id)
                made += due is not None and _prolong(due)
            db.session.rollback()
    return made


def _prolong(due: Due) -> bool:
    new_correlation()
    try:
        return _add_version(due)
    except NoStamp as failed:
        log.warning("no time stamp for a file", file=due.file_id, reason=str(failed))
    except Exception as error:  # one file that cannot be prolonged must not keep the others waiting
        log.error("file not prolonged", file=due.file_id, exc_info=error)
    versions.put_off(due)
    return False


def _add_version(due: Due) -> bool:
    content = files.read(due.sha256)
    with only_reading():
        extended = pades.extend(content, keys.active(environment.current().value))
    sha256 = files.put(extended.pdf)
    made = SealedFile(
        sha256, len(extended.pdf), extended.level, extended.stamp, extended.key_sha256, extended.stamped_until
    )
    if not versions.add(due, made):
        files.discard(sha256)
        return False
    files.settle(sha256)
    return True


def erase() -> int:
    """Erase what is past its retention date and tidy the store; returns how many certificates."""
    erased = 0
    left = files.waiting()
    recorded: set[str] = set()
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            erased += retention.erase_due()
            recorded |= files.recorded_among(left)
            db.session.rollback()
    files.sweep(recorded)
    return erased
