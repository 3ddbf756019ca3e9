"""Signs what officers confirmed: judged again, printed, sealed, stored, and made valid in one transaction."""

from __future__ import annotations

from dataclasses import replace

import structlog

from portal import config
from portal.audit.trail import new_correlation
from portal.certificates import files, sealing
from portal.certificates.models import Certificate
from portal.certificates.sealing import CannotSign, Claim, SealedFile, TakenAway
from portal.certificates.states import IntentFailure, StampState
from portal.config_rules import SettingError
from portal.database import db, only_reading
from portal.environments import environment
from portal.environments.environment import Environment, using
from portal.jobs import papers, working
from portal.printing.paper import Paper, StampWord
from portal.printing.printer import RenderingFailed, printer
from portal.seals import keys, pades
from portal.seals.keys import ActiveKey, NoKey
from portal.seals.pades import Sealed

log = structlog.get_logger()
HOPELESS = frozenset({"too-many-pages", "missing-libraries"})
"""Printing it again would end the same way."""


def sign_due() -> int:
    """Sign everything that nobody has, in every environment; returns how many intents were tried."""
    tried = 0
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            for intent_id in sealing.due_ids():
                tried += _try(intent_id)
            db.session.rollback()
    return tried


def _try(intent_id: int) -> bool:
    db.session.rollback()
    claimed = sealing.claim(intent_id)
    if claimed is None:
        return False
    new_correlation()
    try:
        _sign(claimed)
    except CannotSign as refused:
        sealing.fail(claimed, refused.failure)
    except TakenAway:
        log.warning("signature thrown away", intent=intent_id)
    except RenderingFailed as failed:
        _not_printed(claimed, failed.word)
    except (NoKey, SettingError) as failed:
        log.error("seal key cannot be used", error=str(failed))
        sealing.fail(claimed, IntentFailure.SEALING)
    except Exception as error:  # one that cannot be signed must not keep the others waiting
        log.error("signature failed", intent=intent_id, exc_info=error)
        sealing.put_back(claimed, IntentFailure.SEALING)
    return True


def _not_printed(claimed: Claim, word: str) -> None:
    log.error("certificate not printed", intent=claimed.intent_id, reason=word)
    if word in HOPELESS:
        sealing.fail(claimed, IntentFailure.RENDERING)
    else:
        sealing.put_back(claimed, IntentFailure.RENDERING)


def _sign(claimed: Claim) -> None:
    """Nothing in the database is held while the paper is printed and sealed: a few seconds at worst."""
    with only_reading():
        key = keys.active(environment.current().value)
        paper = _paper(claimed, key)
        db.session.rollback()
        sealed = sealed_paper(paper, key)
    sha256 = files.put(sealed.pdf)
    file = SealedFile(
        sha256, len(sealed.pdf), sealed.level, sealed.stamp, sealed.key_sha256, sealed.stamped_until
    )
    try:
        sealing.finish(claimed, file, working.actor_of)
    except (CannotSign, TakenAway):
        files.discard(sha256)
        raise
    files.settle(sha256)


def _paper(claimed: Claim, key: ActiveKey) -> Paper:
    db.session.expire_all()
    wanted = sealing.intent(claimed.intent_id)
    certificate = db.session.get_one(Certificate, wanted.certificate_id)
    found = sealing.judged(certificate, wanted, working.actor_of(wanted))
    return papers.paper_of(found, wanted, key)


def sealed_paper(paper: Paper, key: ActiveKey) -> Sealed:
    """The sealed PDF of a paper; made anew with «pending» where the time-stamp service did not answer (F-09)."""
    sealed = pades.seal(printer().pdf(paper), key, paper.number)
    if paper.stamp is StampWord.STAMPED and sealed.stamp == StampState.PENDING:
        late = replace(paper, stamp=StampWord.PENDING)
        return pades.seal(printer().pdf(late), key, paper.number)
    return sealed
