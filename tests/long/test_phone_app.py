"""Guesses at the phone app's codes at the same moment: no more of them are compared than one after another."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.states import CODE_TRIES, PIN_TRIES
from portal.vocabulary import Method
from tests.long.place import Place, send_at_once
from tests.long.scenes_of_phones import FORM_ON, App, begun, challenge_of, half_signed_in
from tests.makers.identity import a_user_with_telephone
from tests.makers.phones import OTHER_PIN, answer_to, scanned

pytestmark = pytest.mark.long


def test_of_twenty_wrong_codes_at_once_five_are_compared(place: Place) -> None:
    with place.inside():
        browser, phone, row = half_signed_in(place, Method.APP_QR)
        challenge = challenge_of(row, Method.APP_QR)
        number, wrong = challenge.id, phone.code(challenge.nonce, OTHER_PIN)

    send_at_once(browser, "/sign-in/app", {"code": wrong})

    with place.inside():
        assert db.session.get_one(FactorChallenge, number).tries == CODE_TRIES
        device = db.session.get_one(MobileDevice, phone.device)
        assert (device.state, device.pin_failures) == ("stopped", PIN_TRIES)
    assert place.events("FactorStopped") >= 1


def test_twenty_wrong_pins_at_once_stop_the_telephone_once(place: Place) -> None:
    with place.inside():
        _browser, phone, row = half_signed_in(place, Method.APP_PIN)
        request = challenge_of(row, Method.APP_PIN)
        given = answer_to(phone, request, pin=OTHER_PIN)
        path = f"/app/api/requests/{request.id}/answer"
    before = place.events("FactorStopped")
    fields = {"device": phone.device, "answer": "approve", "number": given.number, "code": given.code,
              "signature": given.signature}  # fmt: skip

    answers = send_at_once(App(place.server.port), path, fields, form_on=FORM_ON)

    assert sum(b'"pin"' in answer.body for answer in answers) == PIN_TRIES - 1
    assert place.events("FactorStopped") == before + 1


def test_twenty_wrong_pins_at_once_drop_the_enrolment(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
        place.browser_of(person)
        device = begun(person)
        phone = scanned(device)
        code = phone.code(device.nonce, OTHER_PIN)
        number, signature = device.id, phone.sign(f"pin {device.id} {code}")
    fields = {"device": number, "code": code, "signature": signature}

    answers = send_at_once(App(place.server.port), "/app/api/enrol/pin", fields, form_on=FORM_ON)

    assert sum(b'"pin"' in answer.body for answer in answers) == PIN_TRIES - 1
    with place.inside():
        assert db.session.get_one(MobileDevice, number).state == "dropped"
