"""Recovery codes: ten, shown once, each used once; what one opens is only a way to add a new second factor."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, select, update

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import challenges, factor_challenges, factors, links, sign_in
from portal.identity.factor_models import RecoveryCode
from portal.identity.models import Account, SignIn
from portal.identity.states import CODE_TRIES, ChallengeState, LinkPurpose
from portal.messages import outbox, security_notices
from portal.vocabulary import Method

CODES = 10
LETTERS = 20
"""Of an alphabet of 31: 99 bits (N asks for 64)."""
GROUP = 4


def make(actor: Actor) -> list[str]:
    """Ten fresh codes, in groups of four letters, seen this once; all earlier ones are worth nothing."""
    authorise(actor, Action.RECOVERY_CODES_MAKE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [crypto.as_code(secrets.token_bytes(32), LETTERS) for _ in range(CODES)]
    now = clock.now()
    for code in codes:
        db.session.add(RecoveryCode(account_id=account.id, code_hash=_digest(account.id, code), made_at=now))
    trail.record(factor_events.RecoveryCodesMade(account.id), actor)
    factors.tell(account, security_notices.RecoveryCodesMadeNotice, str(CODES))
    db.session.commit()
    return ["-".join(code[at : at + GROUP] for at in range(0, LETTERS, GROUP)) for code in codes]


def _digest(account_id: int, code: str) -> str:
    return crypto.digest(f"recovery/{account_id}/{code}")


def left(account_id: int) -> int:
    """How many codes can still be used."""
    unused = RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def submit(row: SignIn, typed: str, replacing: str | None = None) -> str:
    """A code opens a session that only adds a factor; returns the browser's new token. Raises CodeRejected."""
    challenge = factor_challenges.newest(row.id, Method.RECOVERY_CODE, sign_in.purpose_of(row))
    if challenge is None or not factor_challenges.is_open(challenge):
        raise challenges.CodeRejected(is_dead=True)
    counted = factor_challenges.count_try(challenge)
    code = "".join(letter for letter in typed.upper() if letter.isalnum())[: LETTERS * 2]
    if not counted or not _use(row.account_id, code):
        trail.record(factor_events.FactorRejected(row.account_id, Method.RECOVERY_CODE.value, challenge.id))
        db.session.commit()
        raise challenges.CodeRejected(is_dead=not counted or challenge.tries >= CODE_TRIES)
    # The second click of a hurried person finds it answered: it costs no try.
    factor_challenges.settle(challenge, ChallengeState.USED)
    factor_challenges.take_back_try(challenge)
    _rest(row.account)
    return sign_in.factor_shown(row, Method.RECOVERY_CODE, replacing=replacing)


def _use(account_id: int, code: str) -> bool:
    own = RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _digest(account_id, code)
    used = db.session.execute(
        update(RecoveryCode)
        .where(*own, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return rows_changed(used) > 0


def _rest(account: Account) -> None:
    account.recovered_at = clock.now()
    trail.record(factor_events.RecoveryCodeUsed(account.id), account_id=account.id)
    link = links.make_link(LinkPurpose.NOT_ME, account=account)
    when = clock.now().isoformat(timespec="seconds")
    notice = security_notices.RecoveryCodeUsedNotice(
        account.first_name, account.last_name, when, left(account.id), link.id
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))
