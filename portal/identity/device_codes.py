"""What the phone app shows: its code is checked against key and PIN; wrong PINs are counted and stop the telephone."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TypeGuard
from urllib.parse import urlsplit

from sqlalchemy import update

from portal import clock, config, crypto
from portal.adapters import ocra, phone_keys
from portal.audit import factor_events, trail
from portal.database import db, rows_changed
from portal.identity import factors, queries
from portal.identity.factor_models import MobileDevice
from portal.identity.models import Account
from portal.identity.states import DEVICES_AT_MOST, PIN_TRIES, FactorState
from portal.messages import security_notices

KIND = "device"
PIN_DIGITS = 4
WRONG_PINS = "wrong-pins"
COMMON_PINS = frozenset(
    {"2580", "0852", "1357", "2468", "1379", "7913", "1590", "3690", "1470", "5683", "7410"}
)
"""Patterns of the keys of a telephone, and words they spell, that are neither repeats nor runs."""


class PhoneRefused(Exception):
    """A call of the phone app that changes nothing it asked for; `word` is the answer's, see docs/phone-app.md."""

    def __init__(self, word: str, tries_left: int | None = None) -> None:
        super().__init__(word)
        self.word, self.tries_left = word, tries_left


def is_weak(pin: str) -> bool:
    """Whether a PIN is among the first that anybody tries: repeats, runs, years, days, patterns of the keys."""
    pairs = pin[:2], pin[2:]
    steps = {int(after) - int(before) for before, after in zip(pin, pin[1:], strict=False)}
    is_pattern = len(set(pin)) <= 2 or pairs[0] == pairs[1] or pin == pin[::-1] or pin in COMMON_PINS
    is_day = any(0 < int(day) <= 31 and 0 < int(month) <= 12 for day, month in (pairs, pairs[::-1]))
    return is_pattern or len(steps) == 1 or pairs[0] in ("19", "20") or is_day


def app_address() -> str:
    """What people type on the telephone to open the app."""
    return f"{config.current().app_url}/app/"


def app_host() -> str:
    """Host and port of the app's address, as the QR codes name it."""
    return urlsplit(config.current().app_url).netloc


def has_signed(device: MobileDevice | None, text: str, signature: str) -> TypeGuard[MobileDevice]:
    """Whether there is such a telephone and it signed the text; `TRACES-APP ` stands before every text."""
    if device is None or device.approval_key is None:
        return False
    return phone_keys.has_signed(device.approval_key, f"TRACES-APP {text}", signature)


def sealed_key(key: bytes) -> str:
    """The code key as it is kept."""
    return crypto.seal("phone code key", crypto.as_address_part(key))


def _key_of(device: MobileDevice) -> bytes:
    text = crypto.unseal("phone code key", device.code_key_sealed or "")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_right(device: MobileDevice, question: str, code: str) -> bool:
    """Whether the eight digits are what that telephone answers with the right PIN."""
    pin = crypto.unseal("pin", device.pin_sealed)
    return crypto.same(ocra.answer(ocra.PHONE_SUITE, _key_of(device), question, pin=pin), code)


def working_devices(account_id: int) -> list[MobileDevice]:
    """The telephones of an account that may answer."""
    return [one for one in queries.devices_of(account_id) if one.state == FactorState.ACTIVE]


def answering_device(account_id: int, question: str, code: str) -> MobileDevice | None:
    """The telephone whose answer this is. A code made with a wrong PIN is recognised and counted against its telephone.

    The work is the same for every account. Commits nothing."""
    devices = working_devices(account_id)
    right = [one for one in devices if is_right(one, question, code)]
    if right:
        return right[0]
    for one in devices:
        if _is_of_another_pin(_key_of(one), question, code):
            count_wrong_pin(one)
    for _place in range(len(devices), DEVICES_AT_MOST):
        _is_of_another_pin(b"nobody's telephone", question, code)
    return None


def _is_of_another_pin(key: bytes, question: str, code: str) -> bool:
    return code in ocra.answers_for_pins(ocra.PHONE_SUITE, key, question, _hashed_pins())


@cache
def _hashed_pins() -> tuple[bytes, ...]:
    pins = (f"{number:0{PIN_DIGITS}}" for number in range(10**PIN_DIGITS))
    return tuple(hashlib.sha256(pin.encode()).digest() for pin in pins)


def count_wrong_pin(device: MobileDevice) -> int:
    """One wrong PIN more; returns how many tries are left. The fifth stops the telephone, which is told by mail.

    Commits nothing."""
    own = MobileDevice.id == device.id, MobileDevice.state == FactorState.ACTIVE
    failures = MobileDevice.pin_failures + 1
    counted = (
        update(MobileDevice).where(*own).values(pin_failures=failures).returning(MobileDevice.pin_failures)
    )
    count = db.session.scalar(counted.execution_options(synchronize_session=False)) or PIN_TRIES
    db.session.expire(device)
    if count >= PIN_TRIES:
        _stop(device)
    return max(0, PIN_TRIES - count)


def _stop(device: MobileDevice) -> None:
    own = MobileDevice.id == device.id, MobileDevice.state == FactorState.ACTIVE
    stopped = update(MobileDevice).where(*own).values(state=FactorState.STOPPED.value)
    if rows_changed(db.session.execute(stopped.execution_options(synchronize_session=False))) == 0:
        return
    db.session.expire(device)
    trail.record(factor_events.FactorStopped(device.account_id, KIND, device.id, WRONG_PINS))
    account = db.session.get_one(Account, device.account_id)
    factors.tell(account, security_notices.DeviceStoppedNotice, device.name)


def note_use(device: MobileDevice) -> None:
    """The telephone was right: its wrong PINs are forgotten. Commits nothing."""
    own = update(MobileDevice).where(MobileDevice.id == device.id)
    db.session.execute(own.values(last_used_at=clock.now(), pin_failures=0))
