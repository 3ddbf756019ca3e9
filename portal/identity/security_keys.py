"""Security keys, trusted platforms and passkeys of an account: enrolled, listed, renamed, removed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal import clock, config, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.adapters import webauthn
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import factor_challenges, factors, queries
from portal.identity.factor_models import FactorChallenge, SecurityKey
from portal.identity.factors import NotThere
from portal.identity.models import Account
from portal.identity.states import ChallengePurpose, ChallengeState
from portal.messages import security_notices
from portal.vocabulary import Method

MalformedAnswer = webauthn.Malformed
"""Not the shape of a key's answer: no browser made it; the page answers 400."""
CEREMONY_MINUTES = 10
KEYS_AT_MOST = 10
KIND = "security-key"
ATTACHMENTS = frozenset({"platform", "cross-platform"})


class TooManyKeys(Exception):
    """Ten keys are on the account already."""


class KeyRejected(Exception):
    """The answer is not right, late, used or foreign, or the key belongs to somebody: one message for all."""


@dataclass(frozen=True)
class WishedKey:
    """What the browser sends after the ceremony: the person's name for the key (60 characters), the answer."""

    name: str
    answer: dict[str, Any]


def party() -> webauthn.Party:
    """Who asks keys: the host and origin of the public address."""
    settings = config.current()
    return webauthn.Party(settings.public_host, settings.public_url, settings.brand_identity)


def new_challenge(
    account_id: int, sign_in_id: int, purpose: ChallengePurpose, lifetime: timedelta
) -> FactorChallenge:
    """A ceremony of that browser, 32 random bytes; the earlier one of the purpose dies. Commits nothing."""
    # Questions of an account wait for one another, so that each finds the one before it.
    db.session.scalar(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))
    earlier = factor_challenges.newest(sign_in_id, Method.SECURITY_KEY, purpose)
    if earlier is not None:
        factor_challenges.settle(earlier, ChallengeState.DEAD)
    now = clock.now()
    challenge = FactorChallenge(
        account_id=account_id, sign_in_id=sign_in_id, method=Method.SECURITY_KEY.value, purpose=purpose.value,
        nonce=crypto.as_address_part(secrets.token_bytes(32)), state=ChallengeState.OPEN.value,
        created_at=now, expires_at=now + lifetime,
    )  # fmt: skip
    db.session.add(challenge)
    return challenge


def begin(actor: Actor) -> dict[str, Any]:
    """The options for `navigator.credentials.create`; one ceremony, ten minutes."""
    authorise(actor, Action.FACTOR_ADD, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    own = queries.security_keys_of(account.id)
    if len(own) >= KEYS_AT_MOST:
        raise TooManyKeys
    if account.webauthn_handle is None:
        account.webauthn_handle = crypto.as_address_part(secrets.token_bytes(32))
    life = timedelta(minutes=CEREMONY_MINUTES)
    challenge = new_challenge(account.id, actor.session_id, ChallengePurpose.ADD_KEY, life)
    db.session.commit()
    user = {"id": account.webauthn_handle, "name": account.email, "displayName": account.full_name}
    exclude = [webauthn.descriptor(key.credential_id, key.transports) for key in own]
    return webauthn.creation_options(party(), challenge.nonce, user, exclude)


def finish(wish: WishedKey, actor: Actor) -> str | None:
    """The key's answer makes it a factor; returns the session's new token for a first one.

    Raises KeyRejected, webauthn.Malformed.
    """
    webauthn.credential_id_in(wish.answer)
    account = factors.locked_account(actor.account_id)
    now = factors.as_it_stands(actor)
    authorise(now, Action.FACTOR_CONFIRM, OwnAccount(account.id))
    challenge = factor_challenges.newest(actor.session_id, Method.SECURITY_KEY, ChallengePurpose.ADD_KEY)
    # Dead before anything is verified: one ceremony, one answer.
    if challenge is None or not factor_challenges.settle(challenge, ChallengeState.USED):
        raise KeyRejected
    try:
        new = webauthn.verified_registration(wish.answer, challenge.nonce, party())
    except webauthn.NotVerified as error:
        _refused(account.id, challenge.id, actor)
        raise KeyRejected(str(error)) from error
    key = _stored(account, wish, new, challenge.id, actor)
    token = factors.added(KIND, key.id, now)
    factors.tell(account, security_notices.SecurityKeyAddedNotice, key.name)
    db.session.commit()
    return token


def _refused(account_id: int, challenge_id: int, actor: Actor) -> None:
    trail.record(factor_events.FactorRejected(account_id, Method.SECURITY_KEY.value, challenge_id), actor)
    db.session.commit()


def _stored(
    account: Account, wish: WishedKey, new: webauthn.NewCredential, challenge_id: int, actor: Actor
) -> SecurityKey:
    key = _key(account.id, wish, new)
    known = select(SecurityKey.id).where(SecurityKey.credential_hash == key.credential_hash)
    if db.session.scalar(known) is not None:
        _refused(account.id, challenge_id, actor)
        raise KeyRejected("known already")
    db.session.add(key)
    try:
        db.session.flush()
    except IntegrityError:
        # Another account was a moment quicker with the same credential.
        db.session.rollback()
        raise KeyRejected("known already") from None
    return key


def _key(account_id: int, wish: WishedKey, new: webauthn.NewCredential) -> SecurityKey:
    props = wish.answer.get("clientExtensionResults") or {}
    attachment = wish.answer.get("authenticatorAttachment")
    return SecurityKey(
        account_id=account_id, name=wish.name, credential_id=new.credential_id, public_key=new.public_key,
        credential_hash=crypto.digest(new.credential_id), sign_count=new.sign_count, aaguid=new.aaguid,
        transports=webauthn.transports_in(wish.answer), added_at=clock.now(),
        attachment=attachment if attachment in ATTACHMENTS else "",
        is_u2f=new.aaguid == webauthn.NO_AAGUID and not new.verified_user and not new.backup_eligible,
        is_discoverable=isinstance(props, dict) and bool((props.get("credProps") or {}).get("rk")),
        verifies_user=new.verified_user, backup_eligible=new.backup_eligible, backed_up=new.backed_up,
    )  # fmt: skip


def own(key_id: int, actor: Actor) -> SecurityKey:
    """A key of the own account, stopped ones too; raises NotThere."""
    key = db.session.get(SecurityKey, key_id)
    if key is None or key.account_id != actor.account_id:
        raise NotThere
    return key


def rename(key_id: int, name: str, actor: Actor) -> None:
    """Another name for it, sixty characters at most."""
    authorise(actor, Action.FACTOR_RENAME, OwnAccount(actor.account_id))
    key = own(key_id, actor)
    key.name = name
    trail.record(factor_events.FactorRenamed(actor.account_id, KIND, key.id), actor)
    db.session.commit()


def remove(key_id: int, actor: Actor) -> None:
    """It is no factor any more; never the last one of a person who holds a role."""
    authorise(actor, Action.FACTOR_REMOVE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    key = own(key_id, actor)
    if key.stopped_at is None:
        factors.check_may_go(actor)
    number, name = key.id, key.name
    gone = db.session.execute(delete(SecurityKey).where(SecurityKey.id == number))
    if rows_changed(gone) == 0:
        db.session.rollback()
        raise NotThere
    trail.record(factor_events.FactorRemoved(account.id, KIND, number), actor)
    factors.tell(account, security_notices.SecurityKeyRemovedNotice, name)
    db.session.commit()
