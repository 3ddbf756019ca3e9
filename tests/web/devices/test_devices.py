"""«Manage my mobile devices» (S4, D1 to D6): the form, the QR code, what the page says while the phone is used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.identity import devices
from portal.identity.factor_models import MobileDevice
from portal.identity.models import SignIn
from tests.makers.identity import a_telephone, a_user, a_user_with_telephone, sign_in_browser
from tests.makers.phones import HOME, PIN, Phone, a_phone, acting
from tests.page import Page, PageClient

ADD = "/account/devices/add"


def signed_in(client: PageClient) -> PageClient:
    """A person with a telephone number, in «My Account»."""
    return sign_in_browser(client, a_user_with_telephone())


def sent(client: PageClient, pin: str = PIN, again: str | None = None, name: str = "Duty phone") -> Page:
    """The form as the person filled it in."""
    fields = {"Your device name": name, "Your 4 digit PIN code": pin}
    fields["Confirm your PIN code"] = pin if again is None else again
    return client.get(ADD).press("Submit", by_label=fields)


def newest() -> MobileDevice:
    """The telephone begun last."""
    db.session.rollback()
    return db.session.query(MobileDevice).order_by(MobileDevice.id.desc()).first()  # type: ignore[return-value]


def on_the_phone(device: MobileDevice) -> tuple[Phone, str]:
    """The telephone scanned and was given the PIN."""
    phone = Phone()
    token = phone.read(devices.qr_text(device))
    phone.device = devices.scan(token, **phone.keys(), showing=None, network=HOME).id
    code = phone.code(device.nonce)
    nonce = devices.show_pin(device.id, code, phone.sign(f"pin {device.id} {code}"), network=HOME)
    return phone, nonce


def test_the_card_leads_to_the_form_with_the_words_of_the_source(visitor: PageClient) -> None:
    page = signed_in(visitor).get("/account").click("Manage my mobile devices")
    assert page.heading == "Manage my mobile devices"
    form = page.click("Add a mobile device")
    assert form.labels == ["Your device name", "Your 4 digit PIN code", "Confirm your PIN code"]
    assert form.has_button("Submit")


@pytest.mark.parametrize(
    "pin",
    ["123", "12345", "abcd", "١٢٧٤", "1234", "4321", "1212", "0000", "1999", "2024", "2580", "1402", "3112", "1221"],
)  # fmt: skip
def test_a_pin_of_another_form_or_easy_to_guess_is_refused(visitor: PageClient, pin: str) -> None:
    page = sent(signed_in(visitor), pin)
    assert page.status == 422
    assert any("PIN code" in error for error in page.errors)
    assert db.session.query(MobileDevice).count() == 0


def test_another_confirmation_is_refused(visitor: PageClient) -> None:
    page = sent(signed_in(visitor), PIN, "4072")
    assert page.errors == ["The two PIN codes are not the same."]


def test_the_pin_is_never_written_back_into_the_page(visitor: PageClient) -> None:
    page = sent(signed_in(visitor), "7302", "7303")
    assert "7302" not in page.response.get_data(as_text=True)


def test_the_qr_code_is_shown_to_its_owner_alone_and_stored_nowhere(visitor: PageClient, app: Flask) -> None:
    page = sent(signed_in(visitor))
    assert page.heading == "Scan the QR code with your phone"
    assert page.tree.xpath("//img[@class='qr' and @alt]/@src")[0].startswith("data:image/svg+xml")
    assert page.response.headers["Cache-Control"] == "no-store"
    other = signed_in(PageClient(app))
    assert other.get(f"/account/devices/{newest().id}/wait").status == 404
    assert other.get(f"/account/devices/{newest().id}/state").status == 404


def test_the_page_says_at_each_step_what_to_do_on_the_phone(visitor: PageClient) -> None:
    page = sent(signed_in(visitor))
    wait = page.path
    device = newest()
    phone = Phone()
    token = phone.read(devices.qr_text(device))
    phone.device = devices.scan(token, **phone.keys(), showing=None, network=HOME).id
    scanned = visitor.get(wait)
    assert scanned.heading == "Type your PIN code on the phone"
    assert not scanned.tree.xpath("//img[@class='qr']")
    device = newest()
    code = phone.code(device.nonce)
    nonce = devices.show_pin(device.id, code, phone.sign(f"pin {device.id} {code}"), network=HOME)
    assert visitor.get(wait).heading == "Accept on the phone"
    accepted = phone.sign(f"accept {phone.device} {nonce}")
    devices.accept(phone.device, accepted, network=HOME)
    active = visitor.get(wait)
    assert active.heading == "The mobile device is active"
    assert "The mobile device is on your account." in active.press("Continue").text


def test_the_state_is_one_word_and_asking_it_is_no_activity(visitor: PageClient) -> None:
    wait = sent(signed_in(visitor)).path
    seen = db.session.query(SignIn).one().last_seen_at
    clock.advance(timedelta(minutes=5))
    state = visitor.get(wait.replace("/wait", "/state"))
    assert state.response.json == {"state": "pending"}
    visitor.get(wait)
    db.session.rollback()
    assert db.session.query(SignIn).one().last_seen_at == seen


def test_the_waiting_page_works_without_script(visitor: PageClient) -> None:
    page = sent(signed_in(visitor))
    assert page.tree.xpath("//noscript/meta[@http-equiv='refresh']/@content") == ["5"]
    assert page.click("Refresh").heading == "Scan the QR code with your phone"


def test_an_enrolment_that_ran_out_or_was_cancelled_says_how_to_begin_again(visitor: PageClient) -> None:
    page = sent(signed_in(visitor))
    wait = page.path
    assert "The mobile device was not added." in page.press("Cancel").text
    assert visitor.get(wait).status == 410
    late = sent(visitor).path
    clock.advance(timedelta(minutes=11))
    ended = visitor.get(late)
    assert (ended.status, ended.heading) == (410, "This attempt has ended")
    assert ended.click("Begin again").heading == "Add a mobile device"


def test_a_first_device_opens_the_account_after_continue(visitor: PageClient) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    page = sent(visitor)
    phone, nonce = on_the_phone(newest())
    devices.accept(phone.device, phone.sign(f"accept {phone.device} {nonce}"), network=HOME)
    before = visitor.cookie["sign_in"]
    done = visitor.get(page.path).press("Continue")
    assert done.heading == "Manage my mobile devices"
    assert visitor.cookie["sign_in"] != before
    assert "Duty phone" in done.text


def test_a_device_is_renamed_and_deleted_after_a_confirmation(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    a_phone(account, "Old name")
    page = sign_in_browser(visitor, account).get("/account/devices")
    assert "Works" in page.text
    renamed = page.click("Rename").press("Save", by_label={"Your device name": "New name"})
    assert "New name" in renamed.text
    gone = renamed.click("Delete").press("Delete")
    assert "The mobile device is no longer on your account." in gone.text
    assert "New name" not in gone.text


def test_the_same_name_twice_is_told_at_the_field(visitor: PageClient) -> None:
    account = a_user_with_telephone()
    a_phone(account, "Duty phone")
    page = sent(sign_in_browser(visitor, account))
    assert page.status == 422
    assert "A device of this name is on your account." in page.errors[0]


def test_the_last_factor_of_a_person_with_a_role_stays(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = a_user()
    phone = a_phone(account, actor=acting(account, second_factor=False, has_factor=False))
    monkeypatch.setattr("portal.roles.queries.holds_role_anywhere", lambda _account_id: True)
    page = sign_in_browser(visitor, account).get(f"/account/devices/{phone.device}/remove").press("Delete")
    assert (page.status, page.heading) == (403, "This is your last second factor")
    assert db.session.query(MobileDevice).count() == 1


def test_the_first_device_of_a_person_with_a_role_needs_the_mailbox(
    visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.roles.queries.holds_role_anywhere", lambda _account_id: True)
    page = sign_in_browser(visitor, a_user(), second_factor=False).get(ADD)
    assert page.status == 403
    assert "mailbox" in page.text


@pytest.mark.parametrize("path", ["rename", "remove", "wait", "state"])
def test_what_belongs_to_another_person_is_not_there(visitor: PageClient, path: str) -> None:
    phone = a_phone(a_user_with_telephone())
    assert signed_in(visitor).get(f"/account/devices/{phone.device}/{path}").status == 404


def test_the_password_alone_is_sent_to_the_second_factor(visitor: PageClient) -> None:
    account = a_user()
    a_telephone(account)
    page = sign_in_browser(visitor, account, second_factor=False).get(ADD)
    assert page.heading == "Confirm with a second factor"
