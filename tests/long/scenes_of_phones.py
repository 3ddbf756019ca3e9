"""People who add and use the phone app, and the calls of the app itself, about to be sent twenty times."""

from __future__ import annotations

import http.client
import json
from typing import Any

from bench.visiting import Answer, Visitor
from portal import clock
from portal.database import db
from portal.identity import app_codes, approvals, devices
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import Account, SignIn
from portal.identity.states import APP_REQUESTS_AT_ONCE
from portal.vocabulary import Method
from tests.long.place import Place
from tests.long.scene import Scene, events_of, rows
from tests.makers.identity import a_user, a_user_with_telephone, an_actor
from tests.makers.phones import HOME, PIN, Phone, a_phone, answer_to, confirmed, scanned

PREFIX = "/account/devices"
FORM_ON = "/password/lost"


class App(Visitor):
    """The phone app: sends JSON and no cookie."""

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        """A call; the token of forms means nothing to it."""
        body = json.dumps({name: value for name, value in fields.items() if name != "csrf_token"})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, body, {"Content-Type": "application/json", "Connection": "close"})
        response = connection.getresponse()
        answer = Answer(response.status, response.msg, response.read())
        connection.close()
        return answer

    def twin(self) -> App:
        """Another window of the same app."""
        return App(self.port)


def newest_sign_in(account: Account) -> SignIn:
    """The newest sign-in of the person."""
    row = db.session.query(SignIn).filter_by(account_id=account.id).order_by(SignIn.id.desc()).first()
    assert row is not None
    return row


def begun(account: Account) -> MobileDevice:
    """A telephone being added in the newest browser of the person."""
    return devices.begin("Duty phone", PIN, an_actor(account.id, session_id=newest_sign_in(account).id))


def half_signed_in(place: Place, method: Method) -> tuple[Visitor, Phone, SignIn]:
    """A browser that gave the right password, the person's telephone, and the sign-in."""
    person = a_user_with_telephone()
    phone = a_phone(person)
    browser = place.browser_of(person)
    row = newest_sign_in(person)
    row.state, row.method = "half", method.value
    db.session.commit()
    app_codes.ask(row, method)
    return browser, phone, row


def challenge_of(row: SignIn, method: Method) -> FactorChallenge:
    """The challenge of that browser."""
    found = app_codes.challenge_of(row, method)
    assert found is not None
    return found


def signed_in(place: Place, row: SignIn) -> Any:
    """How often the sign-in was completed."""
    account_id = row.account_id
    return lambda: place.events("SignedIn", actor_account_id=account_id)


def add(place: Place) -> Scene:
    person = a_user_with_telephone()
    waiting = MobileDevice.account_id == person.id, MobileDevice.state == "pending"
    fields = {"name": "Duty phone", "pin": PIN, "pin_again": PIN}
    return Scene(place.browser_of(person), f"{PREFIX}/add", lambda: rows(MobileDevice, *waiting), fields)


