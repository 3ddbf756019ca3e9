"""Telephones with the phone app: two devices and a PIN make one a factor; each step once, in time, by its own keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock, crypto
from portal.access.authorise import Refused, StepUpNeeded
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import device_codes, devices, queries, sign_in
from portal.identity.device_codes import PhoneRefused
from portal.identity.factor_models import MobileDevice
from portal.identity.factors import LastFactor, NotThere
from portal.identity.models import Account, SignIn
from portal.identity.states import DEVICES_AT_MOST, EndReason
from portal.limits import rates
from portal.limits.ledger import TooMany
from tests.makers.identity import a_sign_in, a_telephone, a_user, a_user_with_telephone
from tests.makers.mail import link_to, messages_to
from tests.makers.phones import HOME, OTHER_PIN, PIN, Phone, a_phone, acting, confirmed, scanned


def events(name: str) -> list[AuditEvent]:
    """The events of that name."""
    return db.session.query(AuditEvent).filter_by(name=name).all()


def refusal(*arguments: object, of: object, **more: object) -> PhoneRefused:
    """What a call of the app is refused with."""
    with pytest.raises(PhoneRefused) as refused:
        of(*arguments, network=HOME, **more)  # type: ignore[operator]
    return refused.value


def begun(account: Account | None = None, name: str = "Duty phone") -> MobileDevice:
    """A telephone being added by a person who has another factor."""
    return devices.begin(name, PIN, acting(account or a_user_with_telephone()))


def signed_code(phone: Phone, device: MobileDevice, pin: str) -> tuple[int, str, str]:
    """The arguments of the call that shows the PIN."""
    code = phone.code(device.nonce, pin)
    return device.id, code, phone.sign(f"pin {device.id} {code}")


def test_nothing_secret_of_an_enrolment_lies_in_the_database(app: Flask) -> None:
    device = begun()
    token, server_key = devices.qr_text(device).rsplit(":", 2)[1:]
    row = db.session.get_one(MobileDevice, device.id)
    kept = " ".join(str(value) for value in vars(row).values())
    assert token not in kept
    assert server_key not in kept
    assert crypto.unseal("pin", row.pin_sealed) == PIN
    assert len(row.token_hash or "") == 64


def test_the_qr_code_names_the_app_and_opens_nothing_in_an_ordinary_reader(app: Flask) -> None:
    text = devices.qr_text(begun())
    assert text.startswith("TRACES-APP:E1:localhost:5000:")
    assert "://" not in text
    token, server_key = text.rsplit(":", 2)[1:]
    assert (len(token), len(server_key)) == (22, 87)


def test_scan_pin_and_acceptance_make_it_a_factor(app: Flask) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    device = begun(account)
    assert devices.progress_of(device) == "pending"
    phone = scanned(device)
    assert devices.progress_of(device) == "scanned"
    assert device.server_key_sealed is None
    nonce = devices.show_pin(*signed_code(phone, device, PIN), network=HOME)
    assert devices.progress_of(device) == "confirmed"
    assert queries.factor_count(account.id) == 1
    devices.accept(device.id, phone.sign(f"accept {device.id} {nonce}"), network=HOME)
    assert devices.progress_of(device) == "active"
    assert queries.factor_count(account.id) == 2
    assert events("FactorAdded")[0].actor_account_id == account.id
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile device was added"
    assert "/not-me/" in link_to("camille@agri.example")


def test_a_qr_code_is_good_once(app: Flask) -> None:
    device = begun()
    token = Phone().read(devices.qr_text(device))
    devices.scan(token, **Phone().keys(), showing=None, network=HOME)
    assert refusal(token, *Phone().keys().values(), of=devices.scan, showing=None).word == "refused"


def test_the_browser_that_shows_the_qr_code_cannot_be_the_telephone(app: Flask) -> None:
    device = begun()
    token, keys = Phone().read(devices.qr_text(device)), Phone().keys().values()
    assert refusal(token, *keys, of=devices.scan, showing=device.sign_in_id).word == "same-browser"
    assert devices.progress_of(device) == "pending"


@pytest.mark.parametrize("step", ["scan", "pin", "accept"])
def test_ten_minutes_after_it_was_begun_no_step_is_taken(app: Flask, step: str) -> None:
    device = begun()
    token = Phone().read(devices.qr_text(device))
    phone, nonce = confirmed(device) if step == "accept" else (Phone(), "")
    if step == "pin":
        phone = scanned(device)
    clock.advance(timedelta(minutes=10, seconds=1))
    if step == "scan":
        refused = refusal(token, *phone.keys().values(), of=devices.scan, showing=None)
    elif step == "pin":
        refused = refusal(*signed_code(phone, device, PIN), of=devices.show_pin)
    else:
        refused = refusal(device.id, phone.sign(f"accept {device.id} {nonce}"), of=devices.accept)
    assert refused.word == "refused"
    assert devices.progress_of(device) == "expired"


def test_the_fifth_wrong_pin_drops_the_enrolment(app: Flask) -> None:
    device = begun()
    phone = scanned(device)
    told = [refusal(*signed_code(phone, device, OTHER_PIN), of=devices.show_pin) for _try in range(5)]
    assert [(one.word, one.tries_left) for one in told] == [
        ("pin", 4), ("pin", 3), ("pin", 2), ("pin", 1), ("dropped", None),
    ]  # fmt: skip
    assert refusal(*signed_code(phone, device, PIN), of=devices.show_pin).word == "dropped"
    assert devices.progress_of(device) == "dropped"


def test_a_step_signed_by_another_telephone_is_refused_and_costs_no_try(app: Flask) -> None:
    device = begun()
    phone, stranger = scanned(device), Phone()
    stranger.code_key = phone.code_key
    assert refusal(*signed_code(stranger, device, PIN), of=devices.show_pin).word == "refused"
    assert device.pin_failures == 0
    nonce = devices.show_pin(*signed_code(phone, device, PIN), network=HOME)
    foreign = stranger.sign(f"accept {device.id} {nonce}")
    assert refusal(device.id, foreign, of=devices.accept).word == "refused"


def test_without_the_pin_nothing_is_accepted(app: Flask) -> None:
    device = begun()
    phone = scanned(device)
    early = phone.sign(f"accept {device.id} {device.nonce}")
    assert refusal(device.id, early, of=devices.accept).word == "refused"
    assert devices.progress_of(device) == "scanned"


def test_a_new_enrolment_kills_the_qr_code_of_the_earlier_one(app: Flask) -> None:
    actor = acting(a_user_with_telephone())
    token = Phone().read(devices.qr_text(devices.begin("Old", PIN, actor)))
    devices.begin("New", PIN, actor)
    assert refusal(token, *Phone().keys().values(), of=devices.scan, showing=None).word == "refused"


def test_a_cancelled_enrolment_takes_no_telephone(app: Flask) -> None:
    actor = acting(a_user_with_telephone())
    device = devices.begin("Duty phone", PIN, actor)
    token = Phone().read(devices.qr_text(device))
    devices.cancel(device.id, actor)
    assert refusal(token, *Phone().keys().values(), of=devices.scan, showing=None).word == "refused"


def test_a_first_telephone_waits_no_more_where_another_factor_was_added_meanwhile(app: Flask) -> None:
    account = a_user()
    device = devices.begin("Mine", PIN, acting(account, second_factor=False, has_factor=False))
    phone, nonce = confirmed(device)
    a_telephone(account)
    assert refusal(device.id, phone.sign(f"accept {device.id} {nonce}"), of=devices.accept).word == "refused"


def test_an_enrolment_ends_with_the_session_that_began_it(app: Flask) -> None:
    account = a_user_with_telephone()
    device = begun(account)
    phone, nonce = confirmed(device)
    sign_in.end(db.session.get_one(SignIn, device.sign_in_id), EndReason.ENDED_BY_OWNER)
    db.session.commit()
    assert refusal(device.id, phone.sign(f"accept {device.id} {nonce}"), of=devices.accept).word == "refused"


def test_a_first_telephone_counts_as_shown_only_when_the_computer_continues(app: Flask) -> None:
    account = a_user()
    actor = acting(account, second_factor=False, has_factor=False)
    phone = a_phone(account, actor=actor)
    row = db.session.get_one(SignIn, actor.session_id)
    assert row.second_factor_at is None
    old = row.token_hash
    assert devices.finish(phone.device, actor)
    assert row.second_factor_at is not None
    assert row.token_hash != old
    assert devices.finish(phone.device, actor) is None


def test_another_session_cannot_continue_in_place_of_the_one_that_began(app: Flask) -> None:
    account = a_user()
    phone = a_phone(account, actor=acting(account, second_factor=False, has_factor=False))
    with pytest.raises(NotThere):
        devices.finish(phone.device, acting(account, second_factor=False))


def test_a_second_telephone_gives_no_new_token(app: Flask) -> None:
    account = a_user_with_telephone()
    actor = acting(account)
    assert devices.finish(a_phone(account, actor=actor).device, actor) is None


def test_the_password_alone_adds_no_telephone_where_there_is_a_factor(app: Flask) -> None:
    with pytest.raises(StepUpNeeded):
        devices.begin("Duty phone", PIN, acting(a_user_with_telephone(), second_factor=False))


def test_a_first_telephone_of_a_person_with_a_role_needs_the_mailbox(app: Flask) -> None:
    actor = acting(a_user(), second_factor=False, has_factor=False)
    with pytest.raises(Refused):
        devices.begin("Duty phone", PIN, replace(actor, holds_role_anywhere=True))


def test_the_same_name_twice_and_a_sixth_telephone_are_refused(app: Flask) -> None:
    account = a_user_with_telephone()
    for number in range(DEVICES_AT_MOST - 1):
        a_phone(account, f"Phone {number}")
    with pytest.raises(devices.NameTaken):
        devices.begin("PHONE 1", PIN, acting(account))
    a_phone(account, "The fifth")
    with pytest.raises(devices.TooManyDevices):
        devices.begin("The sixth", PIN, acting(account))


def test_a_telephone_is_renamed_and_removed_with_a_mail(app: Flask) -> None:
    account = a_user_with_telephone(email="camille@agri.example")
    actor = acting(account)
    phone = a_phone(account, actor=actor)
    devices.rename(phone.device, "Another", actor)
    devices.remove(phone.device, actor)
    assert queries.devices_of(account.id) == []
    assert len(events("FactorRenamed")) == len(events("FactorRemoved")) == 1
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile device was deleted"


def test_the_last_factor_of_a_person_with_a_role_stays(app: Flask) -> None:
    account = a_user()
    phone = a_phone(account, actor=acting(account, second_factor=False, has_factor=False))
    with pytest.raises(LastFactor):
        devices.remove(phone.device, replace(acting(account), holds_role_anywhere=True))


def test_a_stranger_reaches_no_telephone(app: Flask) -> None:
    phone, stranger = a_phone(a_user_with_telephone()), acting(a_user_with_telephone())
    for act in (devices.begun, devices.own, devices.remove, devices.cancel, devices.finish):
        with pytest.raises(NotThere):
            act(phone.device, stranger)
    with pytest.raises(NotThere):
        devices.rename(phone.device, "Mine", stranger)


def test_a_stopped_telephone_opens_no_enrolment_by_password(app: Flask) -> None:
    account = a_user(email="camille@agri.example")
    phone = a_phone(account, actor=acting(account, second_factor=False, has_factor=False))
    device = db.session.get_one(MobileDevice, phone.device)
    left = [device_codes.count_wrong_pin(device) for _try in range(6)]
    db.session.commit()
    assert left == [4, 3, 2, 1, 0, 0]
    assert device.state == "stopped"
    assert len(events("FactorStopped")) == 1
    assert messages_to("camille@agri.example")[0].subject == "TRACES: a mobile device was stopped"
    assert queries.has_factor(account.id)
    assert queries.factor_count(account.id) == 0


def test_enrolments_from_one_network_are_limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(rates.PHONE_ENROLMENTS_PER_NETWORK, count=2)
    monkeypatch.setattr(rates, "PHONE_ENROLMENTS_PER_NETWORK", few)
    keys = Phone().keys().values()
    for _try in range(2):
        assert refusal("A" * 22, *keys, of=devices.scan, showing=None).word == "refused"
    with pytest.raises(TooMany):
        devices.scan("A" * 22, *keys, showing=None, network=HOME)


def test_a_key_off_the_curve_changes_nothing(app: Flask) -> None:
    device = begun()
    token, keys = Phone().read(devices.qr_text(device)), Phone().keys()
    for name in keys:
        with pytest.raises(devices.NotAKey):
            devices.scan(token, **{**keys, name: "A" * 87}, showing=None, network=HOME)
    assert devices.progress_of(device) == "pending"


def test_the_browser_of_another_person_may_be_the_telephone(app: Flask) -> None:
    row, _token = a_sign_in(a_user_with_telephone())
    device = begun()
    phone = Phone()
    token = phone.read(devices.qr_text(device))
    assert devices.scan(token, **phone.keys(), showing=row.id, network=HOME).id == device.id
