"""Signing in: the password, the second factor, the end; only here is a sign-in completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal import clock, crypto
from portal.audit import events, factor_events, trail
from portal.database import db, rows_changed
from portal.identity import challenges, factor_challenges, links, passwords, queries
from portal.identity.models import Account, SignIn
from portal.identity.states import (
    HALF_SIGNED_IN_MINUTES,
    AccountState,
    ChallengePurpose,
    EndReason,
    LinkPurpose,
    SignInProgress,
    SignInState,
    ladder_for,
)
from portal.limits import ledger, rates
from portal.messages import outbox, security_notices
from portal.vocabulary import Assurance, Method

HALF_LIFE = timedelta(minutes=HALF_SIGNED_IN_MINUTES)


@dataclass(frozen=True)
class Attempt:
    """What the second screen sends: name, password, method, E.164 number (SMS only), and where it comes from."""

    name: str
    password: str
    method: Method
    number: str
    network: str
    browser: str
    environment_key: str


class PasswordRejected(Exception):
    """Unknown person or wrong password: one message for both."""


class MethodRejected(Exception):
    """The person has chosen to be asked for a second factor always."""


def begin(attempt: Attempt, replacing: str | None = None) -> str:
    """Check the password, send the code where the method has one; returns the token of the browser's cookie."""
    account = queries.account_by_sign_in_name(attempt.name)
    check_password(account, attempt, attempt.password)
    assert account is not None  # noqa: S101 - is_right is False for nobody
    # Where the factors are gone (PANIC) there is none to ask for: the password opens «My Account» and nothing more.
    is_alone = attempt.method is Method.PASSWORD and account.always_second_factor
    if is_alone and queries.has_factor(account.id):
        raise MethodRejected
    sign_in, token = _begin_row(account, attempt)
    progress = ladder_for(attempt.method).submit(Method.PASSWORD)
    needed = progress.next_step.value if progress.next_step else ""
    trail.record(events.PasswordAccepted(account.id, needed), account_id=account.id)
    if progress.next_step is Method.SMS:
        send_code(sign_in, ChallengePurpose.SIGN_IN, attempt.number)
    elif progress.next_step in factor_challenges.LIVES:
        factor_challenges.begin(sign_in, attempt.method, ChallengePurpose.SIGN_IN)
    elif progress.next_step is None:
        _complete(sign_in, progress)
        _end_replaced(replacing, sign_in)
    db.session.commit()
    return token


def send_code(row: SignIn, purpose: ChallengePurpose, number: str, occasion: str = "") -> None:
    """The code to that E.164 number if it is on the account; else a decoy that looks the same. Commits nothing."""
    telephone = queries.telephone_with_number(row.account_id, number)
    known = number if telephone else None
    challenges.send_challenge(row, purpose, number=known, telephone=telephone, occasion=occasion)
    if telephone is None:
        trail.record(events.SignInFailed(row.account_id, "number"), account_id=row.account_id)


def check_password(account: Account | None, attempt: Attempt, password: str) -> None:
    """Raise PasswordRejected or TooMany unless it is the account's password; failures are counted and slow down."""
    account_id, known_hash = (account.id, account.password_hash) if account else (0, None)
    who = f"account:{account_id}" if account else f"name:{queries.comparable(attempt.name)}"
    keys = (
        (rates.PASSWORD_DELAY, f"{who}|{attempt.network}"),
        (rates.PASSWORD_ACCOUNT_DELAY, who),
        (rates.PASSWORD_NETWORK_DELAY, attempt.network),
    )
    for delay, key in keys:
        ledger.check_delay(delay, key)
    db.session.rollback()  # the hash takes long: no lock is held meanwhile
    if passwords.is_right(known_hash, password) and _is_still(account_id, known_hash):
        assert account is not None  # noqa: S101
        ledger.forget(rates.PASSWORD_DELAY, keys[0][1])
        _rehash(account, password)
        return
    for delay, key in keys:
        ledger.count_failure(delay, key)
    trail.record(events.SignInFailed(account_id, "password"))
    db.session.commit()
    raise PasswordRejected


def _is_still(account_id: int, known_hash: str | None) -> bool:
    # A change made while the hash was compared ends every sign-in: this one may not slip through behind it.
    own = select(Account.password_hash).where(Account.id == account_id, Account.state == AccountState.ACTIVE)
    return db.session.scalar(own.with_for_update(key_share=True)) == known_hash


def _rehash(account: Account, password: str) -> None:
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)