def cancel(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser = place.browser_of(person)
    device = begun(person)
    dropped = MobileDevice.id == device.id, MobileDevice.state == "dropped"
    path = f"{PREFIX}/{device.id}"
    return Scene(browser, f"{path}/cancel", lambda: rows(MobileDevice, *dropped), form_on=f"{path}/wait")


def finish(place: Place) -> Scene:
    person = a_user()
    browser = place.browser_of(person, second_factor=False)
    row = newest_sign_in(person)
    actor = an_actor(person.id, second_factor=False, has_factor=False, session_id=row.id)
    phone = a_phone(person, actor=actor)
    shown = SignIn.id == row.id, SignIn.second_factor_at.is_not(None)
    path = f"{PREFIX}/{phone.device}"
    return Scene(browser, f"{path}/finish", lambda: rows(SignIn, *shown), form_on=f"{path}/wait")


def rename(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser, phone = place.browser_of(person), a_phone(person)
    named = MobileDevice.id == phone.device, MobileDevice.name == "Another"
    path = f"{PREFIX}/{phone.device}/rename"
    return Scene(browser, path, lambda: rows(MobileDevice, *named), {"name": "Another"})


def remove(place: Place) -> Scene:
    person = a_user_with_telephone()
    browser, phone = place.browser_of(person), a_phone(person)
    return Scene(browser, f"{PREFIX}/{phone.device}/remove", events_of(place, "FactorRemoved", person))


def code(place: Place) -> Scene:
    browser, phone, row = half_signed_in(place, Method.APP_QR)
    typed = phone.code(challenge_of(row, Method.APP_QR).nonce)
    return Scene(browser, "/sign-in/app", signed_in(place, row), {"code": typed})


def code_again(place: Place) -> Scene:
    browser, _phone, row = half_signed_in(place, Method.APP_QR)
    usable = FactorChallenge.sign_in_id == row.id, FactorChallenge.state == "open"
    path = "/sign-in/app"
    return Scene(browser, f"{path}/again", lambda: rows(FactorChallenge, *usable), form_on=path)


def approval(place: Place) -> Scene:
    browser, phone, row = half_signed_in(place, Method.APP_PIN)
    request = challenge_of(row, Method.APP_PIN)
    approvals.answer(request.id, answer_to(phone, request), network=HOME)
    return Scene(browser, "/sign-in/approval", signed_in(place, row))


def approval_again(place: Place) -> Scene:
    browser, _phone, row = half_signed_in(place, Method.APP_PIN)
    own, most = FactorChallenge.sign_in_id == row.id, APP_REQUESTS_AT_ONCE
    path = "/sign-in/approval"
    count = lambda: rows(FactorChallenge, own)  # noqa: E731
    return Scene(browser, f"{path}/again", count, form_on=path, least=most, most=most)


def _call(place: Place, path: str, state: tuple[Any, ...], fields: dict[str, Any]) -> Scene:
    app = App(place.server.port)
    return Scene(app, f"/app/api/{path}", lambda: rows(state[0], *state[1:]), fields, FORM_ON)


def enrol(place: Place) -> Scene:
    person = a_user_with_telephone()
    place.browser_of(person)
    device = begun(person)
    phone = Phone()
    fields = {"token": phone.read(devices.qr_text(device)), **phone.keys()}
    is_scanned = (
        MobileDevice,
        MobileDevice.id == device.id,
        MobileDevice.approval_key == fields["approval_key"],
    )
    return _call(place, "enrol", is_scanned, fields)


def enrol_pin(place: Place) -> Scene:
    person = a_user_with_telephone()
    place.browser_of(person)
    device = begun(person)
    phone = scanned(device)
    typed = phone.code(device.nonce)
    fields = {"device": device.id, "code": typed, "signature": phone.sign(f"pin {device.id} {typed}")}
    is_confirmed = MobileDevice, MobileDevice.id == device.id, MobileDevice.nonce.startswith("accept:")
    return _call(place, "enrol/pin", is_confirmed, fields)


def enrol_accept(place: Place) -> Scene:
    person = a_user_with_telephone()
    place.browser_of(person)
    device = begun(person)
    phone, nonce = confirmed(device)
    fields = {"device": device.id, "signature": phone.sign(f"accept {device.id} {nonce}")}
    account_id = person.id
    added = lambda: place.events("FactorAdded", actor_account_id=account_id)  # noqa: E731
    return Scene(App(place.server.port), "/app/api/enrol/accept", added, fields, FORM_ON)


def waiting(place: Place) -> Scene:
    _browser, phone, row = half_signed_in(place, Method.APP_PIN)
    at = int(clock.now().timestamp())
    fields = {"device": phone.device, "at": at, "signature": phone.sign(f"requests {phone.device} {at}")}
    untouched = FactorChallenge, FactorChallenge.sign_in_id == row.id, FactorChallenge.tries == 0
    return _call(place, "requests", untouched, fields)


def answer(place: Place) -> Scene:
    _browser, phone, row = half_signed_in(place, Method.APP_PIN)
    request = challenge_of(row, Method.APP_PIN)
    given = answer_to(phone, request)
    fields = {"device": phone.device, "answer": "approve", "number": given.number, "code": given.code,
              "signature": given.signature}  # fmt: skip
    approved = FactorChallenge, FactorChallenge.id == request.id, FactorChallenge.state == "approved"
    return _call(place, f"requests/{request.id}/answer", approved, fields)
