"""National electronic identities: linked to an account, shown at the sign-in or in place, unlinked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, config, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.adapters import oidc
from portal.audit import factor_events, trail
from portal.config_providers import Provider
from portal.database import db, rows_changed
from portal.identity import factors, sign_in
from portal.identity.factor_models import Eid
from portal.identity.factors import NotThere
from portal.identity.models import Account, SignIn
from portal.identity.sign_in import Attempt
from portal.identity.states import AccountState
from portal.limits import ledger, rates
from portal.messages import security_notices
from portal.vocabulary import Method

ProviderAway = oidc.ProviderAway
LevelTooLow = oidc.LevelTooLow
WAY_MINUTES = 10
WAY_LIFE = timedelta(minutes=WAY_MINUTES)
EIDS_AT_MOST = 5
KIND = "eid"


class EidRejected(Exception):
    """The answer is wrong, late, used or foreign: one message for all."""


class EidUnknown(EidRejected):
    """The provider proved who it is, and no account is linked to that identity."""


class EidTaken(EidRejected):
    """The identity is linked to this account already, or to another one: one message for both."""


class TooManyEids(Exception):
    """Five eIDs are on the account already."""


@dataclass(frozen=True)
class Errand:
    """What a browser keeps while its person is at the provider: the way, its provider and when it began (ISO)."""

    provider_key: str
    state: str
    nonce: str
    verifier: str
    begun_at: str
    session_id: int = 0
    """The sign-in for which an eID is being linked; 0 for signing in and stepping up."""

    def kept(self) -> dict[str, Any]:
        """As plain values for the sealed cookie."""
        return asdict(self)

    @property
    def is_late(self) -> bool:
        """Whether its ten minutes are over."""
        return clock.now() - datetime.fromisoformat(self.begun_at) > WAY_LIFE


def providers() -> Sequence[Provider]:
    """The providers of the settings, in their order."""
    return config.current().oidc_providers


def provider_of(key: str) -> Provider:
    """One of them; raises NotThere."""
    found = next((one for one in providers() if one.key == key), None)
    if found is None:
        raise NotThere
    return found


def begin(provider_key: str, session_id: int = 0) -> tuple[Errand, str]:
    """A way to that provider: what the browser keeps, and the address it goes to. Raises NotThere, ProviderAway."""
    provider = provider_of(provider_key)
    state, nonce, verifier = (crypto.random_token() for _ in range(3))
    now = clock.now().isoformat()
    errand = Errand(provider.key, state, nonce, verifier, now, session_id)
    db.session.rollback()  # the provider may be slow: no lock is held meanwhile
    return errand, oidc.address_of(provider, _way(errand))


def begin_to_link(provider_key: str, actor: Actor) -> tuple[Errand, str]:
    """The same for a person who links an eID. Raises TooManyEids too."""
    authorise(actor, Action.FACTOR_ADD, OwnAccount(actor.account_id))
    if len(eids_of(actor.account_id)) >= EIDS_AT_MOST:
        raise TooManyEids
    return begin(provider_key, actor.session_id)


def _way(errand: Errand) -> oidc.Way:
    redirect_uri = f"{config.current().public_url}/eid/callback"
    begun_at = datetime.fromisoformat(errand.begun_at)
    return oidc.Way(errand.state, errand.nonce, errand.verifier, redirect_uri, begun_at)


def _proved(errand: Errand, code: str, network: str) -> oidc.Identity:
    """Who came back; the errand is spent before anything is asked. Raises EidRejected, LevelTooLow, ProviderAway."""
    ledger.take(rates.EID_ANSWERS_PER_NETWORK, network)
    fresh = not errand.is_late and ledger.spend(errand.state, WAY_LIFE)
    db.session.commit()  # spent, and no lock is held while the provider is asked
    if not fresh:
        raise EidRejected("late or used")
    try:
        return oidc.identity_of(provider_of(errand.provider_key), _way(errand), code, clock.now())
    except LevelTooLow:
        raise
    except (oidc.NotProved, NotThere) as error:
        raise EidRejected(str(error)) from error


def link(errand: Errand, code: str, network: str, actor: Actor) -> tuple[Eid, str | None]:
    """The identity becomes a factor; returns it, and the session's new token for a first one.

    Raises EidRejected, EidTaken, LevelTooLow, ProviderAway, TooManyEids."""
    authorise(actor, Action.FACTOR_CONFIRM, OwnAccount(actor.account_id))
    if errand.session_id != actor.session_id:
        raise EidRejected("another session")
    who = _proved(errand, code, network)
    account = factors.locked_account(actor.account_id)
    now = factors.as_it_stands(actor)
    authorise(now, Action.FACTOR_CONFIRM, OwnAccount(account.id))
    if len(eids_of(account.id)) >= EIDS_AT_MOST:
        raise TooManyEids
    eid = _stored(account, who, errand)
    token = factors.added(KIND, eid.id, now)
    factors.tell(account, security_notices.EidAddedNotice, eid.provider)
    db.session.commit()
    return eid, token


def _stored(account: Account, who: oidc.Identity, errand: Errand) -> Eid:
    if _eid_of(who) is not None:
        _refuse(account.id, EidTaken())
    eid = Eid(
        account_id=account.id, provider=provider_of(errand.provider_key).name, issuer=who.issuer,
        subject=who.subject, level=who.level[:120], added_at=clock.now(),
    )  # fmt: skip
    db.session.add(eid)
    try:
        db.session.flush()
    except IntegrityError:
        # Another account was a moment quicker with the same identity.
        db.session.rollback()
        raise EidTaken from None
    return eid


def _eid_of(who: oidc.Identity) -> Eid | None:
    return db.session.scalar(select(Eid).where(Eid.issuer == who.issuer, Eid.subject == who.subject))


def _refuse(account_id: int, why: EidRejected) -> None:
    event = factor_events.FactorRejected(account_id, Method.EID.value, 0)
    trail.record(event, account_id=account_id or None)
    db.session.commit()
    raise why


def sign_in_with(errand: Errand, code: str, attempt: Attempt, replacing: str | None = None) -> str:
    """An eID needs no password beside it (S0): a whole sign-in; returns its token.

    Raises EidRejected, EidUnknown, LevelTooLow, ProviderAway."""
    eid = _eid_of(_proved(errand, code, attempt.network))
    account = db.session.get(Account, eid.account_id) if eid else None
    if eid is None or account is None or account.state != AccountState.ACTIVE or not _use(eid):
        _refuse(0, EidUnknown())
    assert account is not None  # noqa: S101 - refused above
    return sign_in.open_whole(account, attempt, replacing)


def show(errand: Errand, code: str, row: SignIn) -> str:
    """An eID of the same account, shown in an open session; returns the browser's new token.

    Raises EidRejected, LevelTooLow, ProviderAway."""
    eid = _eid_of(_proved(errand, code, row.network))
    if eid is None or eid.account_id != row.account_id or not _use(eid):
        _refuse(row.account_id, EidRejected())
    return sign_in.factor_shown(row, Method.EID)


def _use(eid: Eid) -> bool:
    # Conditional: one that was unlinked meanwhile (PANIC, for instance) opens nothing.
    used = update(Eid).where(Eid.id == eid.id, Eid.account_id == eid.account_id)
    return rows_changed(db.session.execute(used.values(last_used_at=clock.now()))) > 0


def eids_of(account_id: int) -> Sequence[Eid]:
    """The eIDs of an account, oldest first."""
    return db.session.scalars(select(Eid).where(Eid.account_id == account_id).order_by(Eid.id)).all()


def own(eid_id: int, actor: Actor) -> Eid:
    """An eID of the own account; raises NotThere."""
    eid = db.session.get(Eid, eid_id)
    if eid is None or eid.account_id != actor.account_id:
        raise NotThere
    return eid


def remove(eid_id: int, actor: Actor) -> None:
    """It is no factor any more; never the last one of a person who holds a role."""
    authorise(actor, Action.FACTOR_REMOVE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    eid = own(eid_id, actor)
    factors.check_may_go(actor)
    provider, gone = eid.provider, db.session.execute(delete(Eid).where(Eid.id == eid_id))
    if rows_changed(gone) == 0:
        # Another window was quicker while this one waited for the lock.
        db.session.rollback()
        raise NotThere
    trail.record(factor_events.FactorRemoved(account.id, KIND, eid_id), actor)
    factors.tell(account, security_notices.EidRemovedNotice, provider)
    db.session.commit()
