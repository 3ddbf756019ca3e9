"""Reading the identity half: accounts, telephones, sign-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from portal import clock, config, crypto
from portal.database import db
from portal.identity import addresses
from portal.identity.factor_models import Authenticator, DutyPhone, Eid, MobileDevice, SecurityKey, Suspension
from portal.identity.models import Account, Challenge, SignIn, Telephone
from portal.identity.states import (
    ENDED_IN_PEACE,
    AccountState,
    ChallengeState,
    EndReason,
    FactorState,
    SignInState,
)
from portal.vocabulary import Method

NAME_LENGTH = 254
KNOWN_FOR = timedelta(days=180)
NUDGE_AFTER = 10
NUDGE_HIDDEN_FOR = timedelta(days=30)


def account_by_id(account_id: int) -> Account | None:
    """The account, whatever its state."""
    return db.session.get(Account, account_id)


def accounts_by_id(ids: Iterable[int]) -> dict[int, Account]:
    """Accounts by their id, in one statement."""
    rows = db.session.scalars(select(Account).where(Account.id.in_(list(ids))))
    return {row.id: row for row in rows}


def account_by_email(address: str) -> Account | None:
    """The account with that address, compared by its canonical form."""
    return db.session.scalar(select(Account).where(Account.email_key == addresses.key_of(address)))


def account_by_sign_in_name(typed: str) -> Account | None:
    """The active account with that e-mail address or user name."""
    name = comparable(typed)
    named = Account.email_key == name if "@" in name else Account.username == name
    return db.session.scalar(select(Account).where(named, Account.state == AccountState.ACTIVE))


def comparable(typed: str) -> str:
    """What is typed at the sign-in in its one form, whether it belongs to somebody or not: address or user name."""
    text = typed.strip()
    try:
        return addresses.key_of(addresses.checked(text))
    except addresses.NotAnAddress:
        return "".join(c for c in text.casefold() if c.isalnum())[:NAME_LENGTH]


def telephones_of(account_id: int) -> Sequence[Telephone]:
    """The numbers of an account, oldest first."""
    return db.session.scalars(
        select(Telephone).where(Telephone.account_id == account_id).order_by(Telephone.id)
    ).all()


def telephone_with_number(account_id: int, number: str) -> Telephone | None:
    """The account's telephone with that E.164 number."""
    indexes = crypto.blind_indexes("telephone", number)
    return db.session.scalar(
        select(Telephone).where(Telephone.account_id == account_id, Telephone.number_index.in_(indexes))
    )


def duty_phone_with(number: str) -> DutyPhone | None:
    """A duty phone of any organisation with that E.164 number."""
    indexes = crypto.blind_indexes("telephone", number)
    listed = select(DutyPhone).where(DutyPhone.number_index.in_(indexes), DutyPhone.lost_at.is_(None))
    return db.session.scalar(listed.order_by(DutyPhone.id).limit(1))


def devices_of(account_id: int) -> Sequence[MobileDevice]:
    """The telephones with the app on an account, working or stopped, oldest first."""
    shown = MobileDevice.state.in_([FactorState.ACTIVE, FactorState.STOPPED])
    query = select(MobileDevice).where(MobileDevice.account_id == account_id, shown)
    return db.session.scalars(query.order_by(MobileDevice.id)).all()


def _factor_tables(account_id: Any) -> list[tuple[type, ColumnElement[bool]]]:
    active = FactorState.ACTIVE.value
    return [
        (Telephone, Telephone.account_id == account_id),
        (MobileDevice, and_(MobileDevice.account_id == account_id, MobileDevice.state == active)),
        (Authenticator, and_(Authenticator.account_id == account_id, Authenticator.state == active)),
        (SecurityKey, and_(SecurityKey.account_id == account_id, SecurityKey.stopped_at.is_(None))),
        (Eid, Eid.account_id == account_id),
    ]


def any_factor(account_id: Any, but: type | None = None) -> ColumnElement[bool]:
    """Whether that account, a number or a column, has a second factor (of another kind than `but`).

    One that was stopped is no way in, but it stays a factor to be shown: guessing at it opens no enrolment.
    """
    stopped = and_(MobileDevice.account_id == account_id, MobileDevice.state == FactorState.STOPPED.value)
    copied = exists().where(SecurityKey.account_id == account_id)
    working = (exists().where(own) for table, own in _factor_tables(account_id) if table is not but)
    return or_(exists().where(stopped), copied, *working)


def has_factor(account_id: int) -> bool:
    """Whether the account has any second factor."""
    return bool(db.session.scalar(select(any_factor(account_id))))


def has_added_factor_since(account_id: int, moment: datetime) -> bool:
    """Whether a working second factor was added to the account since then."""
    tables: Any = _factor_tables(account_id)
    fresh = (exists().where(own, table.added_at >= moment) for table, own in tables)
    return bool(db.session.scalar(select(or_(*fresh))))