def _begin_row(account: Account, attempt: Attempt) -> tuple[SignIn, str]:
    token, now = crypto.random_token(), clock.now()
    row = SignIn(
        account_id=account.id, token_hash=crypto.digest(token), state=SignInState.HALF.value,
        method=attempt.method.value, begun_at=now, last_seen_at=now, network=attempt.network[:45],
        browser=attempt.browser[:60], environment_key=attempt.environment_key,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    row.account = account
    return row, token


def open_whole(account: Account, attempt: Attempt, replacing: str | None = None) -> str:
    """A showing that stands for both factors (a passkey that verified its user, an eID) opens a sign-in by
    `attempt.method`; returns the token."""
    row, token = _begin_row(account, attempt)
    _complete(row, SignInProgress((attempt.method,)).submit(attempt.method))
    _end_replaced(replacing, row)
    db.session.commit()
    return token


def begin_after_link(account: Account, network: str, browser: str) -> str:
    """A password was set through a link: signed in with it alone, whatever factors there are; returns the token."""
    attempt = Attempt(
        "", "", Method.PASSWORD, number="", network=network, browser=browser, environment_key=""
    )
    row, token = _begin_row(account, attempt)
    _complete(row, ladder_for(Method.PASSWORD).submit(Method.PASSWORD))
    db.session.commit()
    return token


def half_sign_in(token: str) -> SignIn | None:
    """The half-signed-in row of this browser while its half hour lasts."""
    row = queries.sign_in_by_token(token)
    if row is None or row.state != SignInState.HALF or clock.now() - row.begun_at > HALF_LIFE:
        return None
    return row


def awaiting_factor(token: str, method: Method, *, step_up: bool) -> SignIn | None:
    """The sign-in of this browser that may show that factor now: half signed in by it, or open and stepping up."""
    if not step_up:
        row = half_sign_in(token)
        return row if row is not None and row.method == method else None
    row = queries.sign_in_by_token(token)
    return row if row is not None and row.state == SignInState.OPEN else None


def purpose_of(row: SignIn) -> ChallengePurpose:
    """What a code or ceremony of that sign-in is good for."""
    return ChallengePurpose.SIGN_IN if row.state == SignInState.HALF else ChallengePurpose.STEP_UP


def factor_shown(row: SignIn, method: Method, *, replacing: str | None = None) -> str:
    """The second factor was right: completes the half sign-in, or steps up the open one; returns the new token."""
    fresh = renew_token(row)
    if row.state == SignInState.HALF:
        _complete(row, ladder_for(Method(row.method)).submit(Method.PASSWORD).submit(method))
        _end_replaced(replacing, row)
    else:
        _step_up(row, method)
    db.session.commit()
    return fresh


def _step_up(row: SignIn, method: Method) -> None:
    values = {
        "method": method.value,
        "assurance": Assurance.SECOND_FACTOR.value,
        "second_factor_at": clock.now(),
        "acted_at": None,
    }
    done = db.session.execute(
        update(SignIn).where(SignIn.id == row.id, SignIn.state == SignInState.OPEN).values(**values)
    )
    if rows_changed(done) == 0:
        db.session.rollback()
        raise challenges.CodeRejected(is_dead=True)
    trail.record(factor_events.SteppedUp(row.account_id, method.value, row.id), account_id=row.account_id)


def first_factor_added(sign_in_id: int) -> str:
    """A first factor was added in this open session: it counts as shown, but opens no environment (B12); returns the
    new token. Commits nothing."""
    row = db.session.get_one(SignIn, sign_in_id)
    row.second_factor_at = clock.now()
    return renew_token(row)


def _complete(sign_in: SignIn, progress: SignInProgress) -> None:
    now, assurance = clock.now(), progress.assurance
    assert assurance is not None  # noqa: S101 - callers submit the last factor
    sign_in.assurance, sign_in.last_seen_at = assurance.value, now
    if assurance is Assurance.SECOND_FACTOR:
        sign_in.second_factor_at = now
    _open(sign_in)
    account = sign_in.account
    account.previous_sign_in_at, account.last_sign_in_at = account.last_sign_in_at, now
    _tell_of_sign_in(account, sign_in)
    account.sign_in_count += 1
    trail.record(events.SignedIn(account.id, sign_in.method, sign_in.id), account_id=account.id)


def _tell_of_sign_in(account: Account, sign_in: SignIn) -> None:
    """A mail where the browser is new for this account, or after each sign-in if the person wants it so."""
    first_ever = account.sign_in_count == 0
    if not account.sign_in_notices and (first_ever or queries.knows_browser(sign_in)):
        return
    link = links.make_link(LinkPurpose.NOT_ME, account=account)
    when = clock.now().isoformat(timespec="seconds")
    notice = security_notices.SignedInNotice(
        account.first_name, account.last_name, sign_in.browser, sign_in.network, when, link.id
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def _open(sign_in: SignIn) -> None:
    # Conditional: a sign-in that was ended meanwhile, by a new password for instance, does not come back to life.
    opened = db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in.id, SignIn.state == SignInState.HALF)
        .values(state=SignInState.OPEN.value)
    )
    if rows_changed(opened) == 0:
        db.session.rollback()
        raise challenges.CodeRejected(is_dead=True)


def renew_token(row: SignIn) -> str:
    """The session may do more from now on: another token for its browser, the old one is dead. Commits nothing."""
    token = crypto.random_token()
    row.token_hash = crypto.digest(token)
    return token


def _end_replaced(token: str | None, fresh: SignIn) -> None:
    row = queries.sign_in_by_token(token) if token else None
    if row is not None and row.id != fresh.id:
        end(row, EndReason.REPLACED)


def end(row: SignIn, reason: EndReason) -> bool:
    """End one sign-in, with its event; False where somebody else has ended it already. Commits nothing."""
    ended = db.session.execute(
        update(SignIn)
        .where(SignIn.id == row.id, SignIn.state != SignInState.ENDED)
        .values(state=SignInState.ENDED.value, ended_at=clock.now(), end_reason=reason.value)
    )
    if not rows_changed(ended):
        return False
    trail.record(events.SignedOut(row.account_id, reason.value, row.id), account_id=row.account_id)
    return True


def sign_out(token: str) -> None:
    """«Déconnexion»: the cookie's token is worth nothing from now on."""
    row = queries.sign_in_by_token(token)
    if row is not None:
        end(row, EndReason.SIGNED_OUT)
        db.session.commit()
