"""Telephones with the phone app: added with two devices and a PIN, renamed, removed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import Refused, authorise
from portal.adapters import phone_keys, qr_codes
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import device_codes, factors, queries, sign_in
from portal.identity.device_codes import KIND, PhoneRefused
from portal.identity.factor_models import MobileDevice
from portal.identity.factors import NotThere
from portal.identity.models import SignIn
from portal.identity.states import DEVICE_MINUTES, DEVICES_AT_MOST, PIN_TRIES, FactorState
from portal.limits import ledger, rates
from portal.messages import security_notices
from portal.vocabulary import Assurance, Method

CHALLENGE_LETTERS = 10
TO_ACCEPT, FIRST = "accept:", "first"
"""What `nonce` begins with or is: the PIN was right; it became the account's first factor and the session waits."""
UNFINISHED = (FactorState.PENDING.value, FactorState.SCANNED.value)


class TooManyDevices(Exception):
    """Five telephones are on the account already."""


class NameTaken(Exception):
    """Another telephone of the account has that name: installed anew, it is deleted first."""


class NotAKey(Exception):
    """The telephone sent something that is no public key."""


def begin(name: str, pin: str, actor: Actor) -> MobileDevice:
    """A telephone to be added in ten minutes; `name` has sixty characters at most, `pin` four digits. One at a time:
    the QR code of an earlier, unfinished one is worth nothing from now on."""
    authorise(actor, Action.FACTOR_ADD, OwnAccount(actor.account_id))
    factors.locked_account(actor.account_id)
    _check_room(actor.account_id, name)
    _drop(MobileDevice.account_id == actor.account_id)
    now, private = clock.now(), phone_keys.new_private_key()
    device = MobileDevice(
        account_id=actor.account_id, sign_in_id=actor.session_id, name=name, state=FactorState.PENDING.value,
        pin_sealed=crypto.seal("pin", pin), token_hash=crypto.digest(phone_keys.token_of(private)),
        server_key_sealed=crypto.seal("phone key", private), created_at=now,
        expires_at=now + timedelta(minutes=DEVICE_MINUTES),
    )  # fmt: skip
    db.session.add(device)
    db.session.commit()
    return device


def _check_room(account_id: int, name: str, but: int = 0) -> None:
    own = [one for one in queries.devices_of(account_id) if one.id != but]
    if any(one.name.casefold() == name.casefold() for one in own):
        raise NameTaken
    if len(own) >= DEVICES_AT_MOST:
        raise TooManyDevices


def _drop(*conditions: ColumnElement[bool]) -> bool:
    gone = {"state": FactorState.DROPPED.value, "token_hash": None, "server_key_sealed": None}
    return _change(*conditions, MobileDevice.state.in_(UNFINISHED), **gone)