def methods_of(account_id: int) -> list[Method]:
    """The kinds of second factor an account has, never which telephone or key; one statement."""
    kinds: dict[type, Method] = {
        Telephone: Method.SMS,
        MobileDevice: Method.APP_PIN,
        Authenticator: Method.APP_QR,
        SecurityKey: Method.SECURITY_KEY,
        Eid: Method.EID,
    }
    tables = _factor_tables(account_id)
    found = db.session.execute(select(*(exists().where(own) for _table, own in tables))).one()
    return [kinds[table] for (table, _own), there in zip(tables, found, strict=True) if there]


def authenticators_of(account_id: int) -> Sequence[Authenticator]:
    """The active authenticator apps of an account, oldest first."""
    active = select(Authenticator).where(
        Authenticator.account_id == account_id, Authenticator.state == FactorState.ACTIVE
    )
    return db.session.scalars(active.order_by(Authenticator.id)).all()


def security_keys_of(account_id: int) -> Sequence[SecurityKey]:
    """The keys of an account that still work, oldest first."""
    own = select(SecurityKey).where(SecurityKey.account_id == account_id, SecurityKey.stopped_at.is_(None))
    return db.session.scalars(own.order_by(SecurityKey.id)).all()


def every_security_key_of(account_id: int) -> Sequence[SecurityKey]:
    """The keys of an account with those that were stopped, for the page that lists them."""
    own = select(SecurityKey).where(SecurityKey.account_id == account_id)
    return db.session.scalars(own.order_by(SecurityKey.id)).all()


def factor_count(account_id: int) -> int:
    """How many second factors the account has, of all kinds."""
    each = [select(func.count()).select_from(table).where(own) for table, own in _factor_tables(account_id)]
    return sum(db.session.execute(select(*(one.scalar_subquery() for one in each))).one())


def wants_nudge(account: Account) -> bool:
    """After ten sign-ins with a single second factor: a hint to add another one, unless it was hidden this month."""
    hidden = account.nudge_hidden_at is not None and clock.now() - account.nudge_hidden_at < NUDGE_HIDDEN_FOR
    return account.sign_in_count >= NUDGE_AFTER and not hidden and factor_count(account.id) == 1


def standing(account_id: int, environment_key: str) -> tuple[bool, bool]:
    """Whether the account has any second factor, and whether it is suspended in that environment; one statement."""
    suspended = exists().where(
        Suspension.account_id == account_id,
        Suspension.environment_key == environment_key,
        Suspension.lifted_at.is_(None),
    )
    row = db.session.execute(select(any_factor(account_id), suspended)).one()
    return bool(row[0]), bool(row[1])


def was_taken_from(sign_in_id: int) -> bool:
    """Whether that sign-in was ended because it may not have been the owner's, as far as anybody knows by now."""
    reason = db.session.scalar(select(SignIn.end_reason).where(SignIn.id == sign_in_id))
    return reason is not None and EndReason(reason) not in ENDED_IN_PEACE


def sign_in_by_token(token: str) -> SignIn | None:
    """The living sign-in of that token, half or open; None when it ended or its time is over."""
    row = db.session.scalar(select(SignIn).where(SignIn.token_hash == crypto.digest(token)))
    if row is None or row.state == SignInState.ENDED or row.account.state != AccountState.ACTIVE:
        return None
    settings, now = config.current(), clock.now()
    alive = now - row.last_seen_at <= settings.session_idle and now - row.begun_at <= settings.session_total
    return row if alive else None


def open_sign_ins(account_id: int) -> Sequence[SignIn]:
    """The living complete sign-ins of an account, newest first."""
    settings, now = config.current(), clock.now()
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.state == SignInState.OPEN)
        .where(
            SignIn.last_seen_at >= now - settings.session_idle,
            SignIn.begun_at >= now - settings.session_total,
        )
        .order_by(SignIn.id.desc())
    ).all()


def challenge_by_sign_in(sign_in_id: int, purpose: str) -> Challenge | None:
    """The newest challenge of that purpose in that browser, while it is open and in time."""
    return db.session.scalar(
        select(Challenge)
        .where(Challenge.sign_in_id == sign_in_id, Challenge.purpose == purpose)
        .where(Challenge.state == ChallengeState.OPEN, Challenge.expires_at > clock.now())
        .order_by(Challenge.id.desc())
        .limit(1)
    )


def number_of_telephones(account_id: int) -> int:
    """How many numbers the account has."""
    return db.session.scalar(select(func.count()).where(Telephone.account_id == account_id)) or 0


def knows_browser(sign_in: SignIn) -> bool:
    """Whether the account was open in a browser like that one, in that network, in the last half year."""
    earlier = exists().where(
        SignIn.account_id == sign_in.account_id,
        SignIn.id != sign_in.id,
        SignIn.browser == sign_in.browser,
        SignIn.network == sign_in.network,
        SignIn.assurance.is_not(None),
        SignIn.begun_at > clock.now() - KNOWN_FOR,
    )
    return bool(db.session.scalar(select(earlier)))