def _change(*conditions: ColumnElement[bool], **values: object) -> bool:
    statement = update(MobileDevice).where(*conditions).values(**values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()  # the rows at hand are read anew: what holds is what the database decided
    return rows_changed(done) > 0


def begun(device_id: int, actor: Actor) -> MobileDevice:
    """The telephone being added in this very session, however far; raises NotThere."""
    device = db.session.get(MobileDevice, device_id)
    if device is None or (device.account_id, device.sign_in_id) != (actor.account_id, actor.session_id):
        raise NotThere
    return device


def progress_of(device: MobileDevice) -> str:
    """How far it is: pending, scanned, confirmed (the PIN was right), active, stopped, dropped or expired."""
    if device.state not in UNFINISHED:
        return device.state
    if device.expires_at <= clock.now():
        return "expired"
    return "confirmed" if device.nonce.startswith(TO_ACCEPT) else device.state


def qr_picture(device: MobileDevice) -> str:
    """The QR code of the enrolment as the address of a picture."""
    return qr_codes.picture(qr_text(device))


def qr_text(device: MobileDevice) -> str:
    """What the QR code of the enrolment holds (docs/phone-app.md), while it was not scanned."""
    private = crypto.unseal("phone key", device.server_key_sealed or "")
    token, public = phone_keys.token_of(private), phone_keys.public_key_of(private)
    return f"TRACES-APP:E1:{device_codes.app_host()}:{token}:{public}"


def scan(token: str, code_key: str, approval_key: str, *, showing: int | None, network: str) -> MobileDevice:
    """The telephone's first call: its public keys; once only. `showing` is the sign-in of the calling browser, which
    may not be the one that shows the QR code. Raises NotAKey, PhoneRefused."""
    _take(network)
    query = select(MobileDevice).where(MobileDevice.token_hash == crypto.digest(token))
    device = db.session.scalar(query)
    if device is None or device.state != FactorState.PENDING or device.expires_at <= clock.now():
        raise _refused()
    if showing == device.sign_in_id:
        raise _refused("same-browser")
    try:
        phone_keys.check_public_key(approval_key)
        private = crypto.unseal("phone key", device.server_key_sealed or "")
        key = phone_keys.code_key(private, code_key, token)
    except phone_keys.NotAKey:
        db.session.commit()
        raise NotAKey from None
    pending = MobileDevice.id == device.id, MobileDevice.state == FactorState.PENDING.value
    challenge = crypto.as_code(secrets.token_bytes(32), CHALLENGE_LETTERS)
    kept = {"code_key_sealed": device_codes.sealed_key(key), "approval_key": approval_key, "nonce": challenge}
    if not _change(
        *pending, **kept, state=FactorState.SCANNED.value, token_hash=None, server_key_sealed=None
    ):
        raise _refused()
    db.session.commit()
    return device


def _take(network: str) -> None:
    ledger.take(rates.PHONE_ENROLMENTS_PER_NETWORK, network)


def _refused(word: str = "refused", tries_left: int | None = None) -> PhoneRefused:
    db.session.commit()  # what was counted stays counted
    return PhoneRefused(word, tries_left)


def _scanned(device_id: int, signed: str, signature: str) -> MobileDevice:
    device = db.session.get(MobileDevice, device_id)
    if not device_codes.has_signed(device, signed, signature):
        raise _refused()
    if progress_of(device) == FactorState.DROPPED:
        raise _refused("dropped")
    return device


def show_pin(device_id: int, code: str, signature: str, *, network: str) -> str:
    """The answer to the challenge with the PIN typed on the telephone; returns the nonce to accept with.

    The fifth wrong PIN drops the enrolment. Raises PhoneRefused."""
    _take(network)
    device = _scanned(device_id, f"pin {device_id} {code}", signature)
    waiting = (
        MobileDevice.id == device.id,
        MobileDevice.nonce == device.nonce,
        MobileDevice.expires_at > clock.now(),
    )
    scanned = *waiting, MobileDevice.state == FactorState.SCANNED.value, MobileDevice.pin_failures < PIN_TRIES
    tried: dict[str, object] = {"pin_failures": MobileDevice.pin_failures + 1}
    if progress_of(device) != FactorState.SCANNED or not _change(*scanned, **tried):
        raise _refused()
    if device_codes.is_right(device, device.nonce, code):
        nonce = crypto.random_token()[:22]
        if not _change(*waiting, nonce=TO_ACCEPT + nonce, pin_failures=0):
            raise _refused()
        db.session.commit()
        return nonce
    trail.record(factor_events.FactorRejected(device.account_id, Method.APP_PIN.value, device.id))
    left = PIN_TRIES - device.pin_failures
    if left <= 0:
        _drop(MobileDevice.id == device.id)
    raise _refused("pin", left) if left > 0 else _refused("dropped")


def accept(device_id: int, signature: str, *, network: str) -> None:
    """The person tapped «accept»: the telephone is a factor now. Raises PhoneRefused."""
    _take(network)
    device = db.session.get(MobileDevice, device_id)
    nonce = (device.nonce if device else "").removeprefix(TO_ACCEPT)
    device = _scanned(device_id, f"accept {device_id} {nonce}", signature)
    account = factors.locked_account(device.account_id)
    now = _beginner(device)
    try:
        authorise(now, Action.FACTOR_CONFIRM, OwnAccount(account.id))
        _check_room(account.id, device.name)
    except (Refused, NameTaken, TooManyDevices):
        raise _refused() from None
    confirmed = MobileDevice.id == device.id, MobileDevice.nonce == TO_ACCEPT + nonce
    ripe = MobileDevice.state == FactorState.SCANNED.value, MobileDevice.expires_at > clock.now()
    mark = "" if now.has_factor else FIRST
    active = {"state": FactorState.ACTIVE.value, "nonce": mark, "added_at": clock.now()}
    if not _change(*confirmed, *ripe, **active):
        raise _refused()
    trail.record(factor_events.FactorAdded(account.id, KIND, device.id, not now.has_factor), now)
    factors.tell(account, security_notices.DeviceAddedNotice, device.name)
    db.session.commit()


def _beginner(device: MobileDevice) -> Actor:
    """The person in the browser that began, as the rules see them now; raises PhoneRefused where that session ended."""
    living = (row for row in queries.open_sign_ins(device.account_id) if row.id == device.sign_in_id)
    row: SignIn | None = next(living, None)
    if row is None:
        raise _refused()
    return Actor(
        account_id=row.account_id,
        session_id=row.id,
        assurance=Assurance(row.assurance or Assurance.PASSWORD),
        method=Method(row.method),
        second_factor_at=row.second_factor_at,
        has_factor=queries.has_factor(row.account_id),
    )


def finish(device_id: int, actor: Actor) -> str | None:
    """«Continue» on the computer once it is active; returns the session's new token where it was the first factor.

    It cannot be set from the telephone, because the token lies in this browser's cookie."""
    authorise(actor, Action.ACCOUNT_READ, OwnAccount(actor.account_id))
    device = begun(device_id, actor)
    waits = MobileDevice.state == FactorState.ACTIVE.value, MobileDevice.nonce == FIRST
    is_first = _change(MobileDevice.id == device.id, *waits, nonce="")
    token = sign_in.first_factor_added(actor.session_id) if is_first else None
    db.session.commit()
    return token


def cancel(device_id: int, actor: Actor) -> None:
    """«Cancel» on the computer: the QR code is worth nothing, nothing was added."""
    authorise(actor, Action.FACTOR_CONFIRM, OwnAccount(actor.account_id))
    _drop(MobileDevice.id == begun(device_id, actor).id)
    db.session.commit()


def own(device_id: int, actor: Actor) -> MobileDevice:
    """A telephone of the own account, working or stopped; raises NotThere."""
    device = next((one for one in queries.devices_of(actor.account_id) if one.id == device_id), None)
    if device is None:
        raise NotThere
    return device


def rename(device_id: int, name: str, actor: Actor) -> None:
    """Another name for it, sixty characters at most; raises NameTaken."""
    authorise(actor, Action.FACTOR_RENAME, OwnAccount(actor.account_id))
    device = own(device_id, actor)
    _check_room(actor.account_id, name, but=device.id)
    device.name = name
    trail.record(factor_events.FactorRenamed(actor.account_id, KIND, device.id), actor)
    db.session.commit()


def remove(device_id: int, actor: Actor) -> None:
    """It is no factor any more; never the last one of a person who holds a role. Raises NotThere, LastFactor."""
    authorise(actor, Action.FACTOR_REMOVE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    device = own(device_id, actor)
    if device.state == FactorState.ACTIVE:
        factors.check_may_go(actor)
    db.session.execute(delete(MobileDevice).where(MobileDevice.id == device.id))
    trail.record(factor_events.FactorRemoved(account.id, KIND, device.id), actor)
    factors.tell(account, security_notices.DeviceRemovedNotice, device.name)
    db.session.commit()
